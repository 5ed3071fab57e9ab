import type {KernelFault} from './fault.js'
import {CONNMARK, DB, ENIS, eksSave, FREE, FREE_1, HEALTHY, NODE, SETTINGS, VETH, WEB_0, WEB_1} from './healthyEks.js'

const SNAT =
  '-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source'

/** The pod side of a pod with security groups of its own, strict mode: its veth, the VLAN of its branch, its rules and table. */
const BRANCH_POD = '10.20.9.9'
const STRICT = {
  links: [...HEALTHY.links, {name: 'vlan.eth.1'}, {name: 'vlan0123456789a'}],
  pods: [...HEALTHY.pods, {address: BRANCH_POD, interface: 'vlan0123456789a'}],
  routes: [
    ...HEALTHY.routes,
    '10.20.0.1 dev vlan.eth.1 scope link table 101',
    'default via 10.20.0.1 dev vlan.eth.1 table 101',
    `${BRANCH_POD} dev vlan0123456789a scope link table 101`,
  ],
  rules: [
    ...HEALTHY.rules,
    'pref 10 iif vlan.eth.1 lookup 101',
    'pref 10 iif vlan0123456789a lookup 101',
    'pref 20 lookup local',
  ],
  deletedRules: ['pref 0 lookup local'],
}

/** kube-proxy in nftables mode, with one service whose endpoint is on another node. */
const NFT_PROXY = `table ip kube-proxy {
  map service-ips {
    type ipv4_addr . inet_proto . inet_service : verdict
    elements = { 172.20.0.8 . tcp . 80 : goto service-ULMVA6XW-shop/near/tcp/http }
  }
  chain endpoint-5OJB2KTY-shop/near/tcp/http__10.20.77.9/8080 { meta l4proto tcp dnat to 10.20.77.9:8080; }
  chain service-ULMVA6XW-shop/near/tcp/http { numgen random mod 1 vmap { 0 : goto endpoint-5OJB2KTY-shop/near/tcp/http__10.20.77.9/8080 }; }
  chain services { ip daddr . meta l4proto . th dport vmap @service-ips; }
  chain nat-prerouting { type nat hook prerouting priority -100; policy accept; jump services; }
}
`

/** The CNI's own table as 1.23.0 writes it. */
const NFT_CNI = `table ip aws-cni {
  chain snat-mark { ip daddr 10.20.0.0/16 return; ct mark set ct mark | 0x80; }
  chain nat-prerouting {
    type nat hook prerouting priority -90; policy accept;
    fib daddr type local return
    iifname "eni*" jump snat-mark
    meta mark set ct mark & 0x80
  }
}
`

/** As `ethtool -S` prints the counters of an ENI (ENA driver), an interface each. */
const ETHTOOL = `Interface eth0
NIC statistics:
     tx_timeout: 0
     suspend: 0
     bw_in_allowance_exceeded: 0
     bw_out_allowance_exceeded: 0
     pps_allowance_exceeded: 0
     conntrack_allowance_exceeded: 0
     linklocal_allowance_exceeded: 42
     conntrack_allowance_available: 136812
`

