import {
  contains,
  formatAddress,
  formatMark,
  formatMasked,
  formatPortRange,
  formatPrefix,
  protocolName,
} from '../../net/index.js'
import {type PolicyRule, tableName} from '../../model/index.js'
import type {RouteQuery} from './lookup.js'
import {routedTos} from './routedTos.js'

/** A policy rule that was asked before the one that decided, and why it did not decide. */
export interface PassedRule {
  readonly rule: PolicyRule
  readonly why: string
  /** All that it asks holds but one thing. */
  readonly near: boolean
}

/** What a rule asks against what the packet has. */
export function missedRule(rule: PolicyRule, query: RouteQuery): PassedRule {
  const failed = [...failedSelectors(rule, query)]
  if (rule.not) return {rule, why: 'all that it excludes holds', near: countSelectors(rule) === 1}
  const open = 'what it asks of ports, users or unmodelled selectors does not hold'
  return {rule, why: failed[0] ?? open, near: failed.length <= 1}
}

/** A rule that matched, and whose table knows no way. */
export function emptyHandedRule(rule: PolicyRule, {destination}: RouteQuery): PassedRule {
  const table = rule.action.kind === 'lookup' ? `table ${tableName(rule.action.table)}` : rule.action.kind
  return {rule, why: `it matches, and ${table} has no route to ${formatAddress(destination)} for it`, near: false}
}

function* failedSelectors(rule: PolicyRule, query: RouteQuery): Generator<string> {
  const {iif, oif, fwmark, from, to, ipproto, dscp} = rule
  if (iif !== null && (iif.detached || iif.name !== query.inInterface))
    yield `in-interface ${query.inInterface} against ${iif.name}${iif.detached ? ', which is not there' : ''}`
  if (oif !== null && (oif.detached || oif.name !== query.outInterface))
    yield `out-interface ${query.outInterface ?? 'none'} against ${oif.name}`
  if (fwmark !== null && ((fwmark.value ^ query.mark) & fwmark.mask) !== 0)
    yield `mark ${formatMark(query.mark)} against ${formatMasked(fwmark)}`
  if (from !== null && !contains(from, query.source))
    yield `source ${formatAddress(query.source)} against ${formatPrefix(from)}`
  if (to !== null && !contains(to, query.destination))
    yield `destination ${formatAddress(query.destination)} against ${formatPrefix(to)}`
  if (rule.tos !== 0 && rule.tos !== routedTos(query))
    yield `TOS ${formatMark(query.tos)} against ${formatMark(rule.tos)}`
  if (dscp !== null && dscp !== query.tos >> 2) yield `DSCP ${query.tos >> 2} against ${dscp}`
  if (ipproto !== null && ipproto !== query.protocol)
    yield `protocol ${protocolName(query.protocol)} against ${protocolName(ipproto)}`
  yield* failedPorts(rule, query)
}

function* failedPorts({sport, dport}: PolicyRule, {sourcePort, destinationPort}: RouteQuery): Generator<string> {
  for (const [name, range, port] of [
    ['source', sport, sourcePort],
    ['destination', dport, destinationPort],
  ] as const) {
    if (range !== null && port !== null && (port < range.min || port > range.max))
      yield `${name} port ${port} against ${formatPortRange(range, '-')}`
  }
}

function countSelectors({
  iif,
  oif,
  fwmark,
  from,
  to,
  ipproto,
  dscp,
  sport,
  dport,
  uidRange,
  tos,
  unmodelled,
}: PolicyRule): number {
  const present = [iif, oif, fwmark, from, to, ipproto, dscp, sport, dport, uidRange].filter(part => part !== null)
  return present.length + (tos === 0 ? 0 : 1) + unmodelled.length
}
