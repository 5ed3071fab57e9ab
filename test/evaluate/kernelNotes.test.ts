import type {NodeState} from '../../src/model/index.js'
import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {rulesOf} from '../support/kernelAnswers.js'
import {outcomeLines} from '../support/outcomeLines.js'
import {type RuleLines, saveOf, tinyNode} from '../support/tinyNode.js'

/**
 * The facts about Linux that the evaluator is built on, by the number that comments in src/evaluate cite. Each was measured; those with a node of
 * their own in fixtures/measured name it. 38 to 55 are about native nftables.
 */

/** From the pod to the internet, from the internet to the node and to the pod, and the node's own. */
const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443}
const IN: FlowWords = {src: '9.9.9.9', dst: '10.0.0.2', proto: 'tcp', sport: 4000, dport: 80, iif: 'eth0'}
const TO_POD: FlowWords = {...IN, dst: '10.0.9.9'}
const OWN: FlowWords = {src: null, dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}
const OUT6: FlowWords = {src: '2001:db8:9::9', dst: '2001:db8:ffff::8', proto: 'tcp', sport: 4000, dport: 443}
const IN6: FlowWords = {src: '2001:db8:ffff::8', dst: '2001:db8::2', proto: 'tcp', sport: 4000, dport: 80, iif: 'eth0'}

/** Rules before those of main, with the routes of their tables. */
function routed(
  rules: string,
  routes: string,
  filters: RuleLines = {},
  documents: Record<string, string> = {},
): NodeState {
  return tinyNode(filters, {
    'ip-rule.txt': `0: from all lookup local\n${rules}\n32766: from all lookup main\n32767: from all lookup default`,
    'ip-route.txt': `${routes}\n${MAIN}`,
    ...documents,
  })
}

const MAIN = `default via 10.0.0.1 dev eth0
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2
10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.2
10.0.9.9 dev veth0 scope link`
const BY_ETH1 = 'default via 10.0.1.1 dev eth1 table 7'

function routed6(
  rules: string,
  routes: string,
  filters: RuleLines = {},
  documents: Record<string, string> = {},
): NodeState {
  return tinyNode(
    {},
    {
      'ip-rule6.txt': `0: from all lookup local\n${rules}\n32766: from all lookup main`,
      'ip-route6.txt': `${routes}\n${MAIN6}`,
      'ip6tables-save.txt': saveOf({filter: '', ...filters}, 'ip6tables-save'),
      ...documents,
    },
  )
}

const MAIN6 = `2001:db8::/64 dev eth0 proto kernel metric 256 pref medium
2001:db8:9::9 dev veth0 metric 1024 pref medium
fe80::/64 dev eth0 proto kernel metric 256 pref medium
fe80::/64 dev veth0 proto kernel metric 256 pref medium
default via fe80::1 dev eth0 metric 1024 pref medium`

const sysctl = (...lines: string[]): Record<string, string> => ({
  'sysctl.txt': ['net.ipv4.ip_forward = 1', ...lines].join('\n'),
})

/** `forwarded by eth1`, one line an outcome. */
const ends = (node: NodeState, flow: FlowWords): string => outcomeLines(node, flow).replace(/: .*$/gm, '')
/** `tcp a → b`. */
const packets = (node: NodeState, flow: FlowWords): string => outcomeLines(node, flow).replace(/^[^:]*: /gm, '')

function replyOf(node: NodeState, flow: FlowWords) {
  const reply = explainWords(node, flow).explanation.outcomes[0]?.reply
  if (reply == null) throw new Error('no reply is walked')
  return reply
}

