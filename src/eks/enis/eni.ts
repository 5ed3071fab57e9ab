import type {IpamdEni, TableId} from '../../model/index.js'
import type {Claim} from '../claim.js'

/** An elastic network interface of the node. */
export interface Eni {
  /** `eni-…`; null where only routes speak of it. */
  readonly id: string | null
  /** A trunk is a secondary ENI that carries branches, each a VLAN with a security group of its own. */
  readonly role: 'primary' | 'secondary' | 'trunk' | 'branch'
  readonly ipamd: IpamdEni | null
  /** Its network interface on the node. */
  readonly interface: Claim<string> | null
  /** The routing table of its pods. */
  readonly table: Claim<TableId> | null
  /** VLAN of a branch; null for all others. */
  readonly vlan: number | null
}
