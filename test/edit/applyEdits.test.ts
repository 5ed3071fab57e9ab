import {applyEdits} from '../../src/edit/index.js'
import {loadNode} from '../../src/node/index.js'
import {tinyNode} from '../support/tinyNode.js'
import {chainAfter, refusalOf, routesAfter, rulesAfter} from './support.js'

const node = tinyNode(
  {
    filter: `
      -A FORWARD -i veth0 -m comment --comment "a note" -j ACCEPT
      -A FORWARD -p tcp -m tcp --dport 80 -j KUBE-FORWARD
      -A KUBE-FORWARD -j ACCEPT`,
    nat: '-A POSTROUTING -s 10.0.9.9/32 -j MASQUERADE',
  },
  {
    'ip-rule.txt': `
      0: from all lookup local
      512: from all to 10.0.9.9 lookup main
      1024: from all fwmark 0x80/0x80 lookup main
      32766: from all lookup main
      32767: from all lookup default`,
    'ip-route.txt': `
      default via 10.0.1.1 dev eth1 table 2
      10.0.1.1 dev eth1 table 2 scope link
      default via 10.0.0.1 dev eth0
      10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2
      10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.2
      10.0.9.9 dev veth0 scope link
      local 10.0.0.2 dev eth0 table local proto kernel scope host src 10.0.0.2
      local 10.0.1.2 dev eth1 table local proto kernel scope host src 10.0.1.2`,
    'ipset-save.txt': 'create allowed hash:ip family inet hashsize 1024 maxelem 65536\nadd allowed 10.0.0.7',
    'conntrack.txt':
      'tcp 6 86399 ESTABLISHED src=10.0.9.9 dst=10.0.0.7 sport=40000 dport=80 src=10.0.0.7 dst=10.0.0.2 sport=80 dport=40000 [ASSURED] mark=0 use=1',
  },
)

const RULES = [
  '0: from all lookup local',
  '512: from all to 10.0.9.9 lookup main',
  '1024: from all fwmark 0x80/0x80 lookup main',
  '32766: from all lookup main',
  '32767: from all lookup default',
]
const without = (...gone: number[]): string[] => RULES.filter((_, i) => !gone.includes(i))
const withRule = (at: number, text: string): string[] => RULES.toSpliced(at, 0, text)

describe('ip rule', () => {
  test.each([
    ['ip rule add from 10.0.9.9 lookup 2 priority 1536', withRule(3, '1536: from 10.0.9.9 lookup 2')],
    ['ip ru a from 10.0.9.9 table 2 pref 1536', withRule(3, '1536: from 10.0.9.9 lookup 2')],
    ['sudo /sbin/ip rule add pref 1024 from all lookup 2', withRule(3, '1024: from all lookup 2')],
    // without a priority: one before the second rule (fib_default_rule_pref)
    ['ip rule add from 10.0.9.9', withRule(1, '511: from 10.0.9.9 lookup main')],
    ['ip rule add iif eth9 lookup 2 prio 10', withRule(1, '10: from all iif eth9 [detached] lookup 2')],
    ['ip rule add iif eth1 blackhole prio 10', withRule(1, '10: from all iif eth1 blackhole')],
    ['ip rule add goto 32766 prio 10', withRule(1, '10: from all goto 32766')],
    ['ip rule add goto 99 prio 10', withRule(1, '10: from all goto 99 [unresolved]')],
    [
      'ip rule add goto 99 prio 10; ip rule add prio 99',
      [...withRule(1, '10: from all goto 99').toSpliced(2, 0, '99: from all lookup main')],
    ],
    ['ip rule del pref 512', without(1)],
    ['ip rule del to 10.0.9.9 lookup main', without(1)],
    ['ip rule del fwmark 0x80/0x80', without(2)],
    ['ip rule del lookup main', without(1)],
    ['ip rule del pref 32766 ; ip rule del pref 512', without(1, 3)],
  ])('%s', (edit, expected) => {
    expect(rulesAfter(node, edit)).toEqual(expected)
  })

  it('is IPv6 where -6 says so', () => {
    expect(rulesAfter(node, 'ip -6 rule add from 2001:db8:9::9 lookup 2 prio 7', 6)[1]).toBe(
      '7: from 2001:db8:9::9 lookup 2',
    )
    expect(rulesAfter(node, 'ip -6 rule add from 2001:db8:9::9 lookup 2 prio 7')).toEqual(RULES)
  })

  test.each([
    ['ip rule add pref 512 to 10.0.9.9 lookup main', /has this rule already: ip-rule\.txt:2\.$/],
    ['ip rule del pref 1536', /has no such rule\.$/],
    [
      'ip rule del pref 512 lookup 2',
      /no such rule\. Of that priority there is: 512: from all to 10\.0\.9\.9 lookup main\.$/,
    ],
    ['ip rule del', /at its end: expected what the rule says/],
    ['ip rule ad from 10.0.9.9 lookup 2 priority abc', /at "abc" \(column 44\): expected a priority\.$/],
    ['ip rule list', /at "list" \(column 9\): expected add or del\.$/],
    ['ip rule add from 10.0.9.999 lookup 2', /"from 10\.0\.9\.999" cannot be read/],
    ['ip rule add form 10.0.9.9 lookup 2', /not known, "form 10\.0\.9\.9"/],
    ['ip rule add from 2001:db8::1 lookup 2', /say ip -6 rule/],
    ['ip rule add from 10.0.9.9 lookup nowhere', /"nowhere"/],
  ])('%s is refused', (edit, expected) => {
    expect(refusalOf(node, edit)).toMatch(expected)
  })
})

