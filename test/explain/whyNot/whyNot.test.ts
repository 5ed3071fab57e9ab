import {explain, parseFlowLine} from '../../../src/explain/index.js'
import {applyEdits} from '../../../src/edit/index.js'
import {endpointHash, serviceHash} from '../../../src/eks/index.js'
import type {JsonWhy} from '../../../src/model/index.js'
import {HEALTHY, VETHS} from '../../audit/healthyNode.js'
import {expectGolden} from '../../support/golden.js'
import {nodeFrom} from '../../support/nodeFrom.js'

const healthy = nodeFrom(HEALTHY)

const FLOWS = {
  vpc: {src: '10.0.5.77', dst: '10.0.44.9', proto: 'tcp', dport: 5432},
  internet: {src: '10.0.5.77', dst: '203.0.113.10', proto: 'tcp', dport: 443},
  primaryInternet: {src: '10.0.3.17', dst: '203.0.113.10', proto: 'tcp', dport: 443},
  sameNode: {src: '10.0.5.77', dst: '10.0.3.17', proto: 'tcp', dport: 5432},
  toPod: {src: '10.0.44.9', dst: '10.0.5.77', proto: 'tcp', dport: 8080, iif: 'ens6'},
  toPrimaryPod: {src: '10.0.44.9', dst: '10.0.3.17', proto: 'tcp', dport: 5432},
  nodePort: {src: '203.0.113.10', dst: '10.0.1.10', proto: 'tcp', dport: 31080, iif: 'ens5'},
  service: {src: '10.0.3.17', dst: '172.20.0.7', proto: 'tcp', dport: 80},
  dns: {src: '10.0.3.17', dst: '172.20.0.10', proto: 'udp', dport: 53},
  externalToPod: {src: '203.0.113.9', dst: '10.0.5.77', proto: 'tcp', dport: 8080, iif: 'ens6'},
  kubelet: {src: '10.0.44.9', dst: '10.0.1.10', proto: 'tcp', dport: 10250, iif: 'ens5'},
  empty: {src: '10.0.3.17', dst: '172.20.0.9', proto: 'tcp', dport: 80},
  ttl: {src: '10.0.3.17', dst: '203.0.113.10', proto: 'udp', dport: 33434, ttl: 1},
  nodeOut: {src: null, dst: '203.0.113.10', proto: 'tcp', dport: 443},
} as const

function whyOf(flow: keyof typeof FLOWS, damage: string): JsonWhy[] {
  const {state} = applyEdits(healthy, damage === '' ? ['kernel.sysrq=1'] : [damage])
  const [explanation] = explain(state, [parseFlowLine(JSON.stringify(FLOWS[flow]))]).explanations
  return explanation?.why ?? []
}

const text = (whys: JsonWhy[]): string =>
  whys
    .map(({way, symptom, causes, takenBy, shadowed, nearest, repair, restores, advice}) =>
      [
        `${way}: ${symptom}`,
        ...causes.map(
          cause => `  ${cause.stage}: ${cause.text} [${cause.missing.join(' | ')}] ${cause.found?.text ?? ''}`,
        ),
        `  by ${takenBy?.text ?? ''}`,
        ...shadowed.map(line => `  shadowed ${line.text}`),
        ...nearest.map(line => `  near ${line.text} (${line.miss})`),
        ...repair.map(line => `  $ ${line}`),
        `  ${String(restores)} ${advice ?? ''}`,
      ].join('\n'),
    )
    .join('\n')

describe('a healthy node', () => {
  test.each((Object.keys(FLOWS) as (keyof typeof FLOWS)[]).filter(flow => flow !== 'ttl'))('%s needs no why', flow => {
    expect(text(whyOf(flow, ''))).toBe('')
  })
})

describe('a connection that there is already', () => {
  test.each(['dns', 'service'] as const)('%s: no rule of nat is asked, and that needs no why', name => {
    const flow = parseFlowLine(JSON.stringify({...FLOWS[name], ctState: 'ESTABLISHED'}))
    const [explanation] = explain(healthy, [flow]).explanations
    expect(explanation?.why ?? []).toEqual([])
  })
})

