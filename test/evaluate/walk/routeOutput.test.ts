import type {JsonOutcome} from '../../../src/model/index.js'
import {addressListing} from '../../support/addressListing.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {outcomeLines} from '../../support/outcomeLines.js'
import {type RuleLines, saveOf, tinyNode} from '../../support/tinyNode.js'

const UDP: FlowWords = {src: null, dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}
const PING: FlowWords = {src: '10.0.0.2', dst: '8.8.8.8', proto: 'icmp'}
const UDP6: FlowWords = {src: null, dst: '2001:db8:ffff::8', proto: 'udp', sport: 4000, dport: 53}

const RULES = (...rules: string[]): string =>
  ['0: from all lookup local', ...rules, '32766: from all lookup main', '32767: from all lookup default'].join('\n')
const ROUTES = `
  default via 10.0.1.1 dev eth1 table 7
  default via 10.0.0.1 dev eth0
  10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2
  10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.2
  10.0.9.9 dev veth0 scope link`
const BY_ETH1 = {'ip-rule.txt': RULES(), 'ip-route.txt': ROUTES}

const outcomes = (documents: Record<string, string>, flow: FlowWords, rules: RuleLines = {}): readonly JsonOutcome[] =>
  explainWords(tinyNode(rules, documents), flow).explanation.outcomes
const device = (documents: Record<string, string>, flow: FlowWords, rules: RuleLines = {}): string =>
  outcomes(documents, flow, rules)
    .map(({egress}) => egress?.interface)
    .join()

describe('the source of an own packet: fib_select_path, inet_select_addr', () => {
  const ETH0 = ['10.0.0.2/24 scope global eth0', '10.0.5.2/24 scope global eth0']

  it.each<[string, readonly string[], string, string, string]>([
    ['by a gateway: of its subnet', ETH0, 'default via 10.0.5.1 dev eth0', '8.8.8.8', '10.0.5.2'],
    ['by a gateway of IPv6: the first', ETH0, 'default via inet6 fe80::1 dev eth0', '8.8.8.8', '10.0.0.2'],
    [
      'on the link: the first, whatever the destination',
      ETH0,
      '10.0.5.0/24 dev eth0 scope link',
      '10.0.5.7',
      '10.0.0.2',
    ],
    ['the hint of the route', ETH0, '10.0.6.0/24 dev eth0 scope link src 10.0.5.2', '10.0.6.7', '10.0.5.2'],
    [
      'on the link: of scope link too',
      ['169.254.9.9/16 scope link eth0', '10.0.0.2/24 scope global eth0'],
      '10.0.6.0/24 dev eth0 scope link',
      '10.0.6.7',
      '169.254.9.9',
    ],
    [
      'by a gateway: not of scope link',
      ['169.254.9.9/16 scope link eth0', '10.0.0.2/24 scope global eth0'],
      'default via 10.0.6.1 dev eth0',
      '8.8.8.8',
      '10.0.0.2',
    ],
  ])('%s', (_, addresses, route, dst, expected) => {
    const [outcome] = outcomes({'ip-addr.txt': addressListing({eth0: addresses}), 'ip-route.txt': route}, {...UDP, dst})
    expect(outcome?.packet.src).toBe(expected)
    expect(outcome?.steps?.find(({kind}) => kind === 'source-selection')).toMatchObject({
      stage: 'routing',
      effect: `the kernel picks the source ${expected}`,
    })
  })

  it('the hint of a route in the local table', () => {
    const local = 'local 10.0.1.2 dev eth1 proto kernel scope host src 10.0.0.2\n'
    expect(outcomeLines(tinyNode({}, {'ip-route-table-local.txt': local}), {...UDP, dst: '10.0.1.2'})).toMatch(
      /udp 10\.0\.0\.2:4000 →/,
    )
  })
})

