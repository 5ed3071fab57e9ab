import {type Address, contains, type Family, IPV6_ANY} from '../../net/index.js'
import {
  type NextHop,
  type PolicyRule,
  type Route,
  type RouteType,
  TABLE_DEFAULT,
  TABLE_LOCAL,
  type TableId,
  tableName,
} from '../../model/index.js'
import type {FamilyRouting} from '../network/network.js'
import {selectSource} from '../network/sourceAddress.js'
import {emptyHandedRule, missedRule, type PassedRule} from './passedRules.js'
import {decidePort, other} from './ports.js'
import {routedTos, TOS_ROUTING_MASK} from './routedTos.js'
import {Undetermined, type Walk} from './walk.js'

/** What is looked up: struct flowi4 / flowi6. */
export interface RouteQuery {
  readonly family: Family
  /** All zeros: not chosen yet. */
  readonly source: Address
  readonly destination: Address
  /** `lo` for packets of this node. */
  readonly inInterface: string
  /** Rules with `oif` ask for it; an IPv4 route must go by it. */
  readonly outInterface: string | null
  /** IPv6 only. */
  readonly device: DeviceChoice | null
  readonly mark: number
  /** TOS byte; only the bits 0x1c count. */
  readonly tos: number
  readonly protocol: number
  readonly sourcePort: number | null
  readonly destinationPort: number | null
  /** True where the port is open rather than absent: a rule that asks for it forks. */
  readonly portsOpen: boolean
  /** The reverse path is asked: source and destination of the packet have changed sides. */
  readonly reversed: boolean
  /** The packet comes from a socket: rules with uidrange may match. */
  readonly fromSocket: boolean
  /** FIB_LOOKUP_IGNORE_LINKSTATE: links without carrier count. */
  readonly ignoreLinkState: boolean
}

/** How an IPv6 lookup heeds a device. */
export interface DeviceChoice {
  readonly name: string
  /**
   * `only`: no route by another device serves (RT6_LOOKUP_F_IFACE). `metric`: among routes to one prefix of one metric, those by the device come
   * first (rt6_score_route). `prefix`: among all routes to one prefix (rt6_device_match).
   */
  readonly reach: 'only' | 'metric' | 'prefix'
}

/** A route that was found, and why. */
export interface RouteResult {
  readonly kind: 'route'
  readonly type: RouteType
  readonly route: Route
  /** Usable next hops: several only where the choice among them is still open. */
  readonly hops: readonly NextHop[]
  readonly rule: PolicyRule
  readonly table: TableId
  /** With misses: the rules asked before. */
  readonly passed?: readonly PassedRule[]
}

export interface RouteFailure {
  readonly kind: 'error'
  /** `none`: no rule and no table had an answer. */
  readonly error: 'none' | 'blackhole' | 'unreachable' | 'prohibit'
  readonly rule: PolicyRule | null
  readonly route: Route | null
  /** With misses: the rules asked before. */
  readonly passed?: readonly PassedRule[]
}

/** The routing policy database, walked as fib_rules_lookup (net/core/fib_rules.c) does. Source: kernel notes on routing. */
export function lookup(walk: Walk, query: RouteQuery): RouteResult | RouteFailure {
  const routing = walk.network.routing(query.family)
  const index = routing.rules
  if (index === null) {
    assumeLocalTable(walk, routing)
    throw new Undetermined(
      'MISSING_INPUT',
      `no policy rules in the capture: collect \`ip ${query.family === 6 ? '-6 ' : ''}rule show\``,
    )
  }
  const {rules} = index
  const passed: PassedRule[] | null = walk.options.misses ? [] : null
  const next = (from: number): number => (passed === null ? index.next(from, query.source, query.destination) : from)
  for (let i = next(0); i < rules.length;) {
    let rule = rules[i] as PolicyRule
    let matched = ruleMatches(walk, rule, query)
    while (matched && rule.action.kind === 'goto') {
      const target = gotoTarget(rules, i, rule.action.priority)
      if (target < 0) break
      i = target
      rule = rules[i] as PolicyRule
      matched = ruleMatches(walk, rule, query)
    }
    if (matched) {
      const result = act(walk, routing, rule, query)
      if (result !== null) return passed === null ? result : {...result, passed}
      passed?.push(emptyHandedRule(rule, query))
    } else passed?.push(missedRule(rule, query))
    i = next(i + 1)
  }
  const nothing: RouteFailure = {kind: 'error', error: 'none', rule: null, route: null}
  return passed === null ? nothing : {...nothing, passed}
}

function gotoTarget(rules: readonly PolicyRule[], from: number, priority: number): number {
  for (let i = from + 1; i < rules.length; i++) if ((rules[i] as PolicyRule).priority === priority) return i
  return -1
}