/** A row for each fault that a network namespace can have, or that ipamd's word and the namespace can have between them. */
export const FAULTS: readonly KernelFault[] = [
  {code: 'EKS101', what: 'the rule from a pod', breaks: [`ip rule del from ${WEB_0}`], repair: 'arrives'},
  {
    code: 'EKS101',
    what: 'all rules from pods, as networkd flushes them',
    breaks: [`ip rule del from ${WEB_0}`, `ip rule del from ${WEB_1}`],
    repair: 'arrives',
  },
  {code: 'EKS102', what: 'the rule to a pod', breaks: [`ip rule del to ${DB}`], repair: 'arrives'},
  {
    code: 'EKS103',
    what: 'a rule with the table of another ENI',
    breaks: [`ip rule del from ${WEB_0}`, `ip rule add from ${WEB_0} lookup 3 pref 1536`],
    repair: 'arrives',
  },
  {
    code: 'EKS103',
    what: 'a rule of the pod that had the address before',
    breaks: [`ip rule add from ${WEB_0} lookup 3 pref 1535`],
    repair: 'arrives',
  },
  {
    code: 'EKS104',
    what: 'the rule of a branch that is gone',
    breaks: ['ip rule add iif vlan0123456789a lookup 101 pref 10'],
    repair: 'gone',
  },
  {code: 'EKS105', what: 'the default route of a table', breaks: ['ip route del default table 2'], repair: 'arrives'},
  {code: 'EKS106', what: 'the route to a pod', breaks: [`ip route del ${DB}`], repair: 'arrives'},
  {
    code: 'EKS107',
    what: 'all of a pod but its address',
    breaks: [`ip route del ${DB}`, `ip rule del to ${DB}`],
    repair: 'arrives',
  },
  {
    code: 'EKS108',
    what: 'a route by the veth of another pod',
    breaks: [`ip route replace ${DB} dev ${VETH[WEB_0]} scope link`],
    repair: 'gone',
  },
  {
    code: 'EKS109',
    what: 'rules of a pod that is gone',
    breaks: [`ip rule add to ${FREE_1} lookup main pref 512`, `ip rule add from ${FREE_1} lookup 2 pref 1536`],
    repair: 'gone',
  },
  {
    code: 'EKS110',
    what: 'two ENIs with one table',
    breaks: ['ip route flush table 3', 'ip rule del from 10.20.0.201'],
    enis: ENIS.map(eni => (eni.device === 2 ? {...eni, table: 2} : eni)),
    repair: {
      off: 'the CNI numbers the tables, and would write the same again',
      says: /Upgrade the VPC CNI to 1\.20\.3/,
    },
  },
  {code: 'EKS111', what: "a pod's address on the node", breaks: [`ip addr add ${DB}/32 dev eth0`], repair: 'arrives'},
  {
    code: 'EKS111',
    what: 'an address on two ENIs',
    breaks: [],
    enis: ENIS.map(eni => (eni.device === 2 ? {...eni, addresses: [[DB, 'shop/db-0']]} : eni)),
    repair: {off: 'it is ipamd that remembers both', says: /restart aws-node, which reads the addresses/},
  },
  {
    code: 'EKS112',
    what: 'nm-cloud-setup',
    breaks: [
      `ip route add default via 10.20.0.1 dev eth1 table 30400 onlink`,
      'ip rule add from 10.20.0.202 lookup 30400 pref 30400',
    ],
    repair: 'gone',
  },
  {
    code: 'EKS113',
    what: 'the node-local DNS cache, from a branch',
    node: {...STRICT, links: [...STRICT.links, {name: 'nodelocaldns', addresses: ['169.254.20.10/32']}]},
    breaks: [],
    repair: {
      off: 'the answer would leave by the primary ENI; a route to the pod in main would lead past its security groups',
      says: /Set POD_SECURITY_GROUP_ENFORCING_MODE=standard/,
    },
  },
  {
    code: 'EKS115',
    what: 'the way back of the egress plugin',
    breaks: [
      'iptables-nft -t nat -N CNI-0123456789abcdef01234567',
      'iptables-nft -t nat -I POSTROUTING -s 169.254.172.5/32 -j CNI-0123456789abcdef01234567',
    ],
    repair: {
      off: 'by which veth the route went is written nowhere but in it',
      says: /Recreate the pod/,
    },
  },
  {
    code: 'EKS116',
    what: 'a pod with an address that ipamd holds for free',
    node: {links: [...HEALTHY.links, {name: 'eni0123456789a'}]},
    breaks: [`ip route add ${FREE} dev eni0123456789a scope link`, `ip rule add to ${FREE} lookup main pref 512`],
    repair: {off: 'it is ipamd that forgot the pod', says: /recreate the pod/},
  },
  {
    code: 'EKS201',
    what: 'the mark of connections by node ports',
    breaks: ['iptables-nft -t mangle -D PREROUTING 1'],
    repair: 'arrives',
  },
  {code: 'EKS201', what: 'the mark on answers', breaks: ['iptables-nft -t mangle -D PREROUTING 2'], repair: 'arrives'},
  {
    code: 'EKS202',
    what: 'the rule that asks for the mark',
    breaks: ['ip rule del fwmark 0x80/0x80'],
    repair: 'arrives',
  },
  {
    code: 'EKS203',
    what: 'a translation to a foreign address',
    node: {save: eksSave().replace(`--to-source ${NODE}`, '--to-source 10.20.0.99')},
    breaks: [],
    repair: 'gone',
  },
  {
    code: 'EKS204',
    what: 'a translation that ends early',
    breaks: [`iptables-nft -t nat -D AWS-SNAT-CHAIN-0 2`],
    repair: 'arrives',
  },
  {
    code: 'EKS205',
    what: 'a translation that should be off',
    breaks: [],
    settings: {...SETTINGS, AWS_VPC_K8S_CNI_EXTERNALSNAT: true},
    repair: 'gone',
  },
  {code: 'EKS206', what: 'a policy that drops', breaks: ['iptables-nft -P FORWARD DROP'], repair: 'arrives'},
  {
    code: 'EKS207',
    what: 'rules in both backends',
    node: {
      legacySave:
        '*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:KUBE-POSTROUTING - [0:0]\n-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE\nCOMMIT\n',
    },
    breaks: [],
    repair: {
      off: 'which of the two is stale no capture tells',
      says: /Flush the rules of the backend that is no longer used/,
    },
  },
  {
    code: 'EKS208',
    what: 'a block of the VPC that is translated',
    breaks: [
      'iptables-nft -t nat -R AWS-SNAT-CHAIN-0 1 -d 10.21.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j RETURN',
    ],
    repair: 'arrives',
  },
  {
    code: 'EKS209',
    what: 'random ports that are asked for',
    node: {save: eksSave().replace(`${SNAT} ${NODE} --random-fully`, `${SNAT} ${NODE}`)},
    settings: {...SETTINGS, AWS_VPC_K8S_CNI_RANDOMIZESNAT: 2},
    breaks: [],
    repair: 'gone',
  },
  {
    code: 'EKS210',
    what: 'kube-proxy and the CNI at one priority',
    node: {nft: NFT_PROXY, save: eksSave(CONNMARK, [])},
    breaks: [],
    repair: {off: 'which of two chains of one priority runs first no command sets', says: /Upgrade the CNI to 1\.23/},
  },
  {
    code: 'EKS211',
    what: 'marks of others that are cleared',
    node: {nft: NFT_CNI, save: eksSave([])},
    breaks: ['iptables-nft -t mangle -I PREROUTING -i eni+ -j MARK --set-xmark 0x10000/0x10000'],
    repair: 'gone',
  },
  {
    code: 'EKS212',
    what: 'the rules of Calico',
    breaks: [
      'iptables-nft -N cali-FORWARD',
      'iptables-nft -N cali-from-wl-dispatch',
      'iptables-nft -I FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD',
      'iptables-nft -A cali-FORWARD -i eni+ -j cali-from-wl-dispatch',
      'iptables-nft -A cali-from-wl-dispatch -m comment --comment "Unknown interface" -j DROP',
    ],
    repair: 'arrives',
  },
  {
    code: 'EKS213',
    what: 'the rules of Cilium',
    breaks: [
      'ip rule add lookup local pref 100',
      'ip rule del pref 0',
      'ip rule add fwmark 0x200/0xf00 lookup 2004 pref 9',
      'iptables-nft -t mangle -N CILIUM_PRE_mangle',
      'iptables-nft -t mangle -A CILIUM_PRE_mangle -j MARK --set-xmark 0x200/0xf00',
    ],
    repair: 'gone',
  },
  {
    code: 'EKS214',
    what: 'all translations',
    breaks: [
      'iptables-nft -t nat -D POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0',
      'iptables-nft -t nat -F AWS-SNAT-CHAIN-0',
      'iptables-nft -t nat -X AWS-SNAT-CHAIN-0',
    ],
    repair: 'arrives',
  },
  {
    code: 'EKS301',
    what: 'a service without endpoints',
    breaks: [
      'iptables-nft -A KUBE-SERVICES -d 172.20.9.9/32 -p tcp -m comment --comment "shop/orders:grpc has no endpoints" -m tcp --dport 9000 -j REJECT --reject-with icmp-port-unreachable',
    ],
    repair: {
      off: 'no pod serves it',
      says: /selector and at the readiness of its pods.*kubectl -n shop get endpointslices/s,
    },
  },
  {
    code: 'EKS302',
    what: 'an endpoint without a pod',
    node: {save: eksSave().replace(`--to-destination ${WEB_1}:8080`, `--to-destination ${FREE_1}:8080`)},
    breaks: [],
    repair: {
      off: 'kube-proxy writes the rules of services, and would write the same again',
      says: /restart kube-proxy on this node/,
    },
  },
  {
    code: 'EKS303',
    what: 'a host port without a pod',
    node: {save: eksSave().replace(`--to-destination ${DB}:9100`, `--to-destination ${FREE}:9100`)},
    breaks: [],
    repair: 'gone',
  },
  {
    code: 'EKS304',
    what: 'a connection that outlives its endpoint',
    breaks: [],
    connections: [
      `-I -p udp -s ${DB} -d 172.20.0.10 --sport 40000 --dport 53 --dst-nat 10.20.77.9 --timeout 600 --status SEEN_REPLY,ASSURED`,
    ],
    captures: {'conntrack.txt': 'conntrack -L'},
    repair: 'arrives',
  },
  {code: 'EKS401', what: 'forwarding', breaks: ['sysctl -q -w net.ipv4.ip_forward=0'], repair: 'arrives'},
  {
    code: 'EKS402',
    what: 'source validation',
    breaks: ['sysctl -q -w net.ipv4.conf.eth0.rp_filter=1'],
    repair: 'arrives',
  },
  {
    code: 'EKS403',
    what: 'the table of connections, filled',
    breaks: [
      `max=$(sysctl -n net.netfilter.nf_conntrack_max); seq 1 $((max * 96 / 100)) | awk '{print "-I -p udp -s 10.99." int($1 / 256) % 256 "." $1 % 256 " -d 10.98.0." int($1 / 65536) " --sport 4000 --dport 53 --timeout 600 --status SEEN_REPLY,ASSURED"}' > /tmp/connections.$$; conntrack -R /tmp/connections.$$ 2>/dev/null; rm /tmp/connections.$$`,
    ],
    captures: {'sysctl.txt': 'sysctl net.netfilter.nf_conntrack_count'},
    repair: {onCopy: 'the size is that of the machine, which no namespace may change'},
  },
  {
    code: 'EKS404',
    what: 'early demultiplexing',
    node: STRICT,
    breaks: ['sysctl -q -w net.ipv4.tcp_early_demux=1'],
    repair: 'gone',
  },
  {code: 'EKS405', what: 'the size of packets', breaks: ['ip link set eth0 mtu 1500'], repair: 'gone'},
  {
    code: 'EKS406',
    what: 'the interface of IPVS mode',
    node: {links: [...HEALTHY.links, {name: 'kube-ipvs0', addresses: ['172.20.0.7/32']}]},
    breaks: [],
    repair: 'gone',
  },
  {
    code: 'EKS407',
    what: 'allowances of the instance',
    breaks: [],
    documents: {'ethtool.txt': ETHTOOL},
    repair: {off: 'the limits are those of the instance', says: /Run a DNS cache on the node/},
  },
  {
    code: 'EKS501',
    what: 'a device number',
    breaks: [],
    enis: ENIS.map(eni => (eni.device === 2 ? {...eni, device: 4} : eni)),
    repair: {off: 'nothing is wrong', says: /^Nothing/},
  },
  {
    code: 'EKS502',
    what: 'a gateway',
    breaks: ['ip route replace default via 10.29.0.1 dev eth1 table 2 onlink'],
    repair: {off: 'which of the two is wrong only AWS knows', says: /aws ec2 describe-network-interfaces/},
  },
  {
    code: 'EKS503',
    what: 'an interface that ipamd does not list',
    node: {links: [...HEALTHY.links, {name: 'eth3'}]},
    breaks: ['ip route add default via 10.20.0.1 dev eth3 table 5 onlink'],
    repair: {off: 'whether it is wanted only AWS knows', says: /aws ec2 describe-network-interfaces/},
  },
  {
    code: 'EKS504',
    what: 'requests for metadata',
    breaks: [
      `iptables-nft -t nat -I PREROUTING -d 169.254.169.254/32 -i eni+ -p tcp -m tcp --dport 80 -j DNAT --to-destination ${NODE}:8181`,
    ],
    repair: 'arrives',
  },
  {
    code: 'EKS505',
    what: 'a mark that nobody sets',
    breaks: ['ip rule add fwmark 0x20000/0x20000 lookup 42 pref 1100'],
    repair: {off: 'a program that marks its own sockets may ask for it', says: /Find out whose rule it is/},
  },
]
