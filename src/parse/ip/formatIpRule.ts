import {type PolicyRule, type RuleAction, type RuleInterface, tableName} from '../../model/index.js'
import {formatMasked, formatPortRange, formatPrefix, type Prefix, protocolName} from '../../net/index.js'
import {dscpName, tosName} from './dsfield.js'

/** A policy rule as iproute2 ≥ 6.11 lists it, `PRIORITY:⇥SELECTOR ACTION`: parseIpRule reads it back. */
export function formatIpRule(rule: PolicyRule): string {
  const {action} = rule
  const words = [
    rule.not ? 'not' : '',
    `from ${prefixText(rule.from)}`,
    option('to', rule.to, formatPrefix),
    rule.tos === 0 ? '' : `tos ${tosName(rule.tos)}`,
    option('fwmark', rule.fwmark, formatMasked),
    option('iif', rule.iif, interfaceText),
    option('oif', rule.oif, interfaceText),
    option('uidrange', rule.uidRange, ({min, max}) => `${min}-${max}`),
    option('ipproto', rule.ipproto, protocolName),
    option('sport', rule.sport, range => formatPortRange(range, '-')),
    option('dport', rule.dport, range => formatPortRange(range, '-')),
    ...rule.unmodelled,
    actionText(action),
    option('suppress_prefixlength', rule.suppressPrefixLength, String),
    option('suppress_ifgroup', rule.suppressGroup, String),
    option('proto', rule.protocol, String),
    option('dscp', rule.dscp, dscpName),
  ]
  return `${rule.priority}:\t${words.filter(word => word !== '').join(' ')}`
}

function option<T>(word: string, value: T | null, format: (value: T) => string): string {
  return value === null ? '' : `${word} ${format(value)}`
}

function prefixText(prefix: Prefix | null): string {
  return prefix === null ? 'all' : formatPrefix(prefix)
}

function interfaceText({name, detached}: RuleInterface): string {
  return detached ? `${name} [detached]` : name
}

function actionText(action: RuleAction): string {
  switch (action.kind) {
    case 'lookup':
      return `lookup ${tableName(action.table)}`
    case 'l3mdev':
      return 'lookup [l3mdev-table]'
    case 'goto':
      return `goto ${action.priority}${action.unresolved ? ' [unresolved]' : ''}`
    case 'nop':
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      return action.kind
  }
}
