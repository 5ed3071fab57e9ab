import type {Address, Prefix} from '../net/index.js'
import type {Evidence, SourceRef} from './source.js'

/** An address that ipamd holds on an ENI. */
export interface IpamdAddress extends Evidence {
  readonly address: Address
  readonly assigned: boolean
  readonly pod: PodName | null
  readonly containerId: string | null
  readonly interfaceName: string | null
}

export interface PodName {
  readonly namespace: string
  readonly name: string
}

/** An ENI as ipamd knows it (`/v1/enis`). */
export interface IpamdEni extends Evidence {
  readonly id: string
  readonly networkCard: number
  readonly deviceNumber: number
  readonly primary: boolean
  readonly trunk: boolean
  readonly efa: boolean
  /** `RouteTableID`, ≥ v1.20.3. */
  readonly routeTable: number | null
  readonly subnetId: string | null
  readonly excludedForPods: boolean
  readonly addresses: readonly IpamdAddress[]
  /** Prefixes of prefix delegation (/28, /80); empty in secondary-IP mode. */
  readonly prefixes: readonly Prefix[]
}

/** A pod that ipamd gave an address to: `/v1/pods` (≤ v1.6) or the checkpoint (`ipam.json`). */
export interface IpamdPod extends Evidence {
  readonly address: Address
  readonly pod: PodName | null
  readonly containerId: string | null
  readonly interfaceName: string | null
  /** Nanoseconds since 1970, exact; null where absent. */
  readonly allocatedAt: bigint | null
  /** `/v1/pods` only: device number of the ENI. */
  readonly deviceNumber: number | null
}

/** All that ipamd says of itself in a capture. Null members: the document is absent. */
export interface IpamdState {
  readonly enis: readonly IpamdEni[] | null
  /** Which era's shape `/v1/enis` has: evidence for the CNI version. */
  readonly enisShape: string | null
  readonly enisSource: SourceRef | null
  readonly pods: readonly IpamdPod[] | null
  readonly checkpoint: readonly IpamdPod[] | null
  /** networkutils-env-settings and ipamd-env-settings, values as text. */
  readonly environment: ReadonlyMap<string, {readonly value: string; readonly source: SourceRef; readonly text: string}>
}