describe('kernel notes: routing', () => {
  it('1: raw, mangle, nat PREROUTING, then routing by the new destination and the mark so far; later marks route nothing', () => {
    const byMark = (rules: RuleLines): string => ends(routed('100: from all fwmark 0x1 lookup 7', BY_ETH1, rules), OUT)
    expect(byMark({})).toBe('forwarded by eth0')
    expect(byMark({nat: '-A PREROUTING -j MARK --set-mark 0x1\n-A POSTROUTING -j MASQUERADE'})).toBe(
      'forwarded by eth1',
    )
    expect(byMark({filter: '-A FORWARD -j MARK --set-mark 0x1'})).toBe('forwarded by eth0')
    expect(byMark({mangle: '-A POSTROUTING -j MARK --set-mark 0x1'})).toBe('forwarded by eth0')
    const order = {
      raw: '-A PREROUTING -p tcp',
      mangle: '-A PREROUTING -p tcp\n-A FORWARD -p tcp\n-A POSTROUTING -p tcp',
      nat: '-A PREROUTING -d 8.8.8.8 -j DNAT --to-destination 10.0.1.9\n-A POSTROUTING -s 10.0.9.9 -j MASQUERADE',
      filter: '-A FORWARD -p tcp',
      security: '-A FORWARD -p tcp',
    }
    const [outcome] = explainWords(tinyNode(order), OUT, {}).explanation.outcomes
    expect(rulesOf(outcome ?? raise())).toEqual([
      'raw PREROUTING 1',
      'mangle PREROUTING 1',
      'nat PREROUTING 1',
      'mangle FORWARD 1',
      'filter FORWARD 1',
      'security FORWARD 1',
      'mangle POSTROUTING 1',
      'nat POSTROUTING 1',
    ])
    expect(outcome?.packet).toMatchObject({src: '10.0.1.2', dst: '10.0.1.9'})
  })

  it('2: rp_filter asks from the address after DNAT (trap-rp-filter-after-dnat)', () => {
    const node = (to: string): NodeState =>
      routed(
        '100: from 10.0.9.9 lookup 7',
        BY_ETH1,
        {nat: `-A PREROUTING -j DNAT --to-destination ${to}`},
        sysctl('net.ipv4.conf.eth1.rp_filter = 1'),
      )
    const flow = {...IN, dst: '10.0.1.2', iif: 'eth1'}
    expect(ends(node('10.0.9.9'), flow)).toBe('forwarded by veth0')
    expect(ends(node('10.0.0.9'), flow)).toBe('dropped (SOURCE_VALIDATION)')
  })

  it.each([
    [0, 0, 'forwarded by veth0'],
    [0, 1, 'dropped (SOURCE_VALIDATION)'],
    [1, 0, 'dropped (SOURCE_VALIDATION)'],
    [1, 2, 'forwarded by veth0'],
    [2, 1, 'forwarded by veth0'],
    [0, 2, 'forwarded by veth0'],
  ])('3: rp_filter is the larger of all (%i) and the interface (%i): %s', (all, own, expected) => {
    const node = tinyNode({}, sysctl(`net.ipv4.conf.all.rp_filter = ${all}`, `net.ipv4.conf.eth1.rp_filter = ${own}`))
    expect(ends(node, {...TO_POD, iif: 'eth1'})).toBe(expected)
  })

  it('3: loose wants any route; the mark counts with src_valid_mark alone (trap-rp-filter-valid-mark)', () => {
    const noDefault = MAIN.split('\n').slice(1).join('\n')
    const loose = {...sysctl('net.ipv4.conf.eth1.rp_filter = 2'), 'ip-route.txt': noDefault}
    expect(ends(tinyNode({}, loose), {...TO_POD, iif: 'eth1'})).toBe('dropped (SOURCE_VALIDATION)')
    const marked = (...lines: string[]): string =>
      ends(
        routed(
          '100: from all fwmark 0x1 lookup 7',
          BY_ETH1 + '\n10.0.9.9 dev veth0 table 7',
          {},
          sysctl('net.ipv4.conf.eth1.rp_filter = 1', ...lines),
        ),
        {...TO_POD, iif: 'eth1', mark: 1},
      )
    expect(marked()).toBe('dropped (SOURCE_VALIDATION)')
    expect(marked('net.ipv4.conf.all.src_valid_mark = 1')).toBe('forwarded by veth0')
    expect(marked('net.ipv4.conf.eth1.src_valid_mark = 1')).toBe('forwarded by veth0')
    expect(marked('net.ipv4.conf.eth0.src_valid_mark = 1')).toBe('dropped (SOURCE_VALIDATION)')
  })

  it("4: the node's own address as source is a martian, rp_filter or not, without accept_local", () => {
    const spoofed = {...TO_POD, src: '10.0.1.2'}
    expect(ends(tinyNode({}, sysctl()), spoofed)).toBe('dropped (MARTIAN_SOURCE)')
    expect(ends(routed('100: from 1.1.1.1 lookup 7', BY_ETH1), spoofed)).toBe('dropped (MARTIAN_SOURCE)')
    for (const key of ['all', 'eth0']) {
      expect(ends(tinyNode({}, sysctl(`net.ipv4.conf.${key}.accept_local = 1`)), spoofed)).toBe('forwarded by veth0')
    }
    expect(ends(tinyNode({}, sysctl('net.ipv4.conf.eth1.accept_local = 1')), spoofed)).toBe('dropped (MARTIAN_SOURCE)')
  })

  it('5: an own packet without a source is 0.0.0.0 to `from` rules, and keeps through DNAT the source of its first route', () => {
    const fromRule = routed('100: from 10.0.0.0/24 lookup 7', BY_ETH1)
    expect(outcomeLines(fromRule, OWN)).toBe('forwarded by eth0: udp 10.0.0.2:4000 → 8.8.8.8:53')
    expect(ends(fromRule, {...OWN, src: '10.0.0.2'})).toBe('forwarded by eth1')
    const hinted = routed('', '8.8.8.8 via 10.0.0.1 dev eth0 src 10.0.1.2', {
      nat: '-A OUTPUT -d 8.8.8.8 -j DNAT --to-destination 10.0.0.9',
    })
    expect(packets(hinted, OWN)).toBe('udp 10.0.1.2:4000 → 10.0.0.9:53')
  })

  it('6: OUTPUT routes again behind mangle where mark, addresses or TOS changed, behind nat where the destination did, never behind filter', () => {
    const by = (rules: RuleLines, flow = OWN, rule = '100: from all fwmark 0x1 lookup 7'): string =>
      ends(routed(rule, BY_ETH1, rules), flow)
    expect(by({mangle: '-A OUTPUT -j MARK --set-mark 0x1'})).toBe('forwarded by eth1')
    expect(by({filter: '-A OUTPUT -j MARK --set-mark 0x1'})).toBe('forwarded by eth0')
    expect(by({nat: '-A OUTPUT -j MARK --set-mark 0x1\n-A POSTROUTING -j MASQUERADE'})).toBe('forwarded by eth0')
    expect(by({nat: '-A OUTPUT -j MARK --set-mark 0x1\n-A OUTPUT -j DNAT --to-destination 8.8.4.4'})).toBe(
      'forwarded by eth1',
    )
    expect(by({mangle: '-A OUTPUT -j TOS --set-tos 0x10'}, OWN, '100: from all tos 0x10 lookup 7')).toBe(
      'forwarded by eth1',
    )
    // the reroute knows the source
    expect(by({mangle: '-A OUTPUT -j MARK --set-mark 0x2'}, OWN, '100: from 10.0.0.2 lookup 7')).toBe(
      'forwarded by eth1',
    )
    const nowhere = routed('100: from all fwmark 0x1 prohibit', '', {mangle: '-A OUTPUT -j MARK --set-mark 0x1'})
    expect(ends(nowhere, OWN)).toBe('unroutable (PROHIBIT)')
  })

  it.each([
    ['iif lo: own packets', '100: from all iif lo lookup 7', OWN, 'eth1'],
    ['iif lo: not those from a wire', '100: from all iif lo lookup 7', OUT, 'eth0'],
    ['not: the whole selector', '100: not from 10.0.9.9 to 8.8.8.8 lookup 7', OUT, 'eth0'],
    ['not: one part that fails is enough', '100: not from 10.0.9.9 to 8.8.4.4 lookup 7', OUT, 'eth1'],
    ['equal priorities: as listed', '100: from all lookup 7\n100: from all prohibit', OUT, 'eth1'],
    ['goto', '100: from all goto 200\n150: from all prohibit\n200: from all lookup 7', OUT, 'eth1'],
    ['goto that leads nowhere', '100: from all goto 250 [unresolved]\n200: from all lookup 7', OUT, 'eth1'],
    [
      'goto to a rule that does not match goes on behind it',
      '100: from all goto 200\n150: from all prohibit\n200: from 1.1.1.1 lookup 7',
      OUT,
      'eth0',
    ],
    ['nop', '100: from all nop\n200: from all lookup 7', OUT, 'eth1'],
    [
      'suppress_prefixlength: the default does not count',
      '100: from all lookup 7 suppress_prefixlength 0',
      OUT,
      'eth0',
    ],
    ['suppress_prefixlength: a longer one does', '100: from all lookup 8 suppress_prefixlength 0', OUT, 'eth1'],
    ['throw goes on', '100: from all lookup 9', OUT, 'eth0'],
    ['dport without ipproto: TCP', '100: from all dport 443 lookup 7', OUT, 'eth1'],
    ['dport without ipproto: SCTP', '100: from all dport 443 lookup 7', {...OUT, proto: 'sctp'}, 'eth1'],
    [
      'dport: ICMP has none',
      '100: from all dport 443 lookup 7',
      {src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp'},
      'eth0',
    ],
    ['ipproto', '100: from all ipproto udp dport 443 lookup 7', OUT, 'eth0'],
    ['sport range', '100: from all sport 4000-4001 lookup 7', OUT, 'eth1'],
    ['an interface that does not exist', '100: from all iif veth0 [detached] lookup 7', OUT, 'eth0'],
    ['oif: the device a socket is bound to', '100: from all oif eth1 lookup 7', {...OWN, oif: 'eth1'}, 'eth1'],
  ])('7: %s', (_, rules, flow, device) => {
    expect(
      ends(
        routed(
          rules,
          `${BY_ETH1}\n8.8.8.0/24 via 10.0.1.1 dev eth1 table 8\nthrow 8.8.8.0/24 table 9\n${BY_ETH1.replace('7', '9')}`,
        ),
        flow,
      ),
    ).toBe(`forwarded by ${device}`)
  })

  it('7: ports are those after DNAT', () => {
    const node = routed('100: from all dport 8080 lookup 7', BY_ETH1, {
      nat: '-A PREROUTING -p tcp -j DNAT --to-destination 8.8.4.4:8080',
    })
    expect(ends(node, OUT)).toBe('forwarded by eth1')
  })

  it.each(['blackhole', 'unreachable', 'prohibit'] as const)('8: %s, as a route and as a rule', type => {
    const expected = `unroutable (${type.toUpperCase()})`
    expect(ends(routed('', `${type} 8.8.8.8`), OUT)).toBe(expected)
    expect(ends(routed(`100: from all to 8.8.8.8 ${type}`, ''), OUT)).toBe(expected)
    expect(ends(routed('', `${type} 8.8.8.8`), OWN)).toBe(expected)
  })

  it('8: no route, no forwarding, TTL 1 before FORWARD', () => {
    const noDefault = {'ip-route.txt': MAIN.split('\n').slice(1).join('\n')}
    expect(ends(tinyNode({}, noDefault), OUT)).toBe('unroutable (NO_ROUTE)')
    expect(ends(tinyNode({}, {'sysctl.txt': 'net.ipv4.ip_forward = 0'}), OUT)).toBe('unroutable (FORWARDING_DISABLED)')
    expect(ends(tinyNode({}, {...noDefault, 'sysctl.txt': 'net.ipv4.ip_forward = 0'}), OUT)).toBe(
      'unroutable (FORWARDING_DISABLED)',
    )
    const perInterface = 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.veth0.forwarding = 0'
    expect(ends(tinyNode({}, {'sysctl.txt': perInterface}), OUT)).toBe('unroutable (FORWARDING_DISABLED)')
    expect(ends(tinyNode({}, {'sysctl.txt': perInterface}), TO_POD)).toBe('forwarded by veth0')
    const dropsAll = tinyNode({filter: '-A FORWARD -j DROP'})
    expect(ends(dropsAll, {...OUT, ttl: 1})).toBe('unroutable (TTL_EXCEEDED)')
    expect(ends(dropsAll, {...OUT, ttl: 2})).toBe('dropped (FILTER_RULE)')
  })

  it('9: the metric decides before the type, the tos before the metric; tos is compared with TOS & 0x1c', () => {
    expect(ends(routed('', 'prohibit 8.8.8.8 metric 5\n8.8.8.8 via 10.0.1.1 dev eth1 metric 4'), OUT)).toBe(
      'forwarded by eth1',
    )
    expect(ends(routed('', 'prohibit 8.8.8.8 metric 4\n8.8.8.8 via 10.0.1.1 dev eth1 metric 5'), OUT)).toBe(
      'unroutable (PROHIBIT)',
    )
    const byTos = routed('', 'prohibit 8.8.8.8\n8.8.8.8 tos 0x10 via 10.0.1.1 dev eth1 metric 9')
    expect(ends(byTos, OUT)).toBe('unroutable (PROHIBIT)')
    expect(ends(byTos, {...OUT, dscp: 4})).toBe('forwarded by eth1')
    expect(ends(byTos, {...OUT, dscp: 0x24})).toBe('forwarded by eth1')
    expect(ends(routed('100: from all tos 0x10 lookup 7', BY_ETH1), {...OUT, dscp: 0x24})).toBe('forwarded by eth1')
    expect(ends(routed('100: from all tos 0x90 lookup 7', BY_ETH1), {...OUT, dscp: 0x24})).toBe('forwarded by eth0')
  })

  it('10: the local table is first only where its rule is (trap-local-table-late)', () => {
    const strict = tinyNode(
      {},
      {
        'ip-rule.txt':
          '10: from all iif veth0 lookup 7\n20: from all lookup local\n32766: from all lookup main\n32767: from all lookup default',
        'ip-route.txt': `${BY_ETH1}\n${MAIN}`,
      },
    )
    expect(ends(strict, {...OUT, dst: '10.0.0.2'})).toBe('forwarded by eth1')
    expect(ends(strict, IN)).toBe('delivered')
  })

  it('11: broadcasts are delivered; 127.0.0.0/8 passes no wire without route_localnet', () => {
    const udp = {...IN, src: '10.0.0.7', proto: 'udp'}
    expect(ends(tinyNode(), {...udp, dst: '10.0.0.255'})).toBe('delivered')
    expect(ends(tinyNode(), {...udp, dst: '255.255.255.255'})).toBe('delivered')
    const toLoopback = {nat: '-A PREROUTING -p tcp -j DNAT --to-destination 127.0.0.1'}
    expect(ends(tinyNode(toLoopback), IN)).toBe('dropped (MARTIAN_DESTINATION)')
    for (const key of ['all', 'eth0']) {
      expect(ends(tinyNode(toLoopback, sysctl(`net.ipv4.conf.${key}.route_localnet = 1`)), IN)).toBe('delivered')
    }
    expect(ends(tinyNode(), {...TO_POD, src: '127.0.0.1'})).toBe('dropped (MARTIAN_SOURCE)')
    expect(ends(tinyNode(), {...OWN, src: '127.0.0.1'})).toBe('unroutable (MARTIAN_SOURCE)')
    expect(ends(tinyNode({}, sysctl('net.ipv4.conf.all.route_localnet = 1')), {...OWN, src: '127.0.0.1'})).toBe(
      'forwarded by eth0',
    )
  })

  it('12: a route printed without scope has scope global: its source may not be of scope link', () => {
    const addresses = `
      1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
          inet 127.0.0.1/8 scope host lo
      2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001
          inet 10.0.7.7/24 scope link eth0
          inet 10.0.0.2/24 scope global eth0`
    const node = (route: string): NodeState => tinyNode({}, {'ip-addr.txt': addresses, 'ip-route.txt': route})
    expect(packets(node('8.8.8.8 dev eth0'), OWN)).toBe('udp 10.0.0.2:4000 → 8.8.8.8:53')
    expect(packets(node('8.8.8.8 dev eth0 scope link'), OWN)).toBe('udp 10.0.7.7:4000 → 8.8.8.8:53')
  })

  it('13: a linkdown route is used, unless ignore_routes_with_linkdown (trap-linkdown-used, trap-linkdown-ignored)', () => {
    const down = '8.8.8.8 via 10.0.1.1 dev eth1 linkdown'
    expect(ends(routed('', down), OUT)).toBe('forwarded by eth1')
    expect(ends(routed('', down, {}, sysctl('net.ipv4.conf.eth1.ignore_routes_with_linkdown = 1')), OUT)).toBe(
      'forwarded by eth0',
    )
  })
})

describe('kernel notes: NAT', () => {
  const masquerade = {nat: '-A POSTROUTING -j MASQUERADE'}
  const source = (documents: Record<string, string>, flow = OUT): string =>
    packets(tinyNode(masquerade, documents), flow).replace(/:.*/, '')
  const addresses = (...lines: string[]): Record<string, string> => ({'ip-addr.txt': lines.join('\n')})

  it("14: MASQUERADE takes the device's first primary address in the next hop's subnet, else its first; never the src hint", () => {
    const two = [
      '1: eth0: <UP> mtu 9001',
      '    inet 10.3.0.2/24 scope global eth0',
      '    inet 10.0.0.2/24 scope global eth0',
    ]
    expect(source(addresses(...two))).toBe('tcp 10.0.0.2')
    expect(source({...addresses(...two), 'ip-route.txt': `8.8.8.8 dev eth0\n${MAIN}`})).toBe('tcp 10.3.0.2')
    expect(source({...addresses(...two), 'ip-route.txt': `8.8.8.8 via 10.0.0.1 dev eth0 src 10.3.0.2\n${MAIN}`})).toBe(
      'tcp 10.0.0.2',
    )
    const secondary = [
      '1: eth0: <UP> mtu 9001',
      '    inet 10.0.0.2/24 scope global eth0',
      '    inet 10.0.0.3/24 scope global secondary eth0',
    ]
    expect(source({...addresses(...secondary), 'ip-route.txt': `8.8.8.8 via 10.0.0.3 dev eth0\n${MAIN}`})).toBe(
      'tcp 10.0.0.2',
    )
  })

  it('14: out of a device without an address it takes the first of any by ifindex, lo before all (trap-masquerade-lo-wins)', () => {
    expect(source({}, TO_POD)).toBe('tcp 10.0.0.2')
    const withLo = addresses(
      '2: eth0: <UP> mtu 9001',
      '    inet 10.0.0.2/24 scope global eth0',
      '1: lo: <LOOPBACK,UP> mtu 65536',
      '    inet 127.0.0.1/8 scope host lo',
      '    inet 10.255.0.1/32 scope global lo',
    )
    expect(source(withLo, TO_POD)).toBe('tcp 10.255.0.1')
    expect(
      ends(
        tinyNode(
          masquerade,
          addresses('1: lo: <UP> mtu 65536', '    inet 127.0.0.1/8 scope host lo', '2: eth0: <UP> mtu 9001'),
        ),
        TO_POD,
      ),
    ).toBe('dropped (NAT_FAILED)')
  })

  it('15: SNAT keeps the port; --random draws one of a set', () => {
    expect(packets(tinyNode({nat: '-A POSTROUTING -j SNAT --to-source 10.0.0.2'}), OUT)).toBe(
      'tcp 10.0.0.2:4000 → 8.8.8.8:443',
    )
    expect(packets(tinyNode({nat: '-A POSTROUTING -j SNAT --to-source 10.0.0.2 --random-fully'}), OUT)).toBe(
      'tcp 10.0.0.2:* → 8.8.8.8:443',
    )
  })

  it.each([
    [400, '512:65535'],
    [400, '0'],
    [700, '0:599'],
    [700, '1024:65535'],
    [4000, '0:1023'],
  ])('15: … of the class of the port before: from %i never one of %s', (sport, never) => {
    // security INPUT of iptables-nft is the one chain that sees a source behind nat
    const rules = {
      nat: '-A INPUT -p tcp -j SNAT --to-source 10.0.0.77 --random',
      security: `-A INPUT -p tcp -m tcp --sport ${never} -j DROP`,
    }
    const node = tinyNode({}, {'iptables-save.txt': saveOf(rules).replace('v1.8.7', 'v1.8.7 (nf_tables)')})
    expect(outcomeLines(node, {...IN, sport})).toBe('delivered: tcp 10.0.0.77:* → 10.0.0.2:80')
  })

  it('16: REDIRECT goes to the device it came in by; none there: dropped; from OUTPUT to 127.0.0.1', () => {
    const redirect = {
      nat: '-A PREROUTING -p tcp -j REDIRECT --to-ports 15001\n-A OUTPUT -p tcp -j REDIRECT --to-ports 15001',
    }
    expect(outcomeLines(tinyNode(redirect), {...TO_POD, iif: 'eth1'})).toBe(
      'delivered: tcp 9.9.9.9:4000 → 10.0.1.2:15001',
    )
    expect(ends(tinyNode(redirect), OUT)).toBe('dropped (NAT_FAILED)')
    expect(outcomeLines(tinyNode(redirect), {...OWN, proto: 'tcp'})).toBe(
      'delivered: tcp 10.0.0.2:4000 → 127.0.0.1:15001',
    )
  })

  it('17: nat sees the first packet only: the answer is rewritten without any rule (trap-existing-connection-skips-nat)', () => {
    const node = tinyNode({
      nat: '-A PREROUTING -d 10.0.0.2 -j DNAT --to-destination 10.0.9.9:8080\n-A PREROUTING -p tcp\n-A POSTROUTING -p tcp -j MASQUERADE',
    })
    const reply = replyOf(node, IN)
    expect(rulesOf(reply)).toEqual([])
    expect(reply.packet).toMatchObject({src: '10.0.0.2', sport: 80, dst: '9.9.9.9', dport: 4000})
    expect(ends(node, {...IN, ctState: 'ESTABLISHED'})).toBe('delivered')
    expect(ends(node, {...IN, ctState: 'RELATED'})).toBe('delivered')
  })

  it('18: nat chains are not run while nothing asks for conntrack (trap-nat-without-conntrack)', () => {
    const marks = {nat: '-A PREROUTING -j DROP'}
    expect(ends(tinyNode(marks), OUT)).toBe('forwarded by eth0')
    expect(ends(tinyNode({...marks, filter: '-A INPUT -m state --state NEW'}), OUT)).toBe('dropped (FILTER_RULE)')
    expect(ends(tinyNode({...marks, mangle: '-A INPUT -j CONNMARK --save-mark'}), OUT)).toBe('dropped (FILTER_RULE)')
  })

  it('19: untracked and invalid packets skip nat', () => {
    const nat = '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.9'
    const to = (rules: RuleLines, flow = OUT): string => packets(tinyNode({nat, ...rules}), flow).replace(/.* /, '')
    expect(to({})).toBe('10.0.0.9:443')
    expect(to({raw: '-A PREROUTING -j NOTRACK'})).toBe('8.8.8.8:443')
    expect(to({}, {...OUT, tcpFlags: 'RST'})).toBe('8.8.8.8:443')
    const states = {
      raw: '-A PREROUTING -j NOTRACK',
      filter: '-A FORWARD -m state --state NEW -j DROP\n-A FORWARD -m state --state UNTRACKED -j REJECT',
    }
    expect(ends(tinyNode(states), OUT)).toBe('rejected (REJECT_RULE)')
  })

  it('20: an ICMP redirect is a packet of its own, which NAT may drop: what goes back out by its device is forwarded all the same', () => {
    const back = {...IN, src: '10.0.0.7', dst: '8.8.8.8'}
    const redirecting = sysctl('net.ipv4.conf.all.send_redirects = 1')
    expect(packets(tinyNode({}, redirecting), back)).toBe('tcp 10.0.0.7:4000 → 8.8.8.8:80')
    const dnat = tinyNode({nat: '-A PREROUTING -d 8.8.8.8 -j DNAT --to-destination 10.0.0.9'}, redirecting)
    expect(ends(dnat, back)).toBe('forwarded by eth0')
    expect(packets(dnat, back)).toBe('tcp 10.0.0.7:4000 → 10.0.0.9:80')
  })

  it('21: --set-xmark 0x4000/0x0 is an exclusive or: it clears the mark that is set and sets the one that is not (trap-kube-xor)', () => {
    const node = tinyNode({mangle: '-A POSTROUTING -j MARK --set-xmark 0x4000/0x0'})
    expect(outcomeLines(node, {...OUT, mark: 0x4001})).toMatch(/ mark 0x1$/)
    expect(outcomeLines(node, {...OUT, mark: 0x1})).toMatch(/ mark 0x4001$/)
  })

  it('22: connmark 0x80 is for what is addressed to the device itself: behind a balancer address the answer goes by eth1', () => {
    const node = routed('100: from all fwmark 0x80/0x80 lookup main\n200: from 10.0.9.9 lookup 7', BY_ETH1, {
      mangle:
        '-A PREROUTING -i eth0 -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80\n' +
        '-A PREROUTING -i veth+ -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
      nat: '-A PREROUTING -i eth0 -p tcp -j DNAT --to-destination 10.0.9.9:8080',
    })
    expect(replyOf(node, IN).egress?.interface).toBe('eth0')
    expect(replyOf(node, {...IN, dst: '203.0.113.5'}).egress?.interface).toBe('eth1')
  })

  it('23: nat INPUT rewrites what the node receives; NETMAP keeps host bits; a range gives one pair one address', () => {
    const input = tinyNode({nat: '-A INPUT -p tcp -j SNAT --to-source 10.0.0.77'})
    expect(outcomeLines(input, IN)).toBe('delivered: tcp 10.0.0.77:4000 → 10.0.0.2:80')
    expect(packets(tinyNode({nat: '-A PREROUTING -j NETMAP --to 10.0.0.64/26'}), {...OUT, dst: '8.8.8.200'})).toMatch(
      /→ 10\.0\.0\.72:/,
    )
    expect(packets(tinyNode({nat: '-A POSTROUTING -j NETMAP --to 10.0.7.0/24'}), OUT)).toMatch(/^tcp 10\.0\.7\.9:/)
    const range = tinyNode({nat: '-A PREROUTING -j DNAT --to-destination 10.0.0.20-10.0.0.90'})
    const chosen = [4000, 4001, 4002].map(sport => packets(range, {...OUT, sport}).replace(/.* (.*):.*/, '$1'))
    expect(new Set(chosen).size).toBe(1)
    expect(chosen[0]).toMatch(/^10\.0\.0\.[2-9]\d$/)
  })
})

describe('kernel notes: filtering', () => {
  const answerOf = (node: NodeState, flow: FlowWords): string | undefined =>
    explainWords(node, flow).explanation.outcomes[0]?.steps?.find(({kind}) => kind === 'reject-answer')?.effect

  it('24: the source of a REJECT is that of its own route; a reset comes from the destination; some packets get no answer', () => {
    const reject = (kind: string): NodeState =>
      tinyNode({filter: `-A FORWARD -j REJECT --reject-with ${kind}\n-A INPUT -j REJECT --reject-with ${kind}`})
    expect(answerOf(reject('icmp-port-unreachable'), {...OUT, proto: 'udp'})).toBe(
      'icmp-port-unreachable goes back from 10.0.0.2 to 10.0.9.9',
    )
    expect(answerOf(reject('icmp-host-prohibited'), {...IN, dst: '10.0.1.2'})).toBe(
      'icmp-host-prohibited goes back from 10.0.1.2 to 9.9.9.9',
    )
    expect(answerOf(reject('tcp-reset'), OUT)).toBe('a TCP reset goes back from 8.8.8.8 to 10.0.9.9')
    expect(answerOf(reject('tcp-reset'), {...OUT, tcpFlags: 'RST'})).toBe('nothing is sent back: a RST is not answered')
    expect(
      answerOf(reject('icmp-port-unreachable'), {src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp', icmpType: 3}),
    ).toBe('nothing is sent back: ICMP errors are not answered')
    expect(answerOf(reject('icmp-port-unreachable'), {...IN, src: '10.0.0.7', dst: '10.0.0.255', proto: 'udp'})).toBe(
      'nothing is sent back: the packet was a broadcast',
    )
  })

  it.each([
    ['SYN', 'NEW'],
    ['SYN,URG', 'NEW'],
    ['ACK', 'NEW'],
    ['ACK,PSH', 'NEW'],
    ['ACK,URG', 'NEW'],
    ['SYN,PSH', 'NEW'],
    ['RST', 'INVALID'],
    ['RST,ACK', 'INVALID'],
    ['FIN', 'INVALID'],
    ['FIN,ACK', 'INVALID'],
    ['SYN,ACK', 'INVALID'],
    ['SYN,FIN', 'INVALID'],
    ['NONE', 'INVALID'],
  ])('25: a TCP packet with %s and no connection is %s', (tcpFlags, state) => {
    const node = tinyNode({filter: `-A FORWARD -m conntrack --ctstate ${state} -j DROP`})
    expect(ends(node, {...OUT, tcpFlags})).toBe('dropped (FILTER_RULE)')
  })

  it.each([
    [8, 'NEW'],
    [13, 'NEW'],
    [15, 'NEW'],
    [17, 'NEW'],
    [0, 'INVALID'],
    [3, 'INVALID'],
    [11, 'INVALID'],
    [14, 'INVALID'],
  ])('25: ICMP type %i without a connection is %s', (icmpType, state) => {
    const node = tinyNode({filter: `-A FORWARD -m conntrack --ctstate ${state} -j DROP`})
    expect(ends(node, {src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp', icmpType})).toBe('dropped (FILTER_RULE)')
  })

  it('25: an ACK is INVALID without tcp_loose', () => {
    const node = tinyNode(
      {filter: '-A FORWARD -m state --state INVALID -j DROP'},
      sysctl('net.netfilter.nf_conntrack_tcp_loose = 0'),
    )
    expect(ends(node, {...OUT, tcpFlags: 'ACK'})).toBe('dropped (FILTER_RULE)')
    expect(ends(node, OUT)).toBe('forwarded by eth0')
  })

  it('26: DNAT is a state from PREROUTING on, SNAT from POSTROUTING on', () => {
    const nat = '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.9\n-A POSTROUTING -j MASQUERADE'
    const at = (table: 'mangle' | 'filter', chain: string, state: string): string =>
      ends(
        tinyNode({nat, [table]: `-A ${chain} -m conntrack --ctstate ${state} -m conntrack --ctdir ORIGINAL -j DROP`}),
        OUT,
      )
    expect(at('mangle', 'PREROUTING', 'DNAT')).toBe('forwarded by eth0')
    expect(at('filter', 'FORWARD', 'DNAT')).toBe('dropped (FILTER_RULE)')
    expect(at('filter', 'FORWARD', 'SNAT')).toBe('forwarded by eth0')
    expect(at('mangle', 'POSTROUTING', 'SNAT')).toBe('forwarded by eth0')
    const answered = tinyNode({nat, filter: '-A FORWARD -m conntrack --ctstate SNAT -j DROP'})
    expect(replyOf(answered, OUT).disposition).toBe('dropped')
  })

  it.each([
    [
      "the end of the target returns to the caller's caller",
      '-A FORWARD -j A\n-A FORWARD -j DROP\n-A A -g B\n-A A -j ACCEPT\n-A B -p udp',
      'dropped (FILTER_RULE)',
    ],
    [
      'from a base chain: policy',
      ':FORWARD DROP\n-A FORWARD -g B\n-A FORWARD -j ACCEPT\n-A B -p udp',
      'dropped (CHAIN_POLICY)',
    ],
    [
      'RETURN in the target likewise',
      ':FORWARD DROP\n-A FORWARD -g B\n-A FORWARD -j ACCEPT\n-A B -j RETURN',
      'dropped (CHAIN_POLICY)',
    ],
    [
      'RETURN in a base chain: policy',
      ':FORWARD DROP\n-A FORWARD -j RETURN\n-A FORWARD -j ACCEPT',
      'dropped (CHAIN_POLICY)',
    ],
  ])('27: goto: %s', (_, filter, expected) => {
    expect(ends(tinyNode({filter}), OUT)).toBe(expected)
  })

  it('28: `! -o X` and `-o +` hold where there is no device', () => {
    for (const match of ['! -o eth0', '-o +']) {
      expect(ends(tinyNode({mangle: `-A PREROUTING -j A\n-A A ${match} -j DROP`}), OUT)).toBe('dropped (FILTER_RULE)')
      expect(ends(tinyNode({filter: `-A INPUT -j A\n-A A ${match} -j DROP`}), IN)).toBe('dropped (FILTER_RULE)')
    }
    expect(ends(tinyNode({mangle: '-A PREROUTING -j A\n-A A -o eth0 -j DROP'}), OUT)).toBe('forwarded by eth0')
    expect(ends(tinyNode({filter: '-A OUTPUT -j A\n-A A ! -i eth0 -j DROP'}), OWN)).toBe('dropped (FILTER_RULE)')
  })

  it.each([
    ['127.0.0.1', 'LOCAL', true],
    ['127.200.0.1', 'LOCAL', true],
    ['10.0.1.2', 'LOCAL', true],
    ['10.0.1.2', 'LOCAL --limit-iface-in', false],
    ['10.0.0.2', 'LOCAL --limit-iface-in', true],
    ['10.0.0.255', 'LOCAL', false],
    ['10.0.0.255', 'BROADCAST', true],
    ['255.255.255.255', 'BROADCAST', true],
    ['0.1.2.3', 'BROADCAST', true],
    ['224.0.0.1', 'MULTICAST', true],
    ['10.0.0.9', 'UNICAST', true],
  ])('29: %s is of type %s: %s', (dst, type, expected) => {
    const node = tinyNode({raw: `-A PREROUTING -m addrtype --dst-type ${type} -j DROP`})
    const [outcome] = explainWords(node, {...IN, proto: 'udp', dst}).explanation.outcomes
    expect(rulesOf(outcome ?? raise())).toEqual(expected ? ['raw PREROUTING 1'] : [])
  })

  it('30: a comment may hold "-j DROP" and escapes; `-m comment` before or behind other matches is the same', () => {
    const node = tinyNode({
      filter: String.raw`-A FORWARD -m comment --comment "not -j DROP, \"quoted\", it's" -p udp -j DROP`,
    })
    expect(ends(node, OUT)).toBe('forwarded by eth0')
    expect(ends(node, {...OUT, proto: 'udp'})).toBe('dropped (FILTER_RULE)')
  })

  it('31: both back ends give the same rules the same meaning', () => {
    const rules = {nat: '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.9', filter: '-A FORWARD -p tcp -j DROP'}
    const save = saveOf(rules)
    const nft = tinyNode({}, {'iptables-save.txt': save.replace('v1.8.7', 'v1.8.7 (nf_tables)')})
    expect(outcomeLines(nft, OUT)).toBe(outcomeLines(tinyNode(rules), OUT))
  })

  it('32: nth counts per rule over all packets; recent is state that no capture holds: both branch', () => {
    for (const match of [
      '-m statistic --mode nth --every 2 --packet 0',
      '-m recent --rcheck --seconds 60 --name x --rsource',
    ]) {
      const {outcomes} = explainWords(tinyNode({mangle: `-A PREROUTING -i veth0 ${match} -j DROP`}), OUT).explanation
      expect(
        outcomes.map(({disposition, probability, conditions}) => [disposition, probability, conditions.length]),
      ).toEqual([
        ['dropped', 1, 1],
        ['forwarded', 1, 1],
      ])
    }
  })
})

describe('kernel notes: back ends and order', () => {
  const both = (legacy: RuleLines, nft: RuleLines): NodeState =>
    tinyNode(
      {},
      {
        'iptables-save.txt': null,
        'iptables-legacy-save.txt': saveOf(legacy),
        'iptables-nft-save.txt': saveOf(nft).replace('v1.8.7', 'v1.8.7 (nf_tables)'),
      },
    )

  it('33: both back ends run; the first nat chain that binds ends nat, an ACCEPT without a binding does not', () => {
    const dnat = '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.9'
    expect(packets(both({nat: dnat}, {nat: '-A PREROUTING -j ACCEPT'}), OUT).split('\n')).toEqual([
      'tcp 10.0.9.9:4000 → 10.0.0.9:443',
      'tcp 10.0.9.9:4000 → 10.0.0.9:443',
    ])
    expect(ends(both({mangle: '-A FORWARD -j ACCEPT'}, {filter: '-A FORWARD -j DROP'}), OUT)).toBe(
      'dropped (FILTER_RULE)',
    )
    expect(ends(both({filter: '-A FORWARD -j ACCEPT'}, {mangle: '-A FORWARD -j DROP'}), OUT)).toBe(
      'dropped (FILTER_RULE)',
    )
    // iptables-nft gives security a later place: 150, legacy 50
    const places = both({security: '-A FORWARD -j DROP'}, {security: '-A FORWARD -j REJECT'})
    expect(ends(places, OUT)).toBe('dropped (FILTER_RULE)')
  })

  it('34: at equal priority the one registered later ran first, which no listing shows: both orders are walked', () => {
    const node = both({filter: '-A FORWARD -j DROP'}, {filter: '-A FORWARD -j REJECT'})
    const {outcomes} = explainWords(node, OUT).explanation
    expect(outcomes.map(({disposition}) => disposition).sort()).toEqual(['dropped', 'rejected'])
    for (const {conditions} of outcomes)
      expect(conditions.join()).toMatch(/^if the filter FORWARD chain of iptables-(nft|legacy) runs first/)
    const nat = both(
      {nat: '-A PREROUTING -j DNAT --to-destination 10.0.0.7'},
      {nat: '-A PREROUTING -j DNAT --to-destination 10.0.0.8'},
    )
    expect(packets(nat, OUT).split('\n').sort()).toEqual([
      'tcp 10.0.9.9:4000 → 10.0.0.7:443',
      'tcp 10.0.9.9:4000 → 10.0.0.8:443',
    ])
  })

  it('35, 36: what iptables-save cannot show (native tables of VPC CNI 1.23 and kube-proxy) is listed as missing', () => {
    expect(tinyNode().missing.map(({code}) => code)).toContain('NFT')
  })

  // one rule that asks for conntrack, so that nat is run at all
  const filter = '-A INPUT -m state --state NEW'

  it('37: a table that a save could not list, or that a fragment does not hold, is unknown, not empty', () => {
    const save = saveOf({filter}).replace('v1.8.7', 'v1.8.7 (nf_tables)')
    expect(ends(tinyNode({}, {'iptables-save.txt': save}), OUT)).toBe('forwarded by eth0')
    for (const table of ['raw', 'mangle', 'nat']) {
      const hidden = `# Table \`${table}' is incompatible, use 'nft' tool.\n`
      expect(ends(tinyNode({}, {'iptables-save.txt': save + hidden}), OUT)).toBe('undetermined (MISSING_INPUT)')
    }
    const fragment = saveOf({filter}).replace(/^#.*\n/gm, '')
    expect(ends(tinyNode({}, {'iptables-save.txt': fragment}), OUT)).toBe(
      'if undetermined (MISSING_INPUT)\nunless undetermined (MISSING_INPUT)', // nat in any case
    )
  })

  it('37: an unlisted nat table may itself be what asks for conntrack', () => {
    const save = saveOf({filter: ''}).replace('v1.8.7', 'v1.8.7 (nf_tables)')
    const hidden = "# Table `nat' is incompatible, use 'nft' tool.\n"
    expect(ends(tinyNode({}, {'iptables-save.txt': save + hidden}), OUT)).toBe('undetermined (MISSING_INPUT)')
  })
})

describe('kernel notes: IPv6', () => {
  const TO_POD6: FlowWords = {...IN6, dst: '2001:db8:9::9'}
  const OWN6: FlowWords = {src: null, dst: '2001:db8:ffff::8', proto: 'udp', sport: 4000, dport: 53}
  const drop = {filter: '-A FORWARD -j DROP'}

  it('56: no source validation: any source passes, from any device', () => {
    const strict = sysctl('net.ipv4.conf.all.rp_filter = 1', 'net.ipv6.conf.all.forwarding = 1')
    expect(ends(tinyNode({}, strict), {...TO_POD6, iif: 'eth1'})).toBe('forwarded by veth0')
    expect(ends(tinyNode(), {...OUT6, iif: 'eth1'})).toBe('forwarded by eth0')
    expect(ends(tinyNode(), {...TO_POD6, src: '2001:db8::2'})).toBe('forwarded by veth0')
  })

  it('57: a v4-mapped source is forwarded; a link-local one stops before FORWARD, and so does ::', () => {
    const dropping = tinyNode({}, {'ip6tables-save.txt': saveOf(drop, 'ip6tables-save')})
    expect(ends(dropping, {...TO_POD6, src: '::ffff:10.0.0.1'})).toBe('dropped (FILTER_RULE)')
    for (const src of ['fe80::77', '::']) {
      expect(ends(dropping, {...TO_POD6, src})).toBe('unroutable (INVALID_SOURCE)')
    }
    expect(ends(dropping, {...TO_POD6, src: '::', ttl: 1})).toBe('unroutable (TTL_EXCEEDED)')
  })

  it('58: DNAT to ::1 or to a link-local address of another device is looked up on the device it came in by', () => {
    const to = (address: string, flow: FlowWords): string =>
      ends(
        tinyNode(
          {},
          {
            'ip6tables-save.txt': saveOf(
              {nat: `-A PREROUTING -p tcp -j DNAT --to-destination ${address}`},
              'ip6tables-save',
            ),
          },
        ),
        flow,
      )
    expect(to('[::1]:80', IN6)).toBe('forwarded by eth0')
    expect(to('[::1]:80', OUT6)).toBe('unroutable (NO_ROUTE)')
    expect(to('[fe80::99]:80', IN6)).toBe('forwarded by eth0')
    expect(to('[fe80::99]:80', OUT6)).toBe('delivered')
  })

  it('59: an unbound socket is :: to `from` rules; without a route the kernel picks a source and asks again', () => {
    const found = routed6('100: from 2001:db8::/64 prohibit', '')
    expect(outcomeLines(found, OWN6)).toBe('forwarded by eth0: udp 2001:db8::2:4000 → 2001:db8:ffff::8:53')
    const second = tinyNode(
      {},
      {
        'ip-rule6.txt': '0: from all lookup local\n100: from 2001:db8::/64 lookup 7\n32766: from all lookup main',
        'ip-route6.txt':
          'default via fe80::1 dev eth1 table 7 metric 1024 pref medium\n2001:db8::/64 dev eth0 proto kernel metric 256 pref medium',
      },
    )
    expect(ends(second, OWN6)).toBe('forwarded by eth1')
    expect(ends(routed6('', 'prohibit 2001:db8:ffff::8 dev lo metric 1024 pref medium'), OWN6)).toBe(
      'unroutable (PROHIBIT)',
    )
  })

  it.each(['blackhole', 'unreachable', 'prohibit'] as const)('60: %s routes', type => {
    const node = routed6('', `${type} 2001:db8:ffff::8 dev lo metric 1024 pref medium`)
    expect(ends(node, OUT6)).toBe(`unroutable (${type.toUpperCase()})`)
  })

  it('60: hop limit 1, forwarding of conf.all alone, the metric before the type', () => {
    const dropping = tinyNode({}, {'ip6tables-save.txt': saveOf(drop, 'ip6tables-save')})
    expect(ends(dropping, {...OUT6, ttl: 1})).toBe('unroutable (TTL_EXCEEDED)')
    const forwarding = (...lines: string[]): string => ends(tinyNode({}, {'sysctl.txt': lines.join('\n')}), OUT6)
    expect(forwarding('net.ipv6.conf.all.forwarding = 0', 'net.ipv6.conf.veth0.forwarding = 1')).toBe(
      'unroutable (FORWARDING_DISABLED)',
    )
    expect(forwarding('net.ipv6.conf.all.forwarding = 1', 'net.ipv6.conf.veth0.forwarding = 0')).toBe(
      'forwarded by eth0',
    )
    const metric = (blackhole: number): string =>
      ends(
        routed6(
          '',
          `blackhole 2001:db8:ffff::8 dev lo metric ${blackhole} pref medium\n2001:db8:ffff::8 via fe80::1 dev eth0 metric 1024 pref medium`,
        ),
        OUT6,
      )
    expect(metric(1023)).toBe('unroutable (BLACKHOLE)')
    expect(metric(1025)).toBe('forwarded by eth0')
  })

  it('61: MASQUERADE chooses as a socket would, out of a veth too; REDIRECT there goes to its fe80:: address', () => {
    const with6 = (nat: string): NodeState => tinyNode({}, {'ip6tables-save.txt': saveOf({nat}, 'ip6tables-save')})
    expect(packets(with6('-A POSTROUTING -j MASQUERADE'), TO_POD6)).toBe('tcp 2001:db8::2:4000 → 2001:db8:9::9:80')
    expect(outcomeLines(with6('-A PREROUTING -p tcp -j REDIRECT --to-ports 8080'), {...OUT6, dst: 'fe80::77'})).toMatch(
      /^delivered: .* fe80::99:8080$/,
    )
    expect(ends(with6('-A PREROUTING -p tcp -j REDIRECT --to-ports 8080'), {...IN6, iif: 'eth1'})).toBe(
      'dropped (NAT_FAILED)',
    )
  })

  it('62: the subnet-router anycast address is local while forwarding is on', () => {
    const ping = {...IN6, dst: '2001:db8::', proto: 'icmpv6', sport: null, dport: null}
    expect(ends(tinyNode(), ping)).toBe('delivered')
    expect(ends(tinyNode({}, {'sysctl.txt': 'net.ipv6.conf.all.forwarding = 0'}), ping)).not.toBe('delivered')
  })

  it.each([
    [128, 'NEW'],
    [129, 'INVALID'],
    [2, 'INVALID'],
    [1, 'INVALID'],
    [133, 'UNTRACKED'],
    [135, 'UNTRACKED'],
    [136, 'UNTRACKED'],
  ])('63: ICMPv6 type %i without a connection is %s', (icmpType, state) => {
    const rules = {filter: `-A FORWARD -m conntrack --ctstate ${state} -j DROP`}
    const node = tinyNode({}, {'ip6tables-save.txt': saveOf(rules, 'ip6tables-save')})
    expect(ends(node, {src: '2001:db8:9::9', dst: '2001:db8:ffff::8', proto: 'icmpv6', icmpType})).toBe(
      'dropped (FILTER_RULE)',
    )
  })

  it('64: fe80:: gateways; no table default, and none is missed', () => {
    const {explanation, assumptions} = explainWords(tinyNode(), OUT6)
    expect(explanation.outcomes[0]?.egress).toMatchObject({interface: 'eth0', nextHop: 'fe80::1'})
    expect(assumptions.map(({code}) => code)).not.toContain('TABLE_DEFAULT_EMPTY')
    const noDefault = {'ip-route6.txt': '2001:db8:9::9 dev veth0 metric 1024 pref medium'}
    expect(ends(tinyNode({}, noDefault), {...OUT6, iif: 'veth0'})).toBe('unroutable (NO_ROUTE)')
  })
})

function raise(): never {
  throw new Error('no outcome')
}
