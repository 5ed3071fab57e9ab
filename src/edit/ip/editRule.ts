import type {NodeState, PolicyRule} from '../../model/index.js'
import {type Family, type Prefix, samePrefix} from '../../net/index.js'
import {formatIpRule} from '../../parse/index.js'
import type {EditCommand, Edited} from '../command.js'
import {complete} from './editIp.js'
import {readRuleWords, type RuleWords} from './ruleWords.js'
import {withRouting} from './withRouting.js'

/** `ip rule add …`, `ip rule del …` */
export function editRule(state: NodeState, command: EditCommand, family: Family): Edited {
  const {rules} = state.routing[family]
  if (rules === null) {
    const listing = `ip ${family === 6 ? '-6 ' : ''}rule show`
    command.refuse(`the capture has no \`${listing}\`: what the rule would stand among is not known.`)
  }
  const action = complete(command, ['add', 'delete'], 'add or del')
  const words = readRuleWords(state, command, family)
  return action === 'add' ? addRule(state, command, rules, words) : deleteRule(state, command, rules, words)
}

function addRule(state: NodeState, command: EditCommand, rules: readonly PolicyRule[], words: RuleWords): Edited {
  const priority = words.priority ?? defaultPriority(rules)
  const rule = settle(state, rules, {...words.rule, priority})
  const twin = rules.find(other => other.text.trim() === rule.text.trim() || sameRule(other, rule))
  if (twin !== undefined) command.refuse(`the node has this rule already: ${twin.source.document}:${twin.source.line}.`)
  const after = rules.findIndex(other => other.priority > priority)
  const added = rules.toSpliced(after < 0 ? rules.length : after, 0, rule)
  return {state: withRouting(state, rule.family, {rules: resolveGotos(added)}), effect: 'added'}
}

/** fib_default_rule_pref: one before the second rule. */
function defaultPriority(rules: readonly PolicyRule[]): number {
  const second = rules[1]?.priority ?? 0
  return second === 0 ? 0 : second - 1
}

/** What the kernel adds: is the device there, and is the rule that goto names? */
function settle({links}: NodeState, rules: readonly PolicyRule[], rule: PolicyRule): PolicyRule {
  const isThere = (name: string): boolean => links === null || links.some(link => link.name === name)
  const {iif, oif, action} = rule
  const settled: PolicyRule = {
    ...rule,
    iif: iif && {...iif, detached: !isThere(iif.name)},
    oif: oif && {...oif, detached: !isThere(oif.name)},
    action:
      action.kind === 'goto'
        ? {...action, unresolved: !rules.some(({priority}) => priority === action.priority)}
        : action,
  }
  return {...settled, text: formatIpRule(settled)}
}

function resolveGotos(rules: readonly PolicyRule[]): PolicyRule[] {
  const priorities = new Set(rules.map(({priority}) => priority))
  return rules.map(rule => {
    const {action} = rule
    if (action.kind !== 'goto' || action.unresolved !== priorities.has(action.priority)) return rule
    const settled: PolicyRule = {...rule, action: {...action, unresolved: !action.unresolved}}
    return {...settled, text: formatIpRule(settled)}
  })
}

function deleteRule(state: NodeState, command: EditCommand, rules: readonly PolicyRule[], words: RuleWords): Edited {
  if (words.priority === null && !words.acts && isOpen(words.rule)) {
    command.fail('what the rule says, such as: from 10.0.5.77 lookup 2')
  }
  const at = rules.findIndex(rule => isMeant(rule, words))
  const found = rules[at]
  if (found === undefined) {
    const like = rules.filter(({priority}) => priority === words.priority)
    const there = like.slice(0, 3).map(({text}) => text.trim().replace(/\s+/g, ' '))
    const hint = there.length === 0 ? '' : ` Of that priority there is: ${there.join('; ')}.`
    return command.refuse(`the node has no such rule.${hint}`)
  }
  const {document, line} = found.source
  return {
    state: withRouting(state, found.family, {rules: resolveGotos(rules.toSpliced(at, 1))}),
    effect: `deleted ${document}:${line}`,
  }
}

function isOpen({from, to, fwmark, iif, oif, tos, dscp, ipproto, sport, dport, uidRange}: PolicyRule): boolean {
  return [from, to, fwmark, iif, oif, dscp, ipproto, sport, dport, uidRange].every(part => part === null) && tos === 0
}

/** rule_find (net/core/fib_rules.c): the first rule that has all that is named, and may have more. */
function isMeant(rule: PolicyRule, {rule: wanted, priority, acts}: RuleWords): boolean {
  if (priority !== null && rule.priority !== priority) return false
  if (acts && JSON.stringify(rule.action) !== JSON.stringify(actionOf(wanted, rule))) return false
  if (wanted.not && !rule.not) return false
  return (
    agrees(wanted.from, rule.from, samePrefix) &&
    agrees(wanted.to, rule.to, samePrefix) &&
    agrees(wanted.fwmark, rule.fwmark, same) &&
    agrees(wanted.iif, rule.iif, ({name}, other) => name === other.name) &&
    agrees(wanted.oif, rule.oif, ({name}, other) => name === other.name) &&
    agrees(wanted.dscp, rule.dscp, same) &&
    agrees(wanted.ipproto, rule.ipproto, same) &&
    agrees(wanted.sport, rule.sport, same) &&
    agrees(wanted.dport, rule.dport, same) &&
    agrees(wanted.uidRange, rule.uidRange, same) &&
    (wanted.tos === 0 || wanted.tos === rule.tos)
  )
}

/** Whether a goto is resolved is not named. */
function actionOf(wanted: PolicyRule, {action}: PolicyRule): PolicyRule['action'] {
  return wanted.action.kind === 'goto' && action.kind === 'goto'
    ? {...wanted.action, unresolved: action.unresolved}
    : wanted.action
}

function agrees<T>(wanted: T | null, actual: T | null, equal: (a: T, b: T) => boolean): boolean {
  return wanted === null || (actual !== null && equal(wanted, actual))
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** rule_exists: all of it alike. */
function sameRule(a: PolicyRule, b: PolicyRule): boolean {
  const alike = (x: Prefix | null, y: Prefix | null): boolean =>
    x === y || (x !== null && y !== null && samePrefix(x, y))
  return a.priority === b.priority && alike(a.from, b.from) && alike(a.to, b.to) && keyOf(a) === keyOf(b)
}

function keyOf({
  not,
  fwmark,
  tos,
  dscp,
  iif,
  oif,
  ipproto,
  sport,
  dport,
  uidRange,
  action,
  unmodelled,
}: PolicyRule): string {
  const target = action.kind === 'goto' ? {...action, unresolved: false} : action
  const devices = [iif?.name, oif?.name]
  return JSON.stringify([not, fwmark, tos, dscp, devices, ipproto, sport, dport, uidRange, target, unmodelled])
}