describe('ip route', () => {
  const before = routesAfter(node, 'kernel.sysrq=1')
  test.each([
    ['ip route add 10.9.0.0/16 via 10.0.0.1', [...before, 'main 10.9.0.0/16 eth0']],
    ['ip r add blackhole 10.9.0.0/16', [...before, 'main blackhole 10.9.0.0/16']],
    ['ip route add default via 10.0.0.1 dev eth0 metric 100', [...before, 'main default eth0 metric 100']],
    ['ip route add default via 10.0.1.9 dev eth1 table 3', [...before, '3 default eth1']],
    ['ip route del 10.0.9.9', before.filter(line => !line.includes('10.0.9.9'))],
    ['ip route del default table 2', before.filter(line => line !== '2 default eth1')],
    ['ip route del default', before.filter(line => line !== 'main default eth0')],
    [
      'ip route replace default via 10.0.1.1 dev eth1',
      before.map(line => (line === 'main default eth0' ? 'main default eth1' : line)),
    ],
    [
      'ip route change 10.0.9.9 dev eth1',
      before.map(line => (line.includes('10.0.9.9') ? 'main 10.0.9.9/32 eth1' : line)),
    ],
    ['ip route flush table 2', before.filter(line => !line.startsWith('2 '))],
    ['ip route add default nexthop via 10.0.0.1 nexthop via 10.0.1.1 table 4', [...before, '4 default eth0+eth1']],
    ['ip link set eth1 down', before.filter(line => !line.includes('eth1') || line.startsWith('local'))],
    ['ip addr add 10.7.0.1/24 dev eth1', [...before, 'local local 10.7.0.1/32 eth1', 'main 10.7.0.0/24 eth1']],
    [
      'ip addr del 10.0.1.2/24 dev eth1',
      before.filter(line => line !== 'main 10.0.1.0/24 eth1' && line !== 'local local 10.0.1.2/32 eth1'),
    ],
  ])('%s', (edit, expected) => {
    expect(routesAfter(node, edit)).toEqual(expected)
  })

  test.each([
    [
      'ip route add default via 10.0.0.1',
      /has a route to that prefix already: ip-route\.txt:3\. Say ip route replace\.$/,
    ],
    [
      'ip route add 10.9.0.0/16 via 10.77.0.1 dev eth0',
      /no route leads to 10\.77\.0\.1 by eth0\. First: ip route add 10\.77\.0\.1 dev eth0 scope link table main\.$/,
    ],
    ['ip route add 10.9.0.0/16 dev eth7', /has no interface eth7: it has lo, eth0, eth1, veth0/],
    ['ip route add 10.9.0.0/16', /dev or via|no next hop|Where it leads/],
    ['ip route del 10.9.0.0/16', /has no such route\.$/],
    ['ip route change 10.9.0.0/16 dev eth0', /no such route to change/],
    ['ip route add 10.9.0.0/16 dev eth0 src 10.3.3.3', /10\.3\.3\.3 is no address of the node/],
    ['ip route add 10.9.0.0/99 dev eth0', /expected \[TYPE\] PREFIX/],
    ['ip link set eth1 down; ip route add 10.9.0.0/16 dev eth1', /the interface eth1 is down\.$/],
    ['ip link set eth1 up', /eth1 is up already/],
    ['ip tunnel add x', /at "tunnel" \(column 4\): expected rule, route, link or addr\.$/],
  ])('%s is refused', (edit, expected) => {
    expect(refusalOf(node, edit)).toMatch(expected)
  })
})

