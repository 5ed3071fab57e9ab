import {describe, expect, it} from '@jest/globals'
import {audit, CHECKS} from '../../src/audit/index.js'
import {identify} from '../../src/eks/index.js'
import {applyEdits, EditError} from '../../src/edit/index.js'
import {parseFlowLine} from '../../src/explain/index.js'
import {explainFlow} from '../../src/evaluate/index.js'
import type {Flow, JsonFinding, NodeState} from '../../src/model/index.js'
import {loadNode} from '../../src/node/index.js'
import {nodeFrom} from '../support/nodeFrom.js'
import {HEALTHY, VETHS} from './healthyNode.js'

type Edit = readonly [document: string, from: string | RegExp, to: string]

/** The healthy node with some texts changed, or added where they replace ''. */
function auditOf(...edits: readonly Edit[]): JsonFinding[] {
  return audit(identify(nodeFrom(edit(edits))))
}

function edit(edits: readonly Edit[]): Record<string, string> {
  const texts = {...HEALTHY}
  for (const [document, from, to] of edits) {
    const text = texts[document] ?? ''
    if (typeof from === 'string' ? !text.includes(from) : !from.test(text)) throw new Error(`nothing to edit: ${from}`)
    texts[document] = text.replace(from, to)
  }
  return texts
}

function outcomesOf(node: NodeState, flow: Flow): unknown {
  return explainFlow(node, flow, {steps: true}).explanation.outcomes.map(({disposition, packet, egress, reply}) => [
    disposition,
    packet,
    egress?.interface,
    reply?.disposition,
    reply?.egress?.interface,
  ])
}

const codes = (findings: readonly JsonFinding[]): string[] => findings.map(({code}) => code)

describe('a healthy node', () => {
  it('gives no finding', () => {
    expect(auditOf()).toEqual([])
  })

  it.each(Object.keys(HEALTHY))('gives no finding without %s', document => {
    const texts = Object.fromEntries(Object.entries(HEALTHY).filter(([name]) => name !== document))
    expect(codes(audit(identify(nodeFrom(texts))))).toEqual([])
  })
})

/** Pods with security groups of their own, before the local table. */
const STRICT: readonly Edit[] = [
  [
    'ip-rule.txt',
    '0:	from all lookup local\n',
    '10:	from all iif vlan.eth.1 lookup 101\n10:	from all iif vlan0123456789a lookup 101\n20:	from all lookup local\n',
  ],
  [
    'ip-route.txt',
    'default',
    'default via 10.0.0.1 dev vlan.eth.1 table 101\n10.0.9.9 dev vlan0123456789a table 101 scope link\ndefault',
  ],
]

const NEIGHBOUR = '169.254.1.1 dev eth0 lladdr 0e:1b:55:06:ef:90 PERMANENT'
const STALE =
  'udp      17 29 src=10.0.3.17 dst=172.20.0.10 sport=4000 dport=53 src=10.0.40.11 dst=10.0.3.17 sport=53 dport=4000 [ASSURED] mark=0 use=1'

/** An address that is listed, and that nobody has. */
const FREE =
  '"10.0.5.79/32": {"IsPrefix": false, "IPAddresses": {"10.0.5.79": {"Address": "10.0.5.79", "IPAMKey": {"networkName": "", "containerID": "", "ifName": ""}}}'

/** The CNI's own table as 1.23.0 writes it. */
const NFT_CNI = `table ip aws-cni {
	chain snat-mark {
		ip daddr 10.0.0.0/16 return
		ct mark set ct mark | 0x00000080
	}

	chain nat-prerouting {
		type nat hook prerouting priority dstnat + 10; policy accept;
		fib daddr type local return
		iifname "eni*" jump snat-mark
		meta mark set ct mark & 0x00000080
	}
}
`

/** The CNI's marking of what goes out in a table of its own, as 1.23 has it. */
const MARKS_IN_NFT: readonly Edit[] = [
  ['iptables-save.txt', 'v1.8.8 on', 'v1.8.8 (nf_tables) on'],
  [
    'iptables-save.txt',
    /-A PREROUTING -i eni\+ -m comment --comment "AWS, outbound.*\n-A PREROUTING -m comment --comment "AWS, CONNMARK".*\n/,
    '',
  ],
  ['iptables-save.txt', /-A AWS-CONNMARK-CHAIN-0.*\n/g, ''],
  ['nft-ruleset.txt', '', NFT_CNI],
]