describe('no table is asked', () => {
  it.each<[string, FlowWords, string]>([
    ['224.0.0.0/24 of a bound socket', {...UDP, dst: '224.0.0.251', oif: 'eth0'}, 'eth0 10.0.0.2 → 224.0.0.251'],
    ['all ones of a bound socket', {...UDP, dst: '255.255.255.255', oif: 'eth1'}, 'eth1 10.0.1.2 → 255.255.255.255'],
    [
      '… which has an address',
      {...UDP, src: '10.0.0.2', dst: '255.255.255.255', oif: 'eth1'},
      'eth1 10.0.0.2 → 255.255.255.255',
    ],
    ['a group, from an address', {...UDP, src: '10.0.1.2', dst: '239.1.1.1'}, 'eth1 10.0.1.2 → 239.1.1.1'],
  ])('%s', (_, flow, expected) => {
    const [outcome] = outcomes({}, flow)
    const {egress, packet, steps} = outcome ?? {}
    expect(`${egress?.interface} ${packet?.src} → ${egress?.nextHop}`).toBe(expected)
    expect(steps?.filter(({kind}) => kind === 'ip-rule' || kind === 'route')).toEqual([
      expect.objectContaining({
        kind: 'route',
        stage: 'routing',
        target: egress?.interface,
        effect: `no table is asked: out by ${egress?.interface}`,
      }),
    ])
  })

  it.each<[string, FlowWords]>([
    ['other groups of a bound socket', {...UDP, dst: '224.0.1.1', oif: 'eth0'}],
    ['other addresses', UDP],
  ])('… but one is for %s', (_, flow) => {
    expect(outcomes({}, flow)[0]?.steps?.map(({kind}) => kind)).toContain('ip-rule')
  })
})

describe('the key of an own lookup', () => {
  it.each<[string, FlowWords, string]>([
    ['ipproto udp dport 53', UDP, 'eth1'],
    ['ipproto udp dport 54-60', UDP, 'eth0'],
    ['ipproto udp dport 50-52', UDP, 'eth0'],
    ['ipproto tcp', UDP, 'eth0'],
    ['sport 4000', UDP, 'eth1'],
    ['iif lo', UDP, 'eth1'],
    // before the source is chosen it is 0.0.0.0
    ['from 10.0.0.2', UDP, 'eth0'],
    ['from 10.0.0.2', {...UDP, src: '10.0.0.2'}, 'eth1'],
    // type and code of a ping stand where ports would: 8 << 8
    ['ipproto icmp dport 2048', PING, 'eth1'],
    ['ipproto icmp dport 2049', {...PING, icmpCode: 1}, 'eth1'],
    ['ipproto icmp dport 2049', PING, 'eth0'],
    ['ipproto icmp sport 2048', PING, 'eth0'],
    ['oif eth1', {...UDP, oif: 'eth1'}, 'eth1'],
    ['oif eth1', UDP, 'eth0'],
    ['not oif eth1', UDP, 'eth1'],
  ])('`%s`', (selector, flow, expected) => {
    const rules = selector.startsWith('not ')
      ? `100: not from all ${selector.slice(4)} lookup 7`
      : `100: from all ${selector} lookup 7`
    const text = selector.startsWith('from ') ? `100: ${selector} lookup 7` : rules
    expect(device({...BY_ETH1, 'ip-rule.txt': RULES(text)}, flow)).toBe(expected)
  })

  it('a reroute knows no ICMP ports', () => {
    const documents = {...BY_ETH1, 'ip-rule.txt': RULES('100: from all fwmark 0x1 ipproto icmp dport 2048 lookup 7')}
    expect(device(documents, PING, {mangle: '-A OUTPUT -j MARK --set-mark 0x1'})).toBe('eth0')
  })

  it('ICMPv6 has none either', () => {
    const documents = {
      'ip-rule6.txt':
        '0: from all lookup local\n100: from all ipproto ipv6-icmp dport 32768 prohibit\n32766: from all lookup main',
    }
    expect(
      outcomes(documents, {src: null, dst: UDP6['dst'], proto: 'icmpv6'}).map(({disposition}) => disposition),
    ).toEqual(['forwarded'])
  })

  it('the user of the socket is open, that of a forwarded packet is root', () => {
    const documents = {...BY_ETH1, 'ip-rule.txt': RULES('100: from all uidrange 1000-1999 lookup 7')}
    expect(outcomes(documents, UDP).map(({egress, conditions}) => [egress?.interface, ...conditions])).toEqual([
      ['eth1', 'if the sending socket belongs to a user id in 1000-1999'],
      ['eth0', 'unless the sending socket belongs to a user id in 1000-1999'],
    ])
    expect(device(documents, {...UDP, src: '10.0.9.9'})).toBe('eth0')
  })
})

