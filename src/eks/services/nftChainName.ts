import {parseProtocol} from '../../net/index.js'
import type {ServiceName} from './servicePort.js'

export interface NftChainName extends ServiceName {
  readonly kind: 'service' | 'local' | 'external' | 'firewall' | 'endpoint'
  /** `10.0.1.61/8080`; null for chains that are no endpoint's. */
  readonly endpoint: string | null
}

// kind-HASH8-namespace/name/protocol/port[__address/port]; a name that is too long for nftables is cut and ends in ...
const NAME =
  /^(service|local|external|firewall|endpoint)-[A-Z2-7]{8}-([^/]+)\/([^/]+)\/(tcp|udp|sctp)\/([a-z0-9-]*)(?:__([^_]+))?$/

/** What the name of a chain of kube-proxy's nftables mode says; null for all other chains. */
export function parseNftChainName(chain: string): NftChainName | null {
  const [match, kind, namespace = '', name = '', protocol = '', port = '', endpoint = null] = NAME.exec(chain) ?? []
  const number = parseProtocol(protocol)
  if (match === undefined || number === null) return null
  return {
    kind: kind as NftChainName['kind'],
    namespace,
    name,
    port: port === '' ? null : port,
    fullName: port === '' ? `${namespace}/${name}` : `${namespace}/${name}:${port}`,
    protocol: number,
    endpoint,
  }
}

/** The same for all chains that are about one port of one service in one way. */
export function nftChainKey(kind: NftChainName['kind'], {fullName, protocol}: ServiceName): string {
  return `${kind} ${fullName} ${protocol}`
}