/** kube-proxy in nftables mode, with one service whose endpoint is on another node. */
const NFT_PROXY = `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 172.20.0.8 . tcp . 80 : goto service-ULMVA6XW-shop/near/tcp/http }
	}

	chain endpoint-5OJB2KTY-shop/near/tcp/http__10.0.44.9/8080 {
		meta l4proto tcp dnat to 10.0.44.9:8080
	}

	chain service-ULMVA6XW-shop/near/tcp/http {
		numgen random mod 1 vmap { 0 : goto endpoint-5OJB2KTY-shop/near/tcp/http__10.0.44.9/8080 }
	}

	chain services {
		ip daddr . meta l4proto . th dport vmap @service-ips
	}

	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		jump services
	}
}
`

/** One fault each: its code, how to break the node, and what of the evidence must be cited. */
const FAULTS: readonly (readonly [string, string, readonly Edit[], string])[] = [
  [
    'EKS101',
    'the rule of a pod on a secondary ENI',
    [['ip-rule.txt', /1536:.from 10.0.5.78.*\n/, '']],
    '"10.0.5.78": {',
  ],
  [
    'EKS102',
    'the rule that leads to a pod',
    [['ip-rule.txt', /512:.from all to 10.0.3.17.*\n/, '']],
    `10.0.3.17 dev ${VETHS['10.0.3.17']} scope link`,
  ],
  [
    'EKS103',
    'a rule with the table of another ENI',
    [
      ['ip-rule.txt', 'from 10.0.5.78 lookup 2', 'from 10.0.5.78 lookup 3'],
      [
        'ipamd-enis.json',
        '"eni-00000000000000bbb": {',
        '"eni-00000000000000ccc": {"ID": "eni-00000000000000ccc", "IsPrimary": false, "DeviceNumber": 2, "RouteTableID": 3},\n"eni-00000000000000bbb": {',
      ],
      ['ip-route.txt', 'default', 'default via 10.0.0.1 dev ens7 table 3\ndefault'],
    ],
    '1536:	from 10.0.5.78 lookup 3',
  ],
  [
    'EKS103',
    'two rules for one address',
    [['ip-rule.txt', '1536:	from 10.0.5.78', '1536:	from 10.0.5.78 lookup main\n1536:	from 10.0.5.78']],
    '1536:	from 10.0.5.78 lookup main',
  ],
  [
    'EKS104',
    'a rule of a branch that is gone',
    [
      ['ip-rule.txt', '512:', '10:	from all iif vlan0123456789a [detached] lookup 101\n512:'],
      ['ip-route.txt', 'default', 'default via 10.0.0.1 dev vlan.eth.1 table 101\ndefault'],
    ],
    '10:	from all iif vlan0123456789a [detached] lookup 101',
  ],
  [
    'EKS104',
    'a rule of the branch that a veth had before',
    [
      [
        'ip-rule.txt',
        '512:',
        '10:	from all iif vlan0123456789a lookup 101\n10:	from all iif vlan0123456789a lookup 102\n512:',
      ],
      [
        'ip-route.txt',
        'default',
        'default via 10.0.0.1 dev vlan.eth.1 table 101\ndefault via 10.0.0.1 dev vlan.eth.2 table 102\ndefault',
      ],
    ],
    '10:	from all iif vlan0123456789a lookup 102',
  ],
  [
    'EKS105',
    'the default route of a table',
    [['ip-route.txt', /default via 10.0.0.1 dev ens6 table 2\n/, '']],
    '1536:	from 10.0.5.77 lookup 2',
  ],
  [
    'EKS106',
    'the route to a pod',
    [['ip-route.txt', /10.0.3.17 dev .*\n/, '']],
    '512:	from all to 10.0.3.17 lookup main',
  ],
  [
    'EKS107',
    'all of a pod but its address',
    [
      ['ip-route.txt', /10.0.3.17 dev .*\n/, ''],
      ['ip-rule.txt', /512:.from all to 10.0.3.17.*\n/, ''],
    ],
    '"10.0.3.17": {',
  ],
  [
    'EKS108',
    'a route by the veth of another pod',
    [['ip-route.txt', `10.0.3.17 dev ${VETHS['10.0.3.17']}`, `10.0.3.17 dev ${VETHS['10.0.5.77']}`]],
    `10.0.3.17 dev ${VETHS['10.0.5.77']} scope link`,
  ],
  [
    'EKS109',
    'rules of a pod that is gone',
    [['ip-rule.txt', '512:', '512:	from all to 10.0.5.79 lookup main\n512:']],
    '512:	from all to 10.0.5.79 lookup main',
  ],
  [
    'EKS110',
    'two ENIs with one table',
    [
      [
        'ipamd-enis.json',
        '"eni-00000000000000bbb": {',
        '"eni-00000000000000ccc": {"ID": "eni-00000000000000ccc", "IsPrimary": false, "DeviceNumber": 1, "RouteTableID": 2},\n"eni-00000000000000bbb": {',
      ],
    ],
    '"eni-00000000000000ccc": {',
  ],
  [
    'EKS111',
    "a pod's address on the node",
    [
      [
        'ip-route.txt',
        'local 127',
        'local 10.0.3.17 dev ens5 table local proto kernel scope host src 10.0.3.17\nlocal 127',
      ],
    ],
    'local 10.0.3.17 dev ens5 table local proto kernel scope host src 10.0.3.17',
  ],
  [
    'EKS112',
    'nm-cloud-setup',
    [
      ['ip-rule.txt', '32765:', '30400:	from 10.0.2.20 lookup 30400\n32765:'],
      ['ip-route.txt', 'default', 'default via 10.0.0.1 dev ens6 table 30400\ndefault'],
    ],
    '30400:	from 10.0.2.20 lookup 30400',
  ],
  [
    'EKS113',
    'the node-local DNS cache from a branch',
    [
      ...STRICT,
      [
        'ip-route.txt',
        'local 127',
        'local 169.254.20.10 dev nodelocaldns table local proto kernel scope host src 169.254.20.10\nlocal 127',
      ],
    ],
    '20:	from all lookup local',
  ],
  [
    'EKS114',
    'the MAC address of a veth',
    [
      [
        'ip-link.txt',
        '',
        `7: ${VETHS['10.0.3.17']}@if3: <BROADCAST,UP,LOWER_UP> mtu 9001 qdisc noqueue state UP\n    link/ether 5a:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns cni-1\n`,
      ],
      ['netns/cni-1/ip-neigh.txt', '', `${NEIGHBOUR}\n`],
    ],
    NEIGHBOUR,
  ],
  [
    'EKS115',
    'the way back of the egress plugin',
    [
      ['iptables-save.txt', ':CNI-HOSTPORT-DNAT', ':CNI-0123456789abcdef01234567 - [0:0]\n:CNI-HOSTPORT-DNAT'],
      [
        'iptables-save.txt',
        '-A POSTROUTING -m comment --comment "AWS',
        '-A POSTROUTING -s 169.254.172.5/32 -m comment --comment "name: \\"aws-cni\\" id: \\"c1\\"" -j CNI-0123456789abcdef01234567\n-A POSTROUTING -m comment --comment "AWS',
      ],
    ],
    '',
  ],
  [
    'EKS116',
    'an address that ipamd holds for free',
    [
      ['ip-route.txt', 'local 127', '10.0.5.79 dev eni0123456789a scope link\nlocal 127'],
      ['ip-rule.txt', '1024:', '512:	from all to 10.0.5.79 lookup main\n1024:'],
      ['ip-rule.txt', '32765:', '1536:	from 10.0.5.79 lookup 2\n32765:'],
      ['ipamd-enis.json', '"10.0.5.79/32": {"IsPrefix": false, "IPAddresses": {}', FREE],
    ],
    '10.0.5.79 dev eni0123456789a scope link',
  ],
  ['EKS201', 'the mark of connections by node ports', [['iptables-save.txt', /-A PREROUTING -i ens5 .*\n/, '']], ''],
  [
    'EKS201',
    'the mark on answers',
    [['iptables-save.txt', /-A PREROUTING -i eni\+ -m comment --comment "AWS, primary ENI".*\n/, '']],
    '',
  ],
  ['EKS202', 'the rule that asks for the mark', [['ip-rule.txt', /1024:.*\n/, '']], ''],
  [
    'EKS203',
    'a translation to a foreign address',
    [['iptables-save.txt', '--to-source 10.0.1.10', '--to-source 10.0.1.99']],
    '',
  ],
  [
    'EKS204',
    'a translation that ends early',
    [['iptables-save.txt', /-A AWS-SNAT-CHAIN-0 ! -o vlan.*\n/, '']],
    '-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0',
  ],
  [
    'EKS205',
    'a translation that should be off',
    [['ipamd-networkutils-env.json', 'EXTERNALSNAT": false', 'EXTERNALSNAT": true']],
    '"AWS_VPC_K8S_CNI_EXTERNALSNAT": true',
  ],
  [
    'EKS206',
    'a policy that drops',
    [['iptables-save.txt', /(\*filter\n.*\n):FORWARD ACCEPT/, '$1:FORWARD DROP']],
    ':FORWARD DROP [0:0]',
  ],
  [
    'EKS207',
    'rules in both backends',
    [
      ['iptables-save.txt', 'v1.8.8 on', 'v1.8.8 (nf_tables) on'],
      [
        'iptables-legacy-save.txt',
        '',
        '# Generated by iptables-save v1.8.8 on Fri Nov 20 20:00:05 2026\n*nat\n:POSTROUTING ACCEPT [0:0]\n:KUBE-POSTROUTING - [0:0]\n-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE\nCOMMIT\n',
      ],
    ],
    ':KUBE-POSTROUTING - [0:0]',
  ],
  [
    'EKS208',
    'a block of the VPC',
    [
      ['iptables-save.txt', /-A AWS-SNAT-CHAIN-0 -d 10.0.0.0\/16/, '-A AWS-SNAT-CHAIN-0 -d 10.0.5.0/24'],
      ['ip-route.txt', /via 10.0.0.1 dev ens6 table 2/, 'via 10.0.5.1 dev ens6 table 2'],
      ['ip-route.txt', 'default via 10.0.0.1 dev ens5 proto', 'default via 10.0.0.1 dev ens5 proto'],
    ],
    '',
  ],
  [
    'EKS209',
    'random ports',
    [
      ['iptables-save.txt', '--to-source 10.0.1.10 --random-fully', '--to-source 10.0.1.10'],
      [
        'conntrack-stats.txt',
        '',
        'cpu=0   	found=0 invalid=0 insert_failed=12 drop=0\ncpu=1   	found=0 invalid=0 insert_failed=3 drop=0\n',
      ],
    ],
    'cpu=0   	found=0 invalid=0 insert_failed=12 drop=0',
  ],
  [
    'EKS209',
    'random ports that are asked for',
    [
      ['iptables-save.txt', '--to-source 10.0.1.10 --random-fully', '--to-source 10.0.1.10'],
      ['ipamd-networkutils-env.json', '{', '{"AWS_VPC_K8S_CNI_RANDOMIZESNAT": 2, '],
    ],
    '',
  ],
  [
    'EKS210',
    'the order of kube-proxy and the CNI',
    [
      ['iptables-save.txt', /-A KUBE-SERVICES -d 172.20.*\n/g, ''],
      ['iptables-save.txt', /-A KUBE-SERVICES -m comment.*\n/, ''],
      ['iptables-save.txt', 'v1.8.8 on', 'v1.8.8 (nf_tables) on'],
      ['nft-ruleset.txt', '', NFT_PROXY],
    ],
    '',
  ],
  [
    'EKS211',
    'the marks of others',
    [
      ...MARKS_IN_NFT,
      [
        'iptables-save.txt',
        '-A PREROUTING -i ens5',
        '-A PREROUTING -i eni+ -j MARK --set-xmark 0x10000/0x10000\n-A PREROUTING -i ens5',
      ],
    ],
    '-A PREROUTING -i eni+ -j MARK --set-xmark 0x10000/0x10000',
  ],
  [
    'EKS212',
    'the rules of Calico',
    [
      [
        'iptables-save.txt',
        ':KUBE-FORWARD - [0:0]',
        ':cali-FORWARD - [0:0]\n:cali-from-wl-dispatch - [0:0]\n:cali-fw-eni0000000dead - [0:0]\n:KUBE-FORWARD - [0:0]',
      ],
      [
        'iptables-save.txt',
        '-A FORWARD -j KUBE-FORWARD',
        '-A FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD\n-A cali-FORWARD -i eni+ -j cali-from-wl-dispatch\n-A cali-from-wl-dispatch -i eni0000000dead -g cali-fw-eni0000000dead\n-A cali-from-wl-dispatch -m comment --comment "Unknown interface" -j DROP\n-A FORWARD -j KUBE-FORWARD',
      ],
    ],
    '',
  ],
  [
    'EKS213',
    'the rules of Cilium',
    [
      [
        'ip-link.txt',
        '',
        '2: ens5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP\n    link/ether 0a:00:00:00:00:10 brd ff:ff:ff:ff:ff:ff\n',
      ],
      [
        'ip-rule.txt',
        '0:	from all lookup local',
        '9:	from all fwmark 0x200/0xf00 lookup 2004\n100:	from all lookup local',
      ],
      [
        'iptables-save.txt',
        '-A PREROUTING -i ens5',
        '-A PREROUTING -p tcp -m mark --mark 0x9/0x9 -j MARK --set-xmark 0x200/0xffffffff\n-A PREROUTING -i ens5',
      ],
    ],
    '100:	from all lookup local',
  ],
  [
    'EKS214',
    'all translations',
    [
      ['iptables-save.txt', /-A POSTROUTING -m comment --comment "AWS SNAT CHAIN".*\n/, ''],
      ['iptables-save.txt', /-A AWS-SNAT-CHAIN-0.*\n/g, ''],
    ],
    '',
  ],
  [
    'EKS301',
    'a service without endpoints',
    [
      [
        'iptables-save.txt',
        'COMMIT\n*nat',
        '-A KUBE-SERVICES -d 172.20.9.9/32 -p tcp -m comment --comment "shop/orders:grpc has no endpoints" -m tcp --dport 9000 -j REJECT --reject-with icmp-port-unreachable\nCOMMIT\n*nat',
      ],
    ],
    '',
  ],
  [
    'EKS302',
    'an endpoint without a pod',
    [['iptables-save.txt', 'DNAT --to-destination 10.0.5.78:8080', 'DNAT --to-destination 10.0.5.79:8080']],
    '"10.0.5.79/32": {',
  ],
  [
    'EKS303',
    'a host port without a pod',
    [['iptables-save.txt', 'DNAT --to-destination 10.0.3.17:9100', 'DNAT --to-destination 10.0.3.41:9100']],
    '"10.0.3.41/32": {',
  ],
  ['EKS304', 'a connection to an endpoint that is gone', [['conntrack.txt', '', `${STALE}\n`]], STALE],
  ['EKS401', 'forwarding', [['sysctl.txt', 'ip_forward = 1', 'ip_forward = 0']], 'net.ipv4.ip_forward = 0'],
  [
    'EKS402',
    'source validation',
    [['sysctl.txt', 'ens5.rp_filter = 2', 'ens5.rp_filter = 1']],
    'net.ipv4.conf.ens5.rp_filter = 1',
  ],
  [
    'EKS403',
    'the table of connections',
    [['sysctl.txt', 'count = 1000', 'count = 131000']],
    'net.netfilter.nf_conntrack_count = 131000',
  ],
  [
    'EKS404',
    'early demultiplexing',
    [...STRICT, ['sysctl.txt', 'net.ipv4.ip_forward', 'net.ipv4.tcp_early_demux = 1\nnet.ipv4.ip_forward']],
    'net.ipv4.tcp_early_demux = 1',
  ],
  [
    'EKS405',
    'the size of packets',
    [
      [
        'ip-link.txt',
        '',
        `2: ens5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP\n    link/ether 0a:00:00:00:00:10 brd ff:ff:ff:ff:ff:ff\n7: ${VETHS['10.0.3.17']}@if3: <BROADCAST,UP,LOWER_UP> mtu 9001 qdisc noqueue state UP\n    link/ether 5a:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns cni-1\n`,
      ],
    ],
    '',
  ],
  [
    'EKS406',
    'the interface of IPVS mode',
    [
      [
        'ip-route.txt',
        'local 127',
        'local 172.20.0.7 dev kube-ipvs0 table local proto kernel scope host src 172.20.0.7\nlocal 127',
      ],
    ],
    'local 172.20.0.7 dev kube-ipvs0 table local proto kernel scope host src 172.20.0.7',
  ],
  [
    'EKS407',
    'an allowance of the instance',
    [
      [
        'ethtool.txt',
        '',
        'Interface ens5\nNIC statistics:\n     linklocal_allowance_exceeded: 42\n     conntrack_allowance_exceeded: 0\n',
      ],
    ],
    'linklocal_allowance_exceeded: 42',
  ],
  ['EKS501', 'a device number', [['ipamd-enis.json', '"DeviceNumber": 1', '"DeviceNumber": 2']], ''],
  [
    'EKS502',
    'a gateway',
    [['ip-route.txt', 'default via 10.0.0.1 dev ens6 table 2', 'default via 10.9.0.1 dev ens6 table 2']],
    '',
  ],
  [
    'EKS503',
    'an interface that ipamd does not list',
    [['ip-route.txt', 'default', 'default via 10.0.0.1 dev ens9 table 5\ndefault']],
    'default via 10.0.0.1 dev ens9 table 5',
  ],
  [
    'EKS504',
    'requests for metadata',
    [
      [
        'iptables-save.txt',
        '-A PREROUTING -m addrtype --dst-type LOCAL -j CNI',
        '-A PREROUTING -d 169.254.169.254/32 -i eni+ -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.1.10:8181\n-A PREROUTING -m addrtype --dst-type LOCAL -j CNI',
      ],
    ],
    '',
  ],
  [
    'EKS505',
    'a mark that nobody sets',
    [['ip-rule.txt', '1536:', '1100:	from all fwmark 0x20000/0x20000 lookup 42\n1536:']],
    '1100:	from all fwmark 0x20000/0x20000 lookup 42',
  ],
]

