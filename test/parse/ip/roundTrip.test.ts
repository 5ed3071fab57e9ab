import fc from 'fast-check'
import type {NextHop, PolicyRule, Route, RouteType, RuleAction} from '../../../src/model/index.js'
import {
  type Address,
  defaultPrefix,
  type Family,
  formatAddress,
  ipv4,
  ipv6,
  makePrefix,
  parseAddress,
  type Prefix,
} from '../../../src/net/index.js'
import {formatIpRule, formatRoute, parseIpRoute, parseIpRule} from '../../../src/parse/index.js'

const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, {nil: null})
const uint32 = fc.integer({min: 0, max: 0xffffffff})
const interfaceName = fc.stringMatching(/^[a-z][a-z0-9._+-]{0,13}$/)
const address = (family: Family): fc.Arbitrary<Address> =>
  family === 4 ? uint32.map(ipv4) : fc.bigInt({min: 0n, max: (1n << 128n) - 1n}).map(ipv6)
const prefix = (family: Family): fc.Arbitrary<Prefix> =>
  fc
    .tuple(address(family), fc.integer({min: 1, max: family === 4 ? 32 : 128}))
    .map(([base, length]) => makePrefix(base, length))
const family = fc.constantFrom<Family>(4, 6)
const table = fc.oneof(
  fc.constantFrom(253, 254, 255),
  uint32.filter(value => value > 0),
)
const portRange = fc
  .tuple(fc.integer({min: 1, max: 65535}), fc.integer({min: 1, max: 65535}))
  .map(([a, b]) => ({min: Math.min(a, b), max: Math.max(a, b)}))

const action: fc.Arbitrary<RuleAction> = fc.oneof(
  table.map(id => ({kind: 'lookup' as const, table: id})),
  fc.record({kind: fc.constant('goto' as const), priority: uint32, unresolved: fc.boolean()}),
  fc.constantFrom('l3mdev', 'nop', 'blackhole', 'unreachable', 'prohibit').map(kind => ({kind})),
)
const ruleInterface = fc.record({name: interfaceName, detached: fc.boolean()})
const rule: fc.Arbitrary<PolicyRule> = family.chain(of =>
  fc.record({
    family: fc.constant(of),
    priority: uint32,
    not: fc.boolean(),
    from: nullable(prefix(of)),
    to: nullable(prefix(of)),
    fwmark: nullable(fc.record({value: uint32, mask: uint32})),
    tos: fc.integer({min: 0, max: 255}),
    dscp: nullable(fc.integer({min: 0, max: 63})),
    iif: nullable(ruleInterface),
    oif: nullable(ruleInterface),
    ipproto: nullable(fc.integer({min: 0, max: 255})),
    sport: nullable(portRange),
    dport: nullable(portRange),
    uidRange: nullable(fc.record({min: uint32, max: uint32})),
    action,
    suppressPrefixLength: nullable(fc.integer({min: 0, max: 128})),
    suppressGroup: nullable(fc.constantFrom('default', '7')),
    protocol: nullable(fc.constantFrom('kernel', 'static', 'bgp', '99000')),
    unmodelled: fc.subarray(['tun_id 7', 'flowlabel 0x12345']),
    source: fc.constant({document: 'x', line: 1}),
    text: fc.constant(''),
  }),
)

const DEAD_ENDS: readonly RouteType[] = ['blackhole', 'unreachable', 'prohibit', 'throw']

const nextHop = (of: Family, weight: fc.Arbitrary<number>): fc.Arbitrary<NextHop> =>
  fc.record({
    gateway: nullable(fc.oneof(address(of), of === 4 ? address(6) : address(of))),
    interface: interfaceName,
    weight,
    onlink: fc.boolean(),
    linkdown: fc.boolean(),
    dead: fc.boolean(),
    encap: nullable(
      fc.constantFrom(
        'ip id 5 src 0.0.0.0 dst 10.0.0.9 ttl 0 tos 0',
        'mpls 100/200',
        'seg6 mode encap segs 1 [ 2001:db8::a ]',
      ),
    ),
  })

const route: fc.Arbitrary<Route> = fc.tuple(family, fc.boolean()).chain(([of, dead]) =>
  fc.record({
    family: fc.constant(of),
    table,
    type: dead
      ? fc.constantFrom(...DEAD_ENDS)
      : fc.constantFrom<RouteType>('unicast', 'local', 'broadcast', 'anycast', 'multicast', 'nat'),
    destination: fc.oneof(prefix(of), fc.constant(defaultPrefix(of))),
    from: of === 6 ? nullable(prefix(6)) : fc.constant(null),
    tos: fc.integer({min: 0, max: 255}),
    metric: uint32,
    protocol: nullable(fc.constantFrom('kernel', 'dhcp', 'static', 'bird', '201')),
    scope: fc.constantFrom(
      'global' as const,
      'site' as const,
      'link' as const,
      'host' as const,
      'nowhere' as const,
      17,
    ),
    preferredSource: nullable(address(of)),
    nextHops: dead
      ? fc.constant([])
      : fc.oneof(
          nextHop(of, fc.constant(1)).map(hop => [hop]),
          fc.array(nextHop(of, fc.integer({min: 1, max: 256})), {minLength: 2, maxLength: 4}),
        ),
    nextHopId: nullable(uint32),
    attributes: fc
      .subarray([
        ['mtu', 'lock 1400'],
        ['realms', '3/4'],
        ['expires', '566sec'],
        ...(of === 6 ? [['pref', 'medium']] : []),
        ['pervasive', ''],
        ['rt_trap', ''],
      ] as [string, string][])
      .map(entries => new Map(entries)),
    unknown: fc.constant([]),
    source: fc.constant({document: 'x', line: 1}),
    text: fc.constant(''),
  }),
)

describe('parse ∘ print = identity', () => {
  it('of policy rules', () => {
    fc.assert(
      fc.property(rule, before => {
        const {value, diagnostics} = parseIpRule({name: 'x', text: `${formatIpRule(before)}\n`}, before.family)
        expect(diagnostics).toEqual([])
        expect(value).toEqual([{...before, text: formatIpRule(before)}])
      }),
    )
  })

  it('of routes', () => {
    fc.assert(
      fc.property(route, before => {
        const {value, diagnostics} = parseIpRoute(
          {name: 'x', text: `${formatRoute(before)}\n`},
          {family: before.family},
        )
        expect(diagnostics).toEqual([])
        expect(value).toEqual([{...before, text: formatRoute(before).replace(/\n\t/g, ' ')}])
      }),
    )
  })

  it('of the addresses in them', () => {
    fc.assert(fc.property(family.chain(address), value => expect(parseAddress(formatAddress(value))).toBe(value)))
  })
})
