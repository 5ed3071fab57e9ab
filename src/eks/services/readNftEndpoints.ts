import type {NftChain, NftElement, NftExpression, NftNat, NftPattern, NftRule, NftTable} from '../../model/index.js'
import type {Address} from '../../net/index.js'
import {nftChainKey} from './nftChainName.js'
import type {Endpoint, ServiceName, ServiceRules} from './servicePort.js'

/**
 * The endpoints of a service in nftables: `numgen random mod N` chooses among their chains (to 1.36), or among their addresses in the
 * chain of the service itself (from 1.37).
 */
export function readNftEndpoints(service: ServiceName, {table, chains}: NftRules, reach: 'all' | 'local'): Endpoint[] {
  const chain = chains.get(nftChainKey(reach === 'all' ? 'service' : 'local', service))
  const found = chain?.rules.flatMap(rule => choicesOf(rule, chain, table)) ?? []
  return found.map((endpoint, i) => ({...endpoint, number: i + 1, probability: 1 / found.length}))
}

type NftRules = Extract<ServiceRules, {kind: 'nftables'}>

type Choice = Omit<Endpoint, 'number' | 'probability'>

function choicesOf(rule: NftRule, chain: NftChain, table: NftTable): Choice[] {
  const choices: Choice[] = []
  for (const statement of rule.statements) {
    if (statement.kind === 'vmap' && statement.key[0]?.kind === 'numgen' && statement.set.kind === 'anonymous') {
      choices.push(...statement.set.elements.flatMap(element => endpointOfChain(element, table)))
    } else if (statement.kind === 'nat') choices.push(...endpointsOfNat(statement, rule, chain))
  }
  return choices
}

function endpointOfChain({verdict}: NftElement, table: NftTable): Choice[] {
  const chain = verdict?.kind === 'goto' || verdict?.kind === 'jump' ? table.chains.get(verdict.chain) : undefined
  return chain?.rules.flatMap(rule => choicesOf(rule, chain, table)) ?? []
}

/** `dnat to A:P`, or `dnat ip to numgen random mod 2 map { 0 : A . P, … }`. */
function endpointsOfNat({operation, address, ports}: NftNat, rule: NftRule, chain: NftChain): Choice[] {
  if (operation !== 'dnat' || address === null) return []
  if (address.kind === 'map' && address.set.kind === 'anonymous') {
    return address.set.elements.flatMap(({data}) => choice(data?.[0], data?.[1], rule, chain))
  }
  return choice(patternOf(address), ports === null ? undefined : patternOf(ports), rule, chain)
}

function choice(
  address: NftPattern | undefined,
  port: NftPattern | undefined,
  rule: NftRule,
  chain: NftChain,
): Choice[] {
  const value = numberOf(address)
  const number = numberOf(port)
  if (value === null) return []
  return [{address: value as Address, port: number === null ? null : Number(number), chain: chain.name, rule}]
}

function patternOf(expression: NftExpression): NftPattern | undefined {
  return expression.kind === 'literal' ? expression.pattern : undefined
}

function numberOf(pattern: NftPattern | undefined): number | bigint | null {
  if (pattern?.kind === 'value' && typeof pattern.value !== 'string') return pattern.value
  return pattern?.kind === 'range' && pattern.min === pattern.max ? pattern.min : null
}