describe('a node with one fault', () => {
  it.each(FAULTS)('%s: %s', (code, _, edits, cited) => {
    const findings = auditOf(...edits)
    expect(codes(findings)).toEqual([code])
    const [finding] = findings
    expect(finding?.evidence.length).toBeGreaterThan(0)
    if (cited !== '') expect(finding?.evidence.map(({text}) => text)).toContain(cited)
    expect(finding?.text).toMatch(/\.$/)
  })

  // what EKS205 finds wrong is the setting, not the node
  it.each(FAULTS.filter(([code]) => code !== 'EKS205'))('%s: %s, proven by a flow', (code, _, edits) => {
    const healthy = nodeFrom(HEALTHY)
    const broken = nodeFrom(edit(edits))
    const check = CHECKS.find(candidate => candidate.code === code)
    const node = {eks: identify(broken), explain: (flow: Flow) => explainFlow(broken, flow).explanation}
    for (const {flow} of check?.find(node) ?? []) {
      if (flow != null) expect(outcomesOf(broken, flow)).not.toEqual(outcomesOf(healthy, flow))
    }
  })

  it.each(FAULTS)('%s: %s, is gone after its repair', (code, _, edits) => {
    const [finding] = auditOf(...edits)
    const broken = nodeFrom(edit(edits))
    let repaired: NodeState
    try {
      repaired = applyEdits(broken, finding?.repair ?? []).state
    } catch (error) {
      // what is not of rules, routes and settings cannot be tried here
      expect(error).toBeInstanceOf(EditError)
      expect(finding?.repair.join('\n')).toMatch(/^(?:kubectl|systemctl|ip link (?:del|set \S+ (?:mtu|address))) /m)
      return
    }
    if (finding?.repair.length === 0) return
    expect(codes(audit(identify(repaired)))).not.toContain(code)
    const flow = finding?.proof?.repaired == null ? null : finding.flow
    // what EKS205 finds wrong is the setting, not the node
    if (flow == null || code === 'EKS205') return
    const again = parseFlowLine(JSON.stringify(flow))
    expect(outcomesOf(repaired, again)).toEqual(outcomesOf(nodeFrom(HEALTHY), again))
  })

  it('covers every check', () => {
    expect([...new Set(FAULTS.map(([code]) => code))]).toEqual(CHECKS.map(({code}) => code))
  })
})