/** Null: go on with the next rule. */
function act(
  walk: Walk,
  routing: FamilyRouting,
  rule: PolicyRule,
  query: RouteQuery,
): RouteResult | RouteFailure | null {
  switch (rule.action.kind) {
    case 'lookup': {
      const result = lookupTable(walk, routing, rule, rule.action.table, query)
      return result?.kind === 'route' && isSuppressed(walk, rule, result) ? null : result
    }
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      return {kind: 'error', error: rule.action.kind, rule, route: null}
    case 'l3mdev':
      return walk.decide(`l3mdev ${rule.source.line}`, `the packet belongs to a VRF (${rule.text.trim()})`)
        ? fail(rule, 'VRF tables are not modelled')
        : null
    case 'goto': // unresolved
    case 'nop':
      return null
  }
}

function fail(rule: PolicyRule, text: string): never {
  throw new Undetermined('UNMODELLED_ROUTE', text, rule)
}

function lookupTable(
  walk: Walk,
  routing: FamilyRouting,
  rule: PolicyRule,
  id: TableId,
  query: RouteQuery,
): RouteResult | RouteFailure | null {
  if (id === TABLE_LOCAL) assumeLocalTable(walk, routing)
  const table = routing.tables.get(id)
  if (table === undefined) {
    if (routing.isListed(id)) return null
    if (id !== TABLE_DEFAULT) {
      const command = `ip ${query.family === 6 ? '-6 ' : ''}route show table ${tableName(id)}`
      throw new Undetermined(
        'MISSING_INPUT',
        `the capture has no routes of table ${tableName(id)}: collect \`${command}\``,
        rule,
      )
    }
    walk.assume(
      'TABLE_DEFAULT_EMPTY',
      'the table "default" is not in the capture: taken as empty, as the kernel makes it',
    )
    return null
  }
  const {device} = query
  const found = table.find(
    query.destination,
    route => tryRoute(walk, rule, id, route, query),
    device === null || device.reach === 'only' ? null : routes => deviceFirst(routes, device),
  )
  return found === 'throw' ? null : found
}

/** Those of the lowest metric stand before all others, which are looked through as one. */
function deviceFirst(routes: readonly Route[], {name, reach}: DeviceChoice): readonly Route[] {
  const [first] = routes
  // in a tree by source the order is another
  if (first === undefined || first.from !== null) return routes
  const rank = ({metric, nextHops}: Route): number =>
    (reach === 'metric' && metric !== first.metric ? 2 : 0) + (nextHops.some(hop => hop.interface === name) ? 0 : 1)
  return [...routes].sort((a, b) => rank(a) - rank(b))
}

/** Null: this route does not serve the packet, the next one may (fib_table_lookup in net/ipv4/fib_trie.c). */
function tryRoute(
  walk: Walk,
  rule: PolicyRule,
  table: TableId,
  route: Route,
  query: RouteQuery,
): RouteResult | RouteFailure | 'throw' | null {
  if (route.tos !== 0 && (route.tos & TOS_ROUTING_MASK) !== (query.tos & TOS_ROUTING_MASK)) return null
  if (route.from !== null && !contains(route.from, query.source)) return null
  switch (route.type) {
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      // in IPv6 such a route stands on lo, and a lookup bound to another device passes it over
      if (query.device?.reach === 'only') return null
      return {kind: 'error', error: route.type, rule, route}
    case 'throw':
      return query.device?.reach === 'only' ? null : 'throw'
    case 'nat':
      throw new Undetermined('UNMODELLED_ROUTE', 'routes of type nat are not modelled', route)
    default: {
      const hops = usableHops(walk, route.nextHops, query)
      return hops.length === 0 ? null : {kind: 'route', type: route.type, route, hops, rule, table}
    }
  }
}

function usableHops(walk: Walk, hops: readonly NextHop[], query: RouteQuery): readonly NextHop[] {
  const [first] = hops
  if (hops.length === 1 && first !== undefined && isUsable(walk, first, query)) return hops
  return hops.filter(hop => isUsable(walk, hop, query))
}

/** fib_lookup_good_nhc */
function isUsable(walk: Walk, hop: NextHop, query: RouteQuery): boolean {
  if (hop.dead) return false
  const must = query.family === 4 ? query.outInterface : query.device?.reach === 'only' ? query.device.name : null
  if (must !== null && hop.interface !== must) return false
  return !(
    hop.linkdown &&
    !query.ignoreLinkState &&
    hop.interface !== null &&
    ignoresLinkDown(walk, hop.interface, query.family)
  )
}

function ignoresLinkDown(walk: Walk, device: string, family: Family): boolean {
  const reading = walk.network.sysctls.onInterface(family, device, 'ignore_routes_with_linkdown', 0, '')
  return reading.value !== 0
}

function isSuppressed(walk: Walk, rule: PolicyRule, result: RouteResult): boolean {
  if (rule.suppressPrefixLength !== null && result.route.destination.length <= rule.suppressPrefixLength) return true
  if (rule.suppressGroup === null) return false
  const device = result.hops[0]?.interface
  return device != null && walk.network.interfaces.link(device)?.group === rule.suppressGroup
}

