import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {addressListing} from '../../support/addressListing.js'
import {outcomeLines} from '../../support/outcomeLines.js'
import {type RuleLines, saveOf, tinyNode} from '../../support/tinyNode.js'

const IN: FlowWords = {src: '9.9.9.9', dst: '10.0.0.2', proto: 'udp', sport: 4000, dport: 80, iif: 'eth0'}
const IN6: FlowWords = {src: '2001:db8:ffff::8', dst: '2001:db8::2', proto: 'udp', sport: 4000, dport: 80, iif: 'eth0'}

/** fib_add_ifaddr: what addresses put in the local table. */
describe('a local table made of the addresses', () => {
  const documents = {
    'ip-addr.txt': addressListing({
      eth0: [
        '10.0.0.2/24 brd 10.0.0.255 scope global eth0',
        '10.0.0.3/24 brd 10.0.0.255 scope global secondary eth0',
        '10.0.5.3/24 scope global secondary eth0',
        '10.0.6.2/24 brd 10.0.6.99 scope global eth0',
        '2001:db8::2/64 scope global',
        '2001:db8:1::2/127 scope global',
      ],
      eth1: ['10.0.7.2 peer 10.0.8.1/32 scope global eth1', '10.0.10.2/31 scope global eth1'],
      down: ['10.0.11.2/24 brd 10.0.11.255 scope global down'],
    }).replace(/down: <.*>/, 'down: <BROADCAST,MULTICAST>'),
  }
  const node = tinyNode({}, documents)
  /** Type of the route that decides, and its `src` as own packets get it. */
  const at = (dst: string): string => {
    const flow = dst.includes(':') ? {...IN6, dst} : {...IN, dst}
    const route = explainWords(node, flow).explanation.outcomes[0]?.steps?.find(({kind}) => kind === 'route')
    return route?.target ?? 'none'
  }

  it.each([
    ['10.0.0.2', 'local'],
    ['10.0.0.3', 'local'],
    ['10.0.0.255', 'broadcast'],
    ['10.0.0.0', 'unicast'],
    ['10.0.5.3', 'local'],
    ['10.0.5.255', 'unicast'],
    ['10.0.6.99', 'broadcast'],
    ['10.0.6.255', 'broadcast'],
    ['10.0.7.2', 'local'],
    ['10.0.8.1', 'unicast'],
    ['10.0.10.2', 'local'],
    ['10.0.10.3', 'unicast'],
    ['10.0.11.2', 'local'],
    ['10.0.11.255', 'unicast'],
    ['2001:db8::2', 'local'],
    ['2001:db8::', 'anycast'],
    ['2001:db8:1::2', 'local'],
    ['2001:db8:1::3', 'unicast'],
  ])('%s: %s', (address, expected) => {
    expect(at(address)).toBe(expected)
  })

  it.each([
    ['a primary address: itself', '10.0.0.2', '10.0.0.2'],
    ['a secondary one: the primary of its subnet', '10.0.0.3', '10.0.0.2'],
    ['… itself where the subnet has none', '10.0.5.3', '10.0.5.3'],
    ['127.0.0.2: 127.0.0.1', '127.0.0.2', '127.0.0.1'],
  ])('the source of own packets to %s', (_, dst, expected) => {
    expect(outcomeLines(node, {...IN, src: null, dst, iif: null})).toBe(`delivered: udp ${expected}:4000 → ${dst}:80`)
  })

  it('no subnet-router anycast address on a node that forwards nothing', () => {
    const host = tinyNode({}, {...documents, 'sysctl.txt': 'net.ipv6.conf.all.forwarding = 0'})
    expect(outcomeLines(host, {...IN6, dst: '2001:db8::'})).toMatch(/^unroutable \(FORWARDING_DISABLED\)/)
  })
})

describe('without addresses', () => {
  const documents = {
    'ip-addr.txt': null,
    'ip-route6.txt': '2001:db8::/64 dev eth0 src 2001:db8::2\ndefault via fe80::1 dev eth0\n',
  }
  const into = (flow: FlowWords, rules: RuleLines = {}, rules6: RuleLines = {}): string =>
    outcomeLines(
      tinyNode(rules, {...documents, 'ip6tables-save.txt': saveOf({filter: '', ...rules6}, 'ip6tables-save')}),
      flow,
    ).replace(/[ :].*/, '')
  const LONG = Array.from({length: 101}, () => '-A LONG -j SNAT --to-source 10.0.0.55').join('\n')

  it.each<[string, FlowWords, string, RuleLines?, RuleLines?]>([
    ['a `src` hint', {...IN, dst: '10.0.1.2'}, 'delivered'],
    ['a `src` hint of IPv6', IN6, 'delivered'],
    ['::1', {...IN6, src: '::1', dst: '::1', iif: 'lo'}, 'delivered'],
    ['127.0.0.9', {...IN, src: '127.0.0.1', dst: '127.0.0.9', iif: 'lo'}, 'delivered'],
    [
      'what SNAT puts on packets',
      {...IN, dst: '10.0.0.55'},
      'delivered',
      {nat: '-A POSTROUTING -j SNAT --to-source 10.0.0.55'},
    ],
    [
      '… in a chain that is jumped to',
      {...IN, dst: '10.0.0.55'},
      'delivered',
      {nat: '-A POSTROUTING -j A\n-A A -j SNAT --to-source 10.0.0.55'},
    ],
    [
      '… or gone to',
      {...IN, dst: '10.0.0.55'},
      'delivered',
      {nat: '-A POSTROUTING -g A\n-A A -j SNAT --to-source 10.0.0.55'},
    ],
    [
      '… and back',
      {...IN, dst: '10.0.0.55'},
      'delivered',
      {nat: '-A POSTROUTING -j A\n-A A -j A\n-A A -j SNAT --to-source 10.0.0.55'},
    ],
    [
      '… not in one that nothing leads to',
      {...IN, dst: '10.0.0.55'},
      'forwarded',
      {nat: '-A A -j SNAT --to-source 10.0.0.55'},
    ],
    ['… not in a long one', {...IN, dst: '10.0.0.55'}, 'forwarded', {nat: `-A POSTROUTING -j LONG\n${LONG}`}],
    [
      '… not the ports of a rule without address',
      {...IN, dst: '10.0.0.55'},
      'forwarded',
      {nat: '-A POSTROUTING -p udp -j SNAT --to-source :9'},
    ],
    [
      '… of IPv6',
      {...IN6, dst: '2001:db8:5::5'},
      'delivered',
      {},
      {nat: '-A POSTROUTING -j SNAT --to-source 2001:db8:5::5'},
    ],
    [
      'neither DNAT',
      {...IN, dst: '10.0.0.55'},
      'forwarded',
      {nat: '-A POSTROUTING -p udp -j MASQUERADE\n-A PREROUTING -d 1.1.1.1/32 -j DNAT --to-destination 10.0.0.55'},
    ],
  ])('%s', (_, flow, expected, rules = {}, rules6 = {}) => {
    expect(into(flow, rules, rules6)).toBe(expected)
  })
})