/** How earlier versions of the CNI leave the same node. */
const CHAINS = /-A PREROUTING -i eni\+ -m comment --comment "AWS, outbound(?:.*\n)*?(?=-A CNI-DN)/
const SNAT = '-m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 10.0.1.10'
const PORTALS = '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING\n'
/** Two chains that translate what leaves the VPC, one behind the other, before 1.16.2. */
const CASCADE: readonly Edit[] = [
  ['ip-rule.txt', /32765:.*\n/, ''],
  ['iptables-save.txt', /-A AWS-SNAT-CHAIN-0 -d.*\n/, ''],
  [
    'iptables-save.txt',
    '-A AWS-SNAT-CHAIN-0 ! -o',
    '-A AWS-SNAT-CHAIN-0 ! -d 10.0.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-1\n-A AWS-SNAT-CHAIN-1 ! -o',
  ],
  ['iptables-save.txt', ':AWS-SNAT-CHAIN-0', ':AWS-SNAT-CHAIN-1 - [0:0]\n:AWS-SNAT-CHAIN-0'],
]

const ERAS: readonly (readonly [string, readonly Edit[]])[] = [
  [
    // before NodePort support: no mark at all
    '≤ 1.2.1',
    [
      ['ip-rule.txt', /32765:.*\n/, ''],
      ['ip-rule.txt', /1024:.*\n/, '1024:	not from all to 10.0.0.0/16 lookup main\n'],
      ['iptables-save.txt', CHAINS, `${PORTALS}-A POSTROUTING ! -d 10.0.0.0/16 ${SNAT}\n`],
      ['iptables-save.txt', /-A PREROUTING -i (?:ens5|eni\+) -m comment --comment "AWS, primary ENI".*\n/g, ''],
      ['iptables-save.txt', /-A KUBE-NODEPORTS.*\n/, ''],
    ],
  ],
  [
    '1.7',
    [
      ['ip-rule.txt', /32765:.*\n/, ''],
      ['ip-rule.txt', /(1536:.from \S+) lookup/g, '$1 to 10.0.0.0/16 lookup'],
      [
        'iptables-save.txt',
        CHAINS,
        `${PORTALS}-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0\n-A AWS-SNAT-CHAIN-0 ! -d 10.0.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-1\n-A AWS-SNAT-CHAIN-1 ! -o vlan+ ${SNAT} --random-fully\n`,
      ],
      ['iptables-save.txt', ':AWS-SNAT-CHAIN-0', ':AWS-SNAT-CHAIN-1 - [0:0]\n:AWS-SNAT-CHAIN-0'],
    ],
  ],
  [
    '1.2 – 1.2.1',
    [
      ['ip-rule.txt', /32765:.*\n/, ''],
      ['ip-rule.txt', '1024:', '1024:	not from all to 10.0.0.0/16 lookup main\n1024:'],
      ['iptables-save.txt', CHAINS, `${PORTALS}-A POSTROUTING ! -d 10.0.0.0/16 ${SNAT}\n`],
    ],
  ],
  [
    '1.3 – 1.5',
    [
      ['ip-rule.txt', /32765:.*\n/, ''],
      ['ip-rule.txt', /(1536:.from \S+) lookup/g, '$1 to 10.0.0.0/16 lookup'],
      [
        'iptables-save.txt',
        CHAINS,
        `${PORTALS}-A POSTROUTING -m comment --comment "AWS SNAT CHAN" -j AWS-SNAT-CHAIN-0\n-A AWS-SNAT-CHAIN-0 ! -d 10.0.0.0/16 -m comment --comment "AWS SNAT CHAN" -j AWS-SNAT-CHAIN-1\n-A AWS-SNAT-CHAIN-1 ${SNAT}\n`,
      ],
      ['iptables-save.txt', ':AWS-SNAT-CHAIN-0', ':AWS-SNAT-CHAIN-1 - [0:0]\n:AWS-SNAT-CHAIN-0'],
    ],
  ],
  [
    '1.8 – 1.12.0',
    [
      ...CASCADE,
      ['iptables-save.txt', '"AWS, outbound connections"', '"AWS, outbound connections" -m state --state NEW'],
    ],
  ],
]