/** fib_rule_match and fib4_rule_match; `not` inverts the whole selector. */
function ruleMatches(walk: Walk, rule: PolicyRule, query: RouteQuery): boolean {
  const plain = plainSelectors(rule, query)
  if (!plain) return rule.not
  return openSelectors(walk, rule, query) !== rule.not
}

function plainSelectors(rule: PolicyRule, query: RouteQuery): boolean {
  if (rule.iif !== null && (rule.iif.detached || rule.iif.name !== query.inInterface)) return false
  if (rule.oif !== null && (rule.oif.detached || rule.oif.name !== query.outInterface)) return false
  if (rule.fwmark !== null && ((rule.fwmark.value ^ query.mark) & rule.fwmark.mask) !== 0) return false
  if (rule.from !== null && !contains(rule.from, query.source)) return false
  // without a source an IPv6 lookup matches no `from` at all (RT6_LOOKUP_F_HAS_SADDR)
  if (rule.from !== null && query.source === IPV6_ANY && query.inInterface === 'lo') return false
  if (rule.to !== null && !contains(rule.to, query.destination)) return false
  if (rule.tos !== 0 && rule.tos !== routedTos(query)) return false
  if (rule.dscp !== null && rule.dscp !== query.tos >> 2) return false
  return rule.ipproto === null || rule.ipproto === query.protocol
}

/** The selectors that may be open: ports that were not given, the socket's owner, and what is not modelled. */
function openSelectors(walk: Walk, rule: PolicyRule, query: RouteQuery): boolean {
  // almost every rule
  if (rule.sport === null && rule.dport === null && rule.uidRange === null && rule.unmodelled.length === 0) return true
  for (const side of ['source', 'destination'] as const) {
    const range = side === 'source' ? rule.sport : rule.dport
    if (range === null) continue
    const port = side === 'source' ? query.sourcePort : query.destinationPort
    if (port !== null) {
      if (port < range.min || port > range.max) return false
    } else if (!query.portsOpen || !decidePort(walk, query.reversed ? other(side) : side, range.min, range.max))
      return false
  }
  if (rule.uidRange !== null) {
    const {min, max} = rule.uidRange
    // packets that no socket of the node sent count as uid 0
    if (!query.fromSocket) {
      if (min > 0) return false
    } else if (!walk.decide(`uid ${min}-${max}`, `the sending socket belongs to a user id in ${min}-${max}`))
      return false
  }
  for (const selector of rule.unmodelled) {
    if (
      !walk.decide(
        `rule ${selector}`,
        `the packet is one of \`${selector}\` (an ip rule selector that is not modelled)`,
      )
    )
      return false
  }
  return true
}

/** A next hop whose device is known. */
type PlacedHop = NextHop & {readonly interface: string}

/** One next hop, of which the packet's way can be told. */
export function selectHop(walk: Walk, result: RouteResult, source: Address | null): PlacedHop {
  const hop = selectPath(walk, result, source)
  if (hop.interface === null)
    throw new Undetermined('UNMODELLED_ROUTE', 'the listing does not say by which device this route goes', result.route)
  if (hop.encap !== null) {
    throw new Undetermined(
      'UNMODELLED_ROUTE',
      `the packet leaves in a tunnel (encap ${hop.encap}), which is not modelled`,
      result.route,
    )
  }
  return hop as PlacedHop
}

/** fib_select_path: drawn by weight where there are several. */
function selectPath(walk: Walk, result: RouteResult, source: Address | null): NextHop {
  const {hops} = result
  if (hops.length === 1) return hops[0] as NextHop
  const preferred = source === null ? -1 : hops.findIndex(hop => hopSource(walk, result, hop) === source)
  if (
    preferred >= 0 &&
    walk.decide(
      'kernel prefers source hop',
      'the kernel (6.16 and later) prefers the next hop whose device holds the source address',
    )
  ) {
    return hops[preferred] as NextHop
  }
  return hops[
    walk.draw(
      hops.map(hop => hop.weight),
      'by the hash of the flow, which picks the next hop of the multipath route',
    )
  ] as NextHop
}

/** nh_saddr: the source the kernel would pick for this next hop. */
function hopSource(walk: Walk, result: RouteResult, hop: NextHop): Address | null {
  if (result.route.preferredSource !== null) return result.route.preferredSource
  return hop.interface === null ? null : selectSource(walk.network, hop.interface, hop.gateway)
}

function assumeLocalTable(walk: Walk, routing: FamilyRouting): void {
  if (routing.localTableOrigin === 'hints') {
    walk.assume(
      'LOCAL_ADDRESSES',
      "no `ip addr` and no local table in the capture: the node's own addresses are those of `src` hints and SNAT rules, and 127.0.0.0/8",
    )
  }
}
