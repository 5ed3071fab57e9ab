import type {ChainRule, Evidence, NodeState, PolicyRule} from '../../model/index.js'
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
    case 1024:
      if (rule.not && rule.to !== null) return '≤ 1.2.1'
      return rule.fwmark === null ? null : '≥ 1.2'
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
