import {vethName} from '../../../src/eks/index.js'
import type {EniWords} from '../../support/ipamdEnis.js'
import type {NodeSpec} from '../lab/nodeSpec.js'
import {saveText} from '../lab/saveText.js'
import type {Service} from '../random/eksServices.js'
import {kubeProxyRules} from '../random/kubeProxyRules.js'

/** Addresses of the node's ENIs. */
export const NODE = '10.20.0.10'
/** A pod on the primary ENI, two on the second. */
export const DB = '10.20.0.100'
export const WEB_0 = '10.20.0.109'
export const WEB_1 = '10.20.0.118'
/** Held by ipamd for later, on the primary and the second ENI. */
export const FREE = '10.20.0.150'
export const FREE_1 = '10.20.0.151'

const veth = (name: string): string => vethName({namespace: 'shop', name})
export const VETH = {[DB]: veth('db-0'), [WEB_0]: veth('web-0'), [WEB_1]: veth('web-1')} as const

export const ENIS: readonly EniWords[] = [
  {
    id: 'eni-00000000000000aaa',
    device: 0,
    table: 254,
    addresses: [
      [DB, 'shop/db-0'],
      [FREE, null],
    ],
  },
  {
    id: 'eni-00000000000000bbb',
    device: 1,
    table: 2,
    addresses: [
      [WEB_0, 'shop/web-0'],
      [WEB_1, 'shop/web-1'],
      [FREE_1, null],
    ],
  },
  {id: 'eni-00000000000000ccc', device: 2, table: 3, addresses: []},
]

export const SETTINGS: Readonly<Record<string, unknown>> = {
  AWS_VPC_K8S_CNI_EXTERNALSNAT: false,
  AWS_VPC_CNI_NODE_PORT_SUPPORT: true,
}

const common = {externalIp: null, externalLocal: false, internalLocal: false, affinity: false}
const SERVICES: readonly Service[] = [
  {
    ...common,
    name: 'shop/web:http',
    protocol: 'tcp',
    clusterIp: '172.20.0.7',
    port: 80,
    nodePort: 31080,
    endpoints: [WEB_0, WEB_1].map(address => ({address, port: 8080, local: true})),
  },
  {
    ...common,
    name: 'shop/edge:http',
    protocol: 'tcp',
    clusterIp: '172.20.0.8',
    port: 80,
    nodePort: 31090,
    externalLocal: true,
    endpoints: [{address: WEB_0, port: 8080, local: true}],
  },
  {
    ...common,
    name: 'kube-system/kube-dns:dns',
    protocol: 'udp',
    clusterIp: '172.20.0.10',
    port: 53,
    nodePort: null,
    endpoints: [{address: '10.20.77.4', port: 53, local: false}],
  },
]

const {nat, filter} = kubeProxyRules(4, SERVICES)

export const CONNMARK = [
  '-A PREROUTING -i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0',
  '-A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
  '-A AWS-CONNMARK-CHAIN-0 -d 10.20.0.0/16 -m comment --comment "AWS CONNMARK CHAIN, VPC CIDR" -j RETURN',
  '-A AWS-CONNMARK-CHAIN-0 -m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80',
]
const REST = [
  '-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0',
  '-A AWS-SNAT-CHAIN-0 -d 10.20.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j RETURN',
  `-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source ${NODE} --random-fully`,
  '-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
  '-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"aws-cni\\" id: \\"c1\\"" -m multiport --dports 9100 -j CNI-DN-0000000000000000000aa',
  `-A CNI-DN-0000000000000000000aa -p tcp -m tcp --dport 9100 -j DNAT --to-destination ${DB}:9100`,
]

/** @param outbound the CNI's marking in nat, which 1.23 does in a table of its own @param services rules of kube-proxy in nat */
export function eksSave(outbound: readonly string[] = CONNMARK, services: readonly string[] = nat): string {
  return saveText({
    mangle: [
      '-A PREROUTING -i eth0 -m comment --comment "AWS, primary ENI" -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80',
      '-A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    ],
    nat: [...services, ...outbound, ...REST],
    filter,
  })
}

/** A node of CNI 1.22 and kube-proxy in iptables mode with three ENIs, three pods, a service with a node port and a host port. Nothing is wrong with it. */
export const HEALTHY: NodeSpec = {
  links: [
    {name: 'eth0', addresses: [`${NODE}/17 brd +`], mac: '0a:00:00:00:00:10'},
    {name: 'eth1', addresses: ['10.20.0.200/17 brd + noprefixroute'], mac: '0a:00:00:00:01:11'},
    {name: 'eth2', addresses: ['10.20.0.201/17 brd + noprefixroute'], mac: '0a:00:00:00:02:11'},
    ...Object.values(VETH).map(name => ({name})),
  ],
  pods: Object.entries(VETH).map(([address, name]) => ({address, interface: name})),
  sysctl: {
    'net.ipv4.ip_forward': '1',
    'net.ipv4.conf.all.rp_filter': '0',
    'net.ipv4.conf.eth0.rp_filter': '2',
    'net.ipv4.tcp_early_demux': '0',
  },
  neighbours: [
    ...['eth0', 'eth1', 'eth2'].map((name, i) => `10.20.0.1 lladdr 0a:ff:00:00:0${i}:01 nud permanent dev ${name}`),
    ...Object.entries(VETH).map(
      ([address, name], i) => `${address} lladdr ee:00:00:00:00:0${i} nud permanent dev ${name}`,
    ),
  ],
  routes: [
    'default via 10.20.0.1 dev eth0',
    ...Object.entries(VETH).map(([address, name]) => `${address} dev ${name} scope link`),
    ...[1, 2].flatMap(device => [
      `10.20.0.1 dev eth${device} scope link table ${device + 1}`,
      `default via 10.20.0.1 dev eth${device} table ${device + 1}`,
    ]),
  ],
  routes6: [],
  rules: [
    ...[DB, WEB_0, WEB_1].map(address => `pref 512 to ${address} lookup main`),
    'pref 1024 fwmark 0x80/0x80 lookup main',
    ...[WEB_0, WEB_1].map(address => `pref 1536 from ${address} lookup 2`),
    'pref 32765 from 10.20.0.200 lookup 2',
    'pref 32765 from 10.20.0.201 lookup 3',
  ],
  rules6: [],
  deletedRules: [],
  deletedRules6: [],
  save: eksSave(),
  save6: '',
  legacySave: '',
  ipset: '',
}