describe('iptables', () => {
  const forward = [
    'ACCEPT',
    '1 -A FORWARD -i veth0 -m comment --comment "a note" -j ACCEPT',
    '2 -A FORWARD -p tcp -m tcp --dport 80 -j KUBE-FORWARD',
  ]
  test.each([
    ['iptables -A FORWARD -s 10.0.9.9 -j DROP', [...forward, '3 -A FORWARD -s 10.0.9.9 -j DROP']],
    ['iptables -w 5 -t filter -A FORWARD -j DROP', [...forward, '3 -A FORWARD -j DROP']],
    ['iptables-legacy -A FORWARD -j DROP -t filter', [...forward, '3 -A FORWARD -j DROP']],
    [
      "iptables -A FORWARD -m comment --comment 'it is; so' -j DROP",
      [...forward, '3 -A FORWARD -m comment --comment "it is; so" -j DROP'],
    ],
    [
      'iptables -I FORWARD 2 -j RETURN',
      [forward[0], forward[1], '2 -A FORWARD -j RETURN', '3 -A FORWARD -p tcp -m tcp --dport 80 -j KUBE-FORWARD'],
    ],
    ['iptables -R FORWARD 1 -j DROP', [forward[0], '1 -A FORWARD -j DROP', forward[2]]],
    ['iptables -D FORWARD 1', [forward[0], '1 -A FORWARD -p tcp -m tcp --dport 80 -j KUBE-FORWARD']],
    ['iptables -D FORWARD -p tcp --dport 80 -j KUBE-FORWARD', forward.slice(0, 2)],
    [
      'iptables -D FORWARD -j ACCEPT -i veth0 -m comment --comment "a note"'
        .replace('-j ACCEPT ', '')
        .concat(' -j ACCEPT'),
      [forward[0], '1 -A FORWARD -p tcp -m tcp --dport 80 -j KUBE-FORWARD'],
    ],
    ['iptables -P FORWARD DROP', ['DROP', ...forward.slice(1)]],
    ['iptables -F FORWARD', ['ACCEPT']],
    ['iptables -F', ['ACCEPT']],
  ])('%s', (edit, expected) => {
    expect(
      chainAfter(
        node.iptables.length > 1 ? {...node, iptables: node.iptables.slice(0, 1)} : node,
        edit,
        'filter',
        'FORWARD',
      ),
    ).toEqual(expected)
  })

  it('makes and deletes chains', () => {
    expect(
      chainAfter(node, 'iptables -N MINE; iptables -A MINE -j DROP; iptables -A FORWARD -j MINE', 'filter', 'MINE'),
    ).toEqual(['1 -A MINE -j DROP'])
    expect(
      chainAfter(
        node,
        'iptables -D FORWARD 2; iptables -F KUBE-FORWARD; iptables -X KUBE-FORWARD',
        'filter',
        'KUBE-FORWARD',
      ),
    ).toEqual(['no chain'])
    expect(chainAfter(node, 'iptables -t mangle -A PREROUTING -j MARK --set-mark 1', 'mangle', 'PREROUTING')).toEqual([
      'ACCEPT',
      '1 -A PREROUTING -j MARK --set-mark 1',
    ])
  })

  test.each([
    ['iptables -A NOWHERE -j DROP', /has no chain NOWHERE\. Its own are INPUT, FORWARD, OUTPUT/],
    ['iptables -t natt -A FORWARD -j DROP', /expected a table: raw, mangle, nat, filter, security/],
    ['iptables -A FORWARD -j NOCHAIN', /no chain NOCHAIN/],
    ['iptables -A FORWARD --dprt 80 -j DROP', /option --dprt is not known/],
    ['iptables -A FORWARD -s 10.0.0.0.0 -j DROP', /is not what -s takes/],
    ['iptables -A FORWARD -j DNAT --to-destination 10.0.0.1', /in the table nat only/],
    ['iptables -D FORWARD 9', /FORWARD has 2 rules/],
    ['iptables -I FORWARD 9 -j DROP', /FORWARD has 2 rules/],
    ['iptables -D FORWARD -j DROP', /no rule of FORWARD is like that/],
    ['iptables -P KUBE-FORWARD DROP', /no base chain/],
    ['iptables -P FORWARD REJECT', /expected ACCEPT or DROP/],
    ['iptables -X KUBE-FORWARD', /has rules/],
    ['iptables constructor FORWARD 1', /"constructor" \(column 10\): expected -A/],
    ['iptables -L', /"-L" \(column 10\): expected -A, -I, -D, -R, -P, -N, -X or -F/],
    ['iptables -A FORWARD -m comment --comment "open', /a quote is not closed/],
    ['frob add rule ip filter FORWARD drop', /at "frob" \(column 1\): expected ip, iptables/],
    [' ; ', /--what-if is empty/],
  ])('%s is refused', (edit, expected) => {
    expect(refusalOf(node, edit)).toMatch(expected)
  })

  it('asks which back end is meant where there are two', () => {
    const both = {...node, iptables: [...node.iptables, {...node.iptables[0]!, backend: 'iptables-nft' as const}]}
    const two = {...both, toolVersions: new Map<string, string>()}
    expect(refusalOf(two, 'iptables -P FORWARD DROP')).toMatch(
      /rules of both back ends: say iptables-nft or iptables-legacy/,
    )
    expect(refusalOf(two, 'iptables-legacy -P FORWARD DROP')).toBe('taken')
  })
})