/** Their nftables or chains as 1.12.1 – 1.23 leave them; the list of ENIs is that of 1.20.3 and later. */
const LATER: readonly (readonly [string, readonly Edit[]])[] = [
  ['1.12.1 – 1.16.1', CASCADE],
  ['1.16.2 – 1.19', [['ip-rule.txt', /32765:.*\n/, '']]],
  ['≥ 1.23', [['iptables-save.txt', '"AWS CONNMARK CHAIN, VPC CIDR"', '"AWS CONNMARK CHAIN"']]],
  ['≥ 1.23', MARKS_IN_NFT],
]

describe('a healthy node of a later CNI', () => {
  it.each(LATER)('%s gives no finding', (_, edits) => {
    expect(auditOf(...edits)).toEqual([])
  })
})

describe('a healthy node of an earlier CNI', () => {
  it.each(ERAS)('%s gives no finding', (version, edits) => {
    // ipamd's list of ENIs is of a later version: its shape would contradict the rules
    const texts = Object.fromEntries(Object.entries(edit(edits)).filter(([name]) => name !== 'ipamd-enis.json'))
    const eks = identify(nodeFrom(texts))
    expect(eks.cni?.value.text).toBe(version)
    expect(audit(eks)).toEqual([])
    expect(auditOf(...edits)).toEqual([])
  })
})

