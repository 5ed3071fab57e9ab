import type {Address, Mac} from '../net/index.js'
import type {Evidence} from './source.js'

/** NUD states as `ip neigh` prints them. `arp` cannot tell all of them apart: COMPLETE is its word for any state with an address. */
export type NeighbourState =
  'PERMANENT' | 'REACHABLE' | 'STALE' | 'DELAY' | 'PROBE' | 'NOARP' | 'INCOMPLETE' | 'FAILED' | 'NONE' | 'COMPLETE'

export interface Neighbour extends Evidence {
  readonly address: Address
  /** Null in `proxy` listings without a device. */
  readonly interface: string | null
  readonly mac: Mac | null
  readonly state: NeighbourState
  readonly router: boolean
  /** A proxy entry: the node answers for this address. */
  readonly proxy: boolean
}