describe('a service of IPv6 that lost the way to its endpoint', () => {
  const SEP = `KUBE-SEP-${endpointHash('shop/web:http', 'tcp', '[2001:db8:1::7]:8080')}`
  const SVC = `KUBE-SVC-${serviceHash('shop/web:http', 'tcp')}`
  const comment = '-m comment --comment "shop/web:http"'
  const translate = `-A ${SEP} -p tcp ${comment} -m tcp -j DNAT --to-destination [2001:db8:1::7]:8080`
  const save = (rules: string): string => `*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-MARK-MASQ - [0:0]
:${SVC} - [0:0]
:${SEP} - [0:0]
-A PREROUTING -j KUBE-SERVICES
-A KUBE-SERVICES -d fd00:10::7/128 -p tcp -m comment --comment "shop/web:http cluster IP" -m tcp --dport 80 -j ${SVC}
${rules}-A ${SEP} -s 2001:db8:1::7/128 ${comment} -j KUBE-MARK-MASQ
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
`
  test.each([
    [
      'the rule to it',
      `${translate}\n`,
      `-A ${SVC} -m comment --comment "shop/web:http -> [2001:db8:1::7]:8080" -j ${SEP}`,
    ],
    ['its translation', `-A ${SVC} ${comment} -j ${SEP}\n`, translate],
  ])('%s is told with the address in brackets', (_, rules, missing) => {
    const node = nodeFrom({
      'ip-rule6.txt': '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n',
      'ip-route6.txt':
        '2001:db8::9 dev veth0 metric 1024 pref medium\n2001:db8:1::/64 dev eth0 metric 256 pref medium\ndefault via fe80::1 dev eth0 metric 1024 pref medium\n',
      'ip6tables-save.txt': save(rules),
    })
    const flow = {src: '2001:db8::9', dst: 'fd00:10::7', proto: 'tcp', dport: 80}
    const [explanation] = explain(node, [parseFlowLine(JSON.stringify(flow))]).explanations
    expect(explanation?.why?.flatMap(({causes}) => causes.flatMap(cause => cause.missing))).toEqual([missing])
  })
})

