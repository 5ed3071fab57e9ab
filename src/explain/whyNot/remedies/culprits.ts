import {deletePolicyRule} from '../../../audit/index.js'
import {type RuleOwner, ruleOwner, toolOf} from '../../../eks/index.js'
import type {Evidence, IptablesRuleset, JsonStep, PolicyRule, Route} from '../../../model/index.js'
import {TABLE_MAIN, tableName} from '../../../model/index.js'
import {formatPrefix, hasPorts, protocolName} from '../../../net/index.js'
import {type Case, decidingStep, type Remedy, wayOf} from '../case.js'

/** What took the packet and need not be there: a rule that drops, a policy, a route or policy rule that nobody of the CNI's kind writes. */
export function* culprits(c: Case): Generator<Remedy> {
  const way = wayOf(c)
  const step = decidingStep(way)
  if (c.symptom.kind !== 'lost') {
    yield* foreignRouting(c, way.steps ?? [])
    return
  }
  if (step === null) return
  if (step.kind === 'chain-policy') yield* policy(c, step)
  const refusing = way.steps?.findLast(
    ({kind, target}) => kind === 'chain-rule' && (target === 'DROP' || target === 'REJECT'),
  )
  if (refusing !== undefined && (way.reason === 'FILTER_RULE' || way.reason === 'REJECT_RULE'))
    yield* filterRule(c, refusing)
  yield* foreignRouting(c, way.steps ?? [])
}

/** Those who write their chains on purpose, and would write a deleted rule again. */
const KEEPERS: ReadonlySet<RuleOwner | null> = new Set<RuleOwner>(['kube-proxy', 'kubelet', 'Calico', 'Cilium'])

/** Who keeps a chain; null: nobody that is known. */
export function ownerOf(chain: string | null): RuleOwner | null {
  const owner = chain === null ? null : ruleOwner(chain, null)
  return KEEPERS.has(owner) ? owner : null
}

function rulesetOf({state, flow}: Case, {backend}: JsonStep): IptablesRuleset | null {
  return state.iptables.find(ruleset => ruleset.backend === backend && ruleset.family === flow.family) ?? null
}

function evidenceOf({source, text}: JsonStep): Evidence | null {
  return source === null ? null : {source, text}
}

function* filterRule(c: Case, step: JsonStep): Generator<Remedy> {
  const ruleset = rulesetOf(c, step)
  const owner = ownerOf(step.chain)
  const {table, chain, rule, stage, target} = step
  if (ruleset === null || table === null || chain === null || rule === null) return
  const from = owner === null ? '' : `, which ${owner} keeps`
  yield {
    stage,
    text: `rule ${rule} of ${chain}${from} ${target === 'REJECT' ? 'rejects' : 'drops'} it`,
    missing: [],
    taken: evidenceOf(step),
    // its owner would write it again
    repair:
      owner === null ? [`${toolOf(c.state, ruleset)} -t ${table} -D ${chain} ${rule}`.replace(' -t filter', '')] : [],
  }
}

/** On an EKS node the policies are ACCEPT. Where somebody closed INPUT or OUTPUT on purpose, only this flow is let through. */
function* policy(c: Case, step: JsonStep): Generator<Remedy> {
  const ruleset = rulesetOf(c, step)
  const {chain, table, stage} = step
  if (ruleset === null || chain === null || table === null) return
  const tool = toolOf(c.state, ruleset)
  const where = table === 'filter' ? '' : ` -t ${table}`
  const open = `${tool}${where} -P ${chain} ACCEPT`
  const {packet} = wayOf(c)
  const ports = hasPorts(c.flow.protocol) && packet.dport !== null ? ` --dport ${packet.dport}` : ''
  const rule = `${chain} -d ${packet.dst} -p ${protocolName(c.flow.protocol)}${ports} -j ACCEPT`
  yield {
    stage,
    text: `the policy of ${chain} is DROP, and no rule accepts the packet; on EKS nodes it is ACCEPT`,
    missing: chain === 'FORWARD' ? [`:${chain} ACCEPT`] : [`-A ${rule}`],
    taken: evidenceOf(step),
    repair: [chain === 'FORWARD' ? open : `${tool}${where} -A ${rule}`],
  }
}

/** Priorities at which the kernel and the CNI write rules. */
const KNOWN_PRIORITIES = new Set([0, 10, 20, 512, 1024, 1535, 1536, 32765, 32766, 32767])
const REFUSING = new Set(['blackhole', 'unreachable', 'prohibit', 'throw'])

/** The policy rule and the route that decided, where they are none of the CNI's or the kernel's. */
function* foreignRouting(c: Case, steps: readonly JsonStep[]): Generator<Remedy> {
  const {rules, routes} = c.state.routing[c.flow.family]
  const ip = c.flow.family === 6 ? 'ip -6' : 'ip'
  for (const step of steps) {
    if (step.kind === 'ip-rule') {
      const rule = rules?.find(({source}) => sameSource(source, step))
      if (rule !== undefined && (!KNOWN_PRIORITIES.has(rule.priority) || rule.action.kind !== 'lookup'))
        yield foreignRule(rule)
    } else if (step.kind === 'route') {
      const route = routes?.find(({source}) => sameSource(source, step))
      if (route !== undefined && isForeign(c, route)) yield foreignRoute(route, ip)
    }
  }
}

function sameSource(source: Evidence['source'], step: JsonStep): boolean {
  return source.document === step.source?.document && source.line === step.source.line
}

/** Neither a default route, nor one that the kernel or DHCP keeps, nor one to a pod. */
function isForeign({eks}: Case, {type, destination, protocol, table, nextHops}: Route): boolean {
  if (REFUSING.has(type)) return true
  if (
    type !== 'unicast' ||
    destination.length === 0 ||
    protocol === 'kernel' ||
    protocol === 'dhcp' ||
    protocol === 'ra'
  )
    return false
  const isHost = destination.length === (destination.family === 4 ? 32 : 128)
  const gatewayLink = isHost && table !== TABLE_MAIN && nextHops[0]?.gateway === null
  return !gatewayLink && !(isHost && eks.podAt(destination.address)?.hostInterface?.value === nextHops[0]?.interface)
}

function foreignRule(rule: PolicyRule): Remedy {
  return {
    stage: 'routing',
    text: `the policy rule of priority ${rule.priority} decides, and neither the kernel nor the CNI writes such a rule`,
    missing: [],
    taken: rule,
    repair: [deletePolicyRule(rule)],
  }
}

function foreignRoute(route: Route, ip: string): Remedy {
  const {type, destination, table, metric, family} = route
  const prefix = destination.length === 0 ? 'default' : formatPrefix(destination)
  const words = [
    type === 'unicast' ? '' : type,
    prefix,
    table === TABLE_MAIN ? '' : `table ${tableName(table)}`,
    metric === 0 || (family === 6 && metric === 1024) ? '' : `metric ${metric}`,
  ]
  return {
    stage: 'routing',
    text: `a route to ${prefix}${type === 'unicast' ? '' : ` of type ${type}`} in table ${tableName(table)} decides, and neither the kernel nor the CNI writes such a route`,
    missing: [],
    taken: route,
    repair: [`${ip} route del ${words.filter(word => word !== '').join(' ')}`],
  }
}