describe('a healthy node with branches', () => {
  it('gives no finding', () => {
    expect(auditOf(...STRICT)).toEqual([])
  })
})

describe('findings', () => {
  it('take all pods that a fault hits alike together', () => {
    const [finding] = auditOf(['ip-rule.txt', /1536:.*\n1536:.*\n/, ''])
    expect(finding).toMatchObject({
      code: 'EKS101',
      text: 'shop/web-0 and shop/web-1 have no rule that sends packets by eni-00000000000000bbb (ens6, table 2): they leave by the primary ENI, and AWS drops them.',
      pods: [
        {name: 'shop/web-0', ip: '10.0.5.77'},
        {name: 'shop/web-1', ip: '10.0.5.78'},
      ],
      flow: {src: '10.0.5.77', dst: '10.0.0.2', proto: 'icmp', iif: VETHS['10.0.5.77']},
      repair: [
        'ip rule add from 10.0.5.77 lookup 2 priority 1536',
        'ip rule add from 10.0.5.78 lookup 2 priority 1536',
      ],
    })
  })

  it('come worst first', () => {
    const findings = auditOf(
      ['ip-rule.txt', /1536:.from 10.0.5.78.*\n/, ''],
      ['ip-rule.txt', /512:.from all to 10.0.3.17.*\n/, ''],
      ['sysctl.txt', 'ip_forward = 1', 'ip_forward = 0'],
    )
    expect(findings.map(({code, severity}) => [code, severity])).toEqual([
      ['EKS101', 'error'],
      ['EKS401', 'error'],
      ['EKS102', 'warning'],
    ])
  })
})

describe('a node of 2018', () => {
  it('has no fault, and two oddities', async () => {
    const findings = audit(identify(await loadNode('fixtures/net410')))
    expect(findings.map(({code, severity, text}) => [code, severity, text])).toEqual([
      ['EKS501', 'info', 'eni-08f89b8d2799ddf95 has device number 2, and its pods use table 2, not 3.'],
      [
        'EKS502',
        'info',
        'The gateway of table 2 (eth1) is 192.168.128.1, while the addresses of eni-08f89b8d2799ddf95 are elsewhere: 192.168.10.216 and the others are in 192.168.0.0/19.',
      ],
    ])
    expect(findings[1]?.evidence).toMatchObject([
      {document: 'ip-route-table-2.txt', line: 1},
      {document: 'ipamd-enis.json', line: 55},
      {document: 'ip-route.txt', line: 4},
    ])
  })
})