describe('a multipath route', () => {
  const documents = {
    'ip-route.txt': `
      default
        nexthop via 10.0.0.1 dev eth0 weight 1
        nexthop via 10.0.1.1 dev eth1 weight 3
      10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2
      10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.2`,
  }
  const KERNEL = 'the kernel (6.16 and later) prefers the next hop whose device holds the source address'
  const HASH = 'by the hash of the flow, which picks the next hop of the multipath route'

  it('of a newer kernel follows the source of the socket', () => {
    const seen = outcomes(documents, {...UDP, src: '10.0.1.2'}).map(({egress, probability, conditions}) => [
      egress?.interface,
      probability,
      ...conditions.filter(text => !text.startsWith('for the answer')),
    ])
    expect(new Set(seen.map(row => JSON.stringify(row)))).toEqual(
      new Set([
        JSON.stringify(['eth1', 1, `if ${KERNEL}`]),
        JSON.stringify(['eth1', 0.75, `unless ${KERNEL}`, HASH]),
        JSON.stringify(['eth0', 0.25, `unless ${KERNEL}`, HASH]),
      ]),
    )
  })

  it.each([
    ['without a source', null],
    ['with one that no next hop has', '127.0.0.1'],
  ])('%s is a matter of its hash', (_, src) => {
    const routes = {...documents, 'sysctl.txt': 'net.ipv4.conf.all.route_localnet = 1'}
    for (const {conditions} of outcomes(routes, {...UDP, src})) expect(conditions).not.toContain(`if ${KERNEL}`)
  })

  it('… the hint of the route counts as the source of each hop', () => {
    const hinted = {'ip-route.txt': documents['ip-route.txt'].replace('default\n', 'default src 10.0.0.2\n')}
    expect(outcomes(hinted, {...UDP, src: '10.0.0.2'})[0]?.conditions).toContain(`if ${KERNEL}`)
    expect(outcomes(hinted, {...UDP, src: '10.0.1.2'})[0]?.conditions).not.toContain(`if ${KERNEL}`)
  })
})

describe('re-routing in OUTPUT', () => {
  const documents = {
    ...BY_ETH1,
    'ip-rule.txt': RULES('100: from all fwmark 0x1 lookup 7', '101: from all tos 0x10 lookup 7'),
  }
  const stages = (rules: RuleLines): (string | undefined)[] =>
    outcomes(documents, {...UDP, src: '10.0.0.2'}, rules)[0]
      ?.steps?.filter(({kind}) => kind === 'route')
      .map(({stage, effect}) => `${stage}: ${effect}`) ?? []

  it.each<[string, RuleLines, string[]]>([
    [
      'a mark of mangle',
      {mangle: '-A OUTPUT -j MARK --set-mark 0x1'},
      ['routing (again, after mangle OUTPUT): eth1 via 10.0.1.1'],
    ],
    [
      'a TOS of mangle',
      {mangle: '-A OUTPUT -j TOS --set-tos 0x10'},
      ['routing (again, after mangle OUTPUT): eth1 via 10.0.1.1'],
    ],
    ['the mark it had', {mangle: '-A OUTPUT -j MARK --set-mark 0x0'}, []],
    ['its TTL', {mangle: '-A OUTPUT -j TTL --ttl-set 9'}, []],
    ['a mark of raw', {raw: '-A OUTPUT -j MARK --set-mark 0x1'}, []],
    ['a mark of filter', {filter: '-A OUTPUT -j MARK --set-mark 0x1'}, []],
    [
      'a destination of nat',
      {nat: '-A OUTPUT -p udp -j DNAT --to-destination 10.0.1.7'},
      ['routing (again, after nat OUTPUT): eth1'],
    ],
    ['the destination it had', {nat: '-A OUTPUT -p udp -j DNAT --to-destination 8.8.8.8'}, []],
    ['the port of nat', {nat: '-A OUTPUT -p udp -j DNAT --to-destination :54'}, []],
  ])('%s', (_, rules, expected) => {
    expect(stages(rules)).toEqual(['routing: eth0 via 10.0.0.1', ...expected])
  })

  it.each<[string, RuleLines, string]>([
    ['a mark that leads nowhere', {mangle: '-A OUTPUT -j MARK --set-mark 0x2'}, 'unroutable PROHIBIT'],
    [
      '… of a packet that is dropped at once',
      {mangle: '-A OUTPUT -j MARK --set-mark 0x2\n-A OUTPUT -j DROP'},
      'dropped FILTER_RULE',
    ],
    [
      'a destination that leads nowhere',
      {nat: '-A OUTPUT -p udp -j DNAT --to-destination 99.0.0.1'},
      'unroutable PROHIBIT',
    ],
  ])('%s', (_, rules, expected) => {
    const prohibits = {
      ...BY_ETH1,
      'ip-rule.txt': RULES('100: from all fwmark 0x2 prohibit', '101: from all to 99.0.0.1 prohibit'),
    }
    expect(
      outcomes(prohibits, {...UDP, src: '10.0.0.2'}, rules).map(({disposition, reason}) => `${disposition} ${reason}`),
    ).toEqual([expected])
  })

  it('of IPv6 asks again for a hop limit too (ip6t_mangle_out)', () => {
    const rules = {mangle: '-A OUTPUT -j HL --hl-set 9', filter: ''}
    const steps = outcomes({'ip6tables-save.txt': saveOf(rules, 'ip6tables-save')}, {...UDP6, src: '2001:db8::2'})[0]
      ?.steps
    expect(steps?.filter(({kind}) => kind === 'route').map(({stage}) => stage)).toEqual([
      'routing',
      'routing (again, after mangle OUTPUT)',
    ])
  })
})