/** What is broken, the flow that meets it, how it was broken, and the repair that is found. */
const BROKEN: readonly (readonly [string, keyof typeof FLOWS, string, readonly string[]])[] = [
  [
    'the 1536 rule is missing',
    'vpc',
    'ip rule del from 10.0.5.77 lookup 2',
    ['ip rule add from 10.0.5.77 lookup 2 priority 1536'],
  ],
  [
    'the 512 rule is missing',
    'sameNode',
    'ip rule del to 10.0.3.17 lookup main',
    ['ip rule add to 10.0.3.17 lookup main priority 512'],
  ],
  [
    'the table of the ENI has no default route',
    'vpc',
    'ip route del default table 2',
    ['ip route add default via 10.0.0.1 dev ens6 table 2'],
  ],
  [
    'the table of the ENI is empty',
    'vpc',
    'ip route flush table 2',
    ['ip route add 10.0.0.1 dev ens6 table 2 scope link', 'ip route add default via 10.0.0.1 dev ens6 table 2'],
  ],
  ['main has no default route', 'nodeOut', 'ip route del default', ['ip route add default via 10.0.0.1 dev ens5']],
  [
    'the route to the pod is missing',
    'toPrimaryPod',
    'ip route del 10.0.3.17',
    [`ip route replace 10.0.3.17 dev ${VETHS['10.0.3.17']} scope link`],
  ],
  [
    'a blackhole',
    'vpc',
    'ip route add blackhole 10.0.44.0/24 table 2',
    ['ip route del blackhole 10.0.44.0/24 table 2'],
  ],
  ['a prohibit in main', 'nodeOut', 'ip route add prohibit 203.0.113.0/24', ['ip route del prohibit 203.0.113.0/24']],
  [
    'a rule that takes the packet first',
    'vpc',
    'ip rule add from 10.0.5.0/24 lookup main priority 600',
    ['ip rule del from 10.0.5.0/24 lookup main priority 600'],
  ],
  [
    'a rule that refuses',
    'vpc',
    'ip rule add to 10.0.44.9 unreachable priority 5',
    ['ip rule del to 10.0.44.9 unreachable priority 5'],
  ],
  [
    'a rule to another table',
    'vpc',
    'ip rule del from 10.0.5.77; ip rule add from 10.0.5.77 lookup main priority 1536',
    ['ip rule del from 10.0.5.77 lookup main priority 1536', 'ip rule add from 10.0.5.77 lookup 2 priority 1536'],
  ],
  ['forwarding is off', 'vpc', 'sysctl -w net.ipv4.ip_forward=0', ['sysctl -w net.ipv4.ip_forward=1']],
  [
    'forwarding is off on one interface',
    'toPod',
    'sysctl -w net.ipv4.conf.ens6.forwarding=0',
    ['sysctl -w net.ipv4.conf.ens6.forwarding=1'],
  ],
  [
    'strict source validation',
    'nodePort',
    'sysctl -w net.ipv4.conf.ens5.rp_filter=1',
    ['sysctl -w net.ipv4.conf.ens5.rp_filter=2'],
  ],
  [
    'the mark is not restored',
    'nodePort',
    'iptables -t mangle -D PREROUTING 2; iptables -t nat -F KUBE-POSTROUTING',
    [
      'iptables -t mangle -A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    ],
  ],
  [
    'the mark is not set',
    'nodePort',
    'iptables -t mangle -D PREROUTING 1; iptables -t nat -F KUBE-POSTROUTING',
    [
      'iptables -t mangle -A PREROUTING -i ens5 -m comment --comment "AWS, primary ENI" -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80',
    ],
  ],
  [
    'the mark is not routed',
    'internet',
    'ip rule del pref 1024',
    ['ip rule add fwmark 0x80/0x80 lookup main priority 1024'],
  ],
  [
    'the mark is not set on what goes out',
    'internet',
    'iptables -t nat -D PREROUTING 3',
    [
      'iptables -t nat -I PREROUTING 3 -i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0',
    ],
  ],
  [
    'the mark is not restored on what goes out',
    'internet',
    'iptables -t nat -D PREROUTING 4',
    [
      'iptables -t nat -A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    ],
  ],
  [
    'nothing leads to the translation',
    'primaryInternet',
    'iptables -t nat -D POSTROUTING 2',
    ['iptables -t nat -A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0'],
  ],
  [
    'the translating rule is gone',
    'primaryInternet',
    'iptables -t nat -D AWS-SNAT-CHAIN-0 2',
    [
      'iptables -t nat -A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 10.0.1.10 --random-fully',
    ],
  ],
  ['a DROP in FORWARD', 'vpc', 'iptables -I FORWARD 1 -s 10.0.5.0/24 -j DROP', ['iptables -D FORWARD 1']],
  [
    'a REJECT in INPUT',
    'kubelet',
    'iptables -A INPUT -p tcp -m multiport --dports 10250,10255 -j REJECT',
    ['iptables -D INPUT 1'],
  ],
  ['a DROP in raw', 'vpc', 'iptables -t raw -A PREROUTING -s 10.0.5.77 -j DROP', ['iptables -t raw -D PREROUTING 1']],
  [
    'FORWARD drops by its policy',
    'vpc',
    'iptables -P FORWARD DROP; iptables -A FORWARD -s 10.0.5.78 -j ACCEPT',
    ['iptables -P FORWARD ACCEPT'],
  ],
  [
    'INPUT drops by its policy',
    'kubelet',
    'iptables -P INPUT DROP',
    ['iptables -A INPUT -d 10.0.1.10 -p tcp --dport 10250 -j ACCEPT'],
  ],
  [
    'nothing leads to services',
    'service',
    'iptables -t nat -D PREROUTING 1',
    ['iptables -t nat -I PREROUTING 1 -m comment --comment "kubernetes service portals" -j KUBE-SERVICES'],
  ],
  [
    'the service leads to no endpoint',
    'dns',
    'iptables -t nat -F KUBE-SVC-TCOU7JCQXEZGVUNU',
    [
      'iptables -t nat -A KUBE-SVC-TCOU7JCQXEZGVUNU -m comment --comment "kube-system/kube-dns:dns -> 10.0.44.9:53" -j KUBE-SEP-2I5QHF5VETEDDDVC',
    ],
  ],
  [
    'the endpoint is not translated to',
    'dns',
    'iptables -t nat -D KUBE-SEP-2I5QHF5VETEDDDVC 2',
    [
      'iptables -t nat -A KUBE-SEP-2I5QHF5VETEDDDVC -p udp -m comment --comment "kube-system/kube-dns:dns" -m udp -j DNAT --to-destination 10.0.44.9:53',
    ],
  ],
  [
    'two faults',
    'vpc',
    'ip rule del from 10.0.5.77 lookup 2; iptables -P FORWARD DROP',
    ['ip rule add from 10.0.5.77 lookup 2 priority 1536', 'iptables -P FORWARD ACCEPT'],
  ],
  [
    'two faults of one stage',
    'vpc',
    'ip route add blackhole 10.0.44.0/24 table 2; ip route add unreachable 10.0.0.0/16 table 2',
    ['ip route del blackhole 10.0.44.0/24 table 2', 'ip route del unreachable 10.0.0.0/16 table 2'],
  ],
  [
    'a fault of the reply',
    'vpc',
    'ip rule add from 10.0.44.9 to 10.0.5.77 blackhole priority 7',
    ['ip rule del from 10.0.44.9 to 10.0.5.77 blackhole priority 7'],
  ],
]

describe('a node that is broken', () => {
  test.each(BROKEN)('%s: the repair is found, and tried', (_, flow, damage, repair) => {
    const whys = whyOf(flow, damage)
    expect(whys.map(why => [why.repair, why.restores, why.advice])).toEqual([[repair, true, null]])
  })

  it('is told as agreed', () => {
    const told = BROKEN.map(([name, flow, damage]) => `${name} (${flow})\n${text(whyOf(flow, damage))}\n`)
    expectGolden('whyNot/causes.txt', told.join('\n'))
  })

  it('says so where no command of the node helps', () => {
    const reject =
      'iptables -A KUBE-SERVICES -d 172.20.0.9/32 -p tcp -m comment --comment "shop/empty:http has no endpoints" -m tcp --dport 80 -j REJECT'
    expect(text(whyOf('empty', reject))).toMatch(
      /null shop\/empty:http has no endpoint: kubectl -n shop get endpointslices/,
    )
    expect(whyOf('ttl', '').map(({repair, restores, advice}) => [repair, restores, advice])).toEqual([
      [[], null, expect.stringContaining('TTL')],
    ])
  })

  it('says so where a command would not suffice', () => {
    const link = (index: number, name: string) =>
      `${index}: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc noqueue state UP mode DEFAULT group default\n    link/ether 0a:00:00:00:00:0${index} brd ff:ff:ff:ff:ff:ff\n`
    const bare = nodeFrom({...HEALTHY, 'ip-link.txt': link(2, 'ens5') + link(3, 'ens6')})
    const {state} = applyEdits(bare, ['ip route del 10.0.3.17'])
    const [explanation] = explain(state, [parseFlowLine(JSON.stringify(FLOWS.toPrimaryPod))]).explanations
    expect(explanation?.why?.map(({repair, restores}) => [repair, restores])).toEqual([
      [[`ip route replace 10.0.3.17 dev ${VETHS['10.0.3.17']} scope link`], false],
    ])
  })

  it('is not asked with --brief', () => {
    const {state} = applyEdits(healthy, ['iptables -P FORWARD DROP'])
    const [explanation] = explain(state, [parseFlowLine(JSON.stringify(FLOWS.vpc))], {brief: true}).explanations
    expect(explanation).not.toHaveProperty('why')
  })
})
