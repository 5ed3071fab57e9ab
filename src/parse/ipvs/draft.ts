import type {Family} from '../../net/index.js'
import type {Evidence, IpvsDestination, IpvsMethod, IpvsPersistence} from '../../model/index.js'
import type {EndpointWords} from './endpoint.js'

/** What listed it. `proc`: the kernel's own file, in the kernel's order; `counters`: --stats, --rate and the like. */
export type IpvsForm = 'save' | 'list' | 'proc' | 'counters'

export type FrontendWords =
  | {readonly kind: 'address'; readonly protocol: number; readonly endpoint: EndpointWords}
  | {readonly kind: 'mark'; readonly mark: number}

export type DestinationDraft = Omit<IpvsDestination, 'number' | 'address' | 'port'> & {readonly endpoint: EndpointWords}

/** A service as one listing shows it. */
export interface ServiceDraft extends Evidence {
  readonly frontend: FrontendWords
  /** Null: its address is a name. */
  readonly family: Family | null
  readonly scheduler: string | null
  readonly schedulerFlags: ReadonlySet<string>
  readonly persistence: IpvsPersistence | null
  readonly onePacket: boolean
  readonly persistenceEngine: string | null
  readonly destinations: DestinationDraft[]
  unread: Evidence | null
}

/** One output of ipvsadm, or one file of /proc. */
export interface IpvsListing {
  readonly form: IpvsForm
  readonly services: ServiceDraft[]
  readonly unread: Evidence[]
}

/** What stands in a record where its line does not say. */
export const NO_OPTIONS: Pick<
  ServiceDraft,
  'scheduler' | 'schedulerFlags' | 'persistence' | 'onePacket' | 'persistenceEngine'
> = {
  scheduler: null,
  schedulerFlags: new Set(),
  persistence: null,
  onePacket: false,
  persistenceEngine: null,
}

export const NO_DETAILS: Omit<DestinationDraft, 'endpoint' | keyof Evidence> = {
  method: null,
  weight: null,
  tunnel: {type: 'ipip', port: 0},
  upperThreshold: 0,
  lowerThreshold: 0,
  active: null,
  inactive: null,
}

/** By the words of listings and the options of ipvsadm. */
export const METHODS: ReadonlyMap<string, IpvsMethod> = new Map<string, IpvsMethod>([
  ['Masq', 'masquerade'],
  ['Route', 'route'],
  ['Tunnel', 'tunnel'],
  ['Local', 'local'],
  ['-m', 'masquerade'],
  ['--masquerading', 'masquerade'],
  ['-g', 'route'],
  ['--gatewaying', 'route'],
  ['-i', 'tunnel'],
  ['--ipip', 'tunnel'],
])