describe('TCP without a source is routed twice (ip_route_connect)', () => {
  it.each<[string, string, string[]]>([
    ['the same way: told once', '100: from 10.0.1.2 lookup 7', ['routing']],
    ['another way: both are told', '100: from 10.0.0.2 lookup 7', ['routing', 'routing (again, with its source)']],
  ])('%s', (_, rule, expected) => {
    const documents = {...BY_ETH1, 'ip-rule.txt': RULES(rule)}
    const seen = outcomes(documents, {...UDP, proto: 'tcp'})
    expect(seen[0]?.steps?.filter(({kind}) => kind === 'route').map(({stage}) => stage)).toEqual(expected)
    expect(
      outcomes(documents, UDP)[0]
        ?.steps?.filter(({kind}) => kind === 'route')
        .map(({stage}) => stage),
    ).toEqual(['routing'])
  })
})

describe('IPv6', () => {
  const step = (flow: FlowWords, documents: Record<string, string> = {}) =>
    outcomes(documents, flow)[0]?.steps?.find(({kind}) => kind === 'source-selection')

  it.each<[string, FlowWords, string]>([
    ['to an own address: that address', {...UDP6, dst: '2001:db8::2'}, '2001:db8::2'],
    ['to an own link-local address: that address', {...UDP6, dst: 'fe80::2', oif: 'eth0'}, 'fe80::2'],
    ['to ::1: itself', {...UDP6, dst: '::1'}, '::1'],
    ['to the internet: the global one of the device', UDP6, '2001:db8::2'],
    ['to a neighbour: the link-local one', {...UDP6, dst: 'fe80::1', oif: 'eth0'}, 'fe80::2'],
    ['to a group of a device', {...UDP6, dst: 'ff02::5', oif: 'eth0'}, 'fe80::2'],
  ])('%s', (_, flow, expected) => {
    expect(step(flow)).toMatchObject({stage: 'routing', effect: `the kernel picks the source ${expected}`})
  })

  it('the hint of the route', () => {
    const routes =
      '2001:db8:ffff::/48 via fe80::1 dev eth0 src 2001:db8::77\ndefault via fe80::1 dev eth0\nfe80::/64 dev eth0\n'
    expect(step(UDP6, {'ip-route6.txt': routes})).toMatchObject({effect: 'the kernel picks the source 2001:db8::77'})
  })

  it('without a route a source is picked, and asked with', () => {
    const documents = {
      'ip-rule6.txt': '0: from all lookup local\n100: from 2001:db8::2 lookup 7\n32766: from all lookup main',
      'ip-route6.txt': 'default via fe80::1 dev eth0 table 7\n2001:db8::/64 dev eth0\n',
    }
    expect(outcomeLines(tinyNode({}, documents), UDP6)).toMatch(/^forwarded by eth0: udp 2001:db8::2:4000 →/)
    expect(step(UDP6, documents)).toMatchObject({text: ''})
  })

  it('a reroute is not refused for its source', () => {
    const rules = {mangle: '-A OUTPUT -j MARK --set-mark 0x1', filter: ''}
    expect(device({'ip6tables-save.txt': saveOf(rules, 'ip6tables-save')}, {...UDP6, src: '2001:db8::2'})).toBe('eth0')
  })
})
