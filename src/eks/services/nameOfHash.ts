import type {IptablesRuleset} from '../../model/index.js'
import {parseProtocol, protocolName} from '../../net/index.js'
import {serviceHash} from './chainHash.js'
import {serviceOfChain} from './serviceOfChain.js'
import type {ServiceName, ServicePort} from './servicePort.js'

/** Service ports that every cluster has. */
const EVERYWHERE: readonly (readonly [namespace: string, name: string, port: string, protocol: string])[] = [
  ['default', 'kubernetes', 'https', 'tcp'],
  ['kube-system', 'kube-dns', 'dns', 'udp'],
  ['kube-system', 'kube-dns', 'dns-tcp', 'tcp'],
  ['kube-system', 'kube-dns', 'metrics', 'tcp'],
]

let known: ReadonlyMap<string, ServiceName> | undefined

/** By their hash; made where one is asked for, since most captures name them. */
function everywhere(): ReadonlyMap<string, ServiceName> {
  known ??= new Map(
    EVERYWHERE.map(([namespace, name, port, protocol]) => {
      const fullName = `${namespace}/${name}:${port}`
      return [
        serviceHash(fullName, protocol),
        {namespace, name, port, fullName, protocol: parseProtocol(protocol) ?? 0},
      ] as const
    }),
  )
  return known
}

export interface HashName {
  readonly name: ServiceName
  readonly namedBy: Exclude<ServicePort['namedBy'], 'comment'>
}

/**
 * The service whose chains end in a hash, where no comment of the rules that lead there names it: by the comments within its own chains or as
 * one that every cluster has. Both count only where the hash of the name is that of the chain.
 */
export function nameOfHash(hash: string, protocol: number, {tables}: IptablesRuleset): HashName {
  const chains = tables.get('nat')?.chains
  for (const kind of ['SVC', 'SVL', 'XLB']) {
    const chain = chains?.get(`KUBE-${kind}-${hash}`)
    const name = chain === undefined ? null : serviceOfChain(chain)
    if (name !== null) return {name, namedBy: 'chain hash'}
  }
  const common = everywhere().get(hash)
  if (common !== undefined && protocolName(common.protocol) === protocolName(protocol)) {
    return {name: common, namedBy: 'chain hash'}
  }
  const fullName = `KUBE-SVC-${hash}`
  return {name: {namespace: '', name: fullName, port: null, fullName, protocol}, namedBy: 'nothing'}
}