describe('the rest', () => {
  it('writes sysctls, and ip_forward to every interface', () => {
    const {state, edits} = applyEdits(node, ['sysctl -w net.ipv4.conf.eth0.forwarding=1', 'net.ipv4.ip_forward=0'])
    const values = Object.fromEntries([...state.sysctl!].map(([key, {value}]) => [key, value]))
    expect(values).toMatchObject({
      'net.ipv4.ip_forward': '0',
      'net.ipv4.conf.all.forwarding': '0',
      'net.ipv4.conf.eth0.forwarding': '0',
    })
    expect(edits.map(({source, effect}) => `${source.document}:${source.line} ${effect}`)).toEqual([
      '--what-if:1 net.ipv4.conf.eth0.forwarding 1',
      '--what-if:2 net.ipv4.ip_forward 1 → 0',
    ])
  })

  test.each([
    ['ipset add allowed 10.0.0.8', 2],
    ['ipset del allowed 10.0.0.7', 0],
    ['ipset flush allowed', 0],
  ])('%s', (edit, count) => {
    expect(applyEdits(node, [edit]).state.ipsets?.get('allowed')?.entries).toHaveLength(count)
  })

  test.each([
    ['conntrack -D -s 10.0.9.9 -p tcp --dport 80', 0],
    ['conntrack -F', 0],
  ])('%s', (edit, count) => {
    expect(applyEdits(node, [edit]).state.conntrack).toHaveLength(count)
  })

  test.each([
    ['conntrack -D -s 10.1.1.1', /no connection of the capture is like that/],
    ['ipset add allowed 10.0.0.7', /holds it already/],
    ['ipset add nothing 10.0.0.7', /has no ipset nothing/],
    ['sysctl -w net.ipv4.ip_forward', /a sysctl|KEY=VALUE|UNPARSED|no "key = value"/],
    ['net.ipv4.ip_forward=yes', /takes a number/],
  ])('%s is refused', (edit, expected) => {
    expect(refusalOf(node, edit)).toMatch(expected)
  })

  it('leaves the node that it was given as it was', async () => {
    const real = await loadNode('sample:net410')
    const before = [
      real.routing[4].rules?.length,
      real.routing[4].routes?.length,
      real.iptables[0]?.tables.get('filter')?.chains.get('FORWARD')?.ruleCount,
    ]
    applyEdits(real, ['ip rule del pref 512', 'ip route del default', 'iptables -A FORWARD -j DROP'])
    expect([
      real.routing[4].rules?.length,
      real.routing[4].routes?.length,
      real.iptables[0]?.tables.get('filter')?.chains.get('FORWARD')?.ruleCount,
    ]).toEqual(before)
  })

  it('cites the edit as the source of what it brought in', () => {
    const {state} = applyEdits(node, [
      'ip rule add from 10.0.9.9 lookup 2; ip route add 10.9.0.0/16 dev eth0',
      'iptables -A FORWARD -j DROP',
    ])
    const sources = [
      state.routing[4].rules?.[1]?.source,
      state.routing[4].routes?.at(-1)?.source,
      state.iptables[0]?.tables.get('filter')?.chains.get('FORWARD')?.rules.at(-1)?.source,
    ]
    expect(sources).toEqual([1, 2, 3].map(line => ({document: '--what-if', line})))
  })
})
