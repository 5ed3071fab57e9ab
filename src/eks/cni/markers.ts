import {
  type ChainRule,
  type Evidence,
  type NodeState,
  type PolicyRule,
  TABLE_LOCAL,
  TABLE_MAIN,
} from '../../model/index.js'
import {rulesOf} from '../rulesOf.js'

/** A trace that only some versions of the VPC CNI leave. */
export interface Marker {
  readonly versions: string
  readonly evidence: Evidence
}

/**
 * What tells CNI versions apart, with the versions whose source writes it. Each stands for itself: a node upgraded in place may hold
 * traces of two.
 */
export function* findMarkers(state: NodeState): Generator<Marker> {
  yield* ipamdMarkers(state)
  yield* nftMarkers(state)
  for (const rule of state.routing[4].rules ?? []) {
    const versions = versionsOfPolicyRule(rule)
    if (versions !== null) yield {versions, evidence: rule}
  }
  for (const rule of rulesOf(state, 'nat', 'POSTROUTING')) {
    if (rule.target.kind === 'snat' && rule.comment === 'AWS, SNAT') yield {versions: '1.0 – 1.2', evidence: rule}
    if (rule.comment === 'AWS SNAT CHAN') yield {versions: '1.3 – 1.5', evidence: rule}
    if (rule.comment === 'AWS SNAT CHAIN') yield {versions: '≥ 1.6', evidence: rule}
  }
  for (const rule of snatRules(state)) {
    if (rule.matches.some(match => match.kind === 'out-interface' && match.negated && match.name === 'vlan'))
      yield {versions: '≥ 1.7', evidence: rule}
    if (rule.target.kind === 'snat' && rule.target.flags.random) yield {versions: '≥ 1.4', evidence: rule}
  }
  for (const rule of rulesOf(state, 'filter', 'FORWARD')) {
    const family = /^Block Node Local Pod access via (IPv[46])$/.exec(rule.comment ?? '')?.[1]
    if (family !== undefined) yield {versions: family === 'IPv4' ? '≥ 1.10' : '≥ 1.13', evidence: rule}
  }
  for (const rule of rulesOf(state, 'nat', 'AWS-SNAT-CHAIN-0')) {
    if (rule.target.kind === 'return') yield {versions: '≥ 1.16.2', evidence: rule}
    if (rule.target.kind === 'jump') yield {versions: '1.3 – 1.16.1', evidence: rule}
  }
  for (const rule of rulesOf(state, 'nat', 'PREROUTING')) {
    if (rule.comment !== 'AWS, outbound connections') continue
    const asksState = rule.matches.some(({kind}) => kind === 'ct-state')
    yield {versions: asksState ? '1.8 – 1.12.0' : '≥ 1.12.1', evidence: rule}
  }
  for (const rule of rulesOf(state, 'nat', 'AWS-CONNMARK-CHAIN-0')) {
    yield {versions: rule.comment === 'AWS CONNMARK CHAIN' ? '≥ 1.23' : '≥ 1.8', evidence: rule}
  }
  for (const rule of rulesOf(state, 'mangle', 'PREROUTING')) {
    if (rule.comment === 'AWS, primary ENI')
      yield {versions: comesInBy(rule, 'vlan') ? '≥ 1.7' : '≥ 1.2', evidence: rule}
  }
}

/** The rules that translate; up to 1.16.1 in the last chain of a cascade. */
function* snatRules({iptables}: NodeState): Generator<ChainRule> {
  for (const {tables} of iptables) {
    for (const [name, chain] of tables.get('nat')?.chains ?? []) {
      if (name.startsWith('AWS-SNAT-CHAIN-')) yield* chain.rules.filter(({target}) => target.kind === 'snat')
    }
  }
}

function* nftMarkers({nft}: NodeState): Generator<Marker> {
  const table = nft?.tables.find(({family, name}) => family === 'ip' && name === 'aws-cni')
  if (table !== undefined) yield {versions: '≥ 1.23', evidence: table}
}

function* ipamdMarkers({ipamd}: NodeState): Generator<Marker> {
  if (ipamd === null) return
  if (ipamd.enisShape !== null && ipamd.enisSource !== null) {
    const [eni] = ipamd.enis ?? []
    yield {versions: ipamd.enisShape, evidence: eni ?? {source: ipamd.enisSource, text: ''}}
  }
  const [pod] = ipamd.pods ?? []
  if (pod !== undefined) yield {versions: '≤ 1.6', evidence: pod}
  const [allocation] = ipamd.checkpoint ?? []
  if (allocation !== undefined) yield {versions: allocation.pod === null ? '≥ 1.7' : '≥ 1.11', evidence: allocation}
  const services = ipamd.environment.get('AWS_EXTERNAL_SERVICE_CIDRS')
  if (services !== undefined) yield {versions: '≥ 1.12.6', evidence: services}
  const filter = ipamd.environment.get('AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER')
  if (filter !== undefined) yield {versions: '1.7 – 1.12.0', evidence: filter}
}

function versionsOfPolicyRule(rule: PolicyRule): string | null {
  const table = rule.action.kind === 'lookup' ? rule.action.table : null
  switch (rule.priority) {
    case 10:
      return rule.iif?.name.startsWith('vlan') === true ? '≥ 1.7' : null
    case 20:
      return table === TABLE_LOCAL ? '≥ 1.7' : null
    case 1024:
      if (rule.not && rule.to !== null) return '≤ 1.2.1'
      return rule.fwmark === null ? null : '≥ 1.2'
    case 1535:
      return rule.to !== null && table === TABLE_MAIN ? '≥ 1.12.6' : null
    case 1536:
      return rule.to === null ? null : '1.3 – 1.7'
    // networkd of AL2023 writes 32765 as well, with tables from 10000
    case 32765:
      return typeof table === 'number' && table < 10_000 && rule.from !== null ? '≥ 1.20' : null
    default:
      return null
  }
}

function comesInBy(rule: ChainRule, name: string): boolean {
  return rule.matches.some(match => match.kind === 'in-interface' && match.name === name)
}
