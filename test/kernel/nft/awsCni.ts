import {kubeProxyNft} from '../../support/kubeProxyNft.js'
import type {TableRules} from '../lab/saveText.js'
import {tcp, udp, V4} from '../scenarios/families.js'
import type {Scenario} from '../scenarios/scenario.js'

const {node: NODE, podA, podB, web, client, vip} = V4
const VPC = '10.20.0.0/16'
const REMOTE_POD = '10.20.9.9'
const NODE_PORT = 31080

/** `table ip aws-cni`; 1.23.0 restores the mark of every packet, and with it clears the bits that others set. */
function awsCni(version: '1.23.0' | '1.23.1'): string {
  return `
table ip aws-cni {
  chain nat-prerouting {
    type nat hook prerouting priority dstnat + 10; policy accept;
    fib daddr type local return
    iifname "eni*" counter jump snat-mark
    counter ${version === '1.23.0' ? '' : 'ct mark and 0x80 == 0x80'} meta mark set ct mark and 0x80
  }
  chain snat-mark {
    counter ip daddr ${VPC} return
    counter ct mark set ct mark or 0x80
  }
}
`
}

/** What the CNI keeps in iptables-nft beside its table. */
const CNI: TableRules = {
  mangle: [
    '-A PREROUTING -i eth0 -m comment --comment "AWS, primary ENI" -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80',
    '-A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
  ],
  nat: [
    '-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0',
    `-A AWS-SNAT-CHAIN-0 -d ${VPC} -m comment --comment "AWS SNAT CHAIN" -j RETURN`,
    `-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source ${NODE} --random-fully`,
  ],
}

/** A service with a node port and a pod behind each ENI, as kube-proxy writes it in iptables mode. */
const KUBE_PROXY = [
  '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  `-A KUBE-SERVICES -d ${vip}/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-A`,
  '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
  `-A KUBE-NODEPORTS -p tcp -m tcp --dport ${NODE_PORT} -j KUBE-EXT-A`,
  '-A KUBE-EXT-A -j KUBE-MARK-MASQ',
  '-A KUBE-EXT-A -j KUBE-SVC-A',
  '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
  `-A KUBE-SVC-A ! -s ${VPC} -d ${vip}/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ`,
  '-A KUBE-SVC-A -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-A',
  '-A KUBE-SVC-A -j KUBE-SEP-B',
  ...[
    ['A', podA],
    ['B', podB],
  ].flatMap(([name, pod]) => [
    `-A KUBE-SEP-${name} -s ${pod}/32 -j KUBE-MARK-MASQ`,
    `-A KUBE-SEP-${name} -p tcp -m tcp -j DNAT --to-destination ${pod}:8080`,
  ]),
  '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
  '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
  '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
]

const KUBE_PROXY_NFT = kubeProxyNft({
  family: 4,
  podNetwork: VPC,
  serviceNetwork: '10.100.0.0/16',
  nodeAddresses: [NODE],
  services: [
    {
      namespace: 'shop',
      name: 'web',
      address: vip,
      protocol: 'tcp',
      port: 80,
      endpoints: [`${podA}:8080`, `${podB}:8080`],
      nodePort: NODE_PORT,
    },
  ],
})

const RULES = [
  ...[podA, podB].map(pod => `to ${pod} lookup main prio 512`),
  'fwmark 0x80/0x80 lookup main prio 1024',
  `from ${podB} lookup 2 prio 1536`,
]

const CASES: Scenario['cases'] = [
  {flow: tcp(client, NODE, NODE_PORT, {iif: 'eth0'}), expect: 'forwarded enia *|forwarded enib *'},
  {flow: tcp(podB, vip, 80), expect: 'forwarded enia *|forwarded enib *'},
  {flow: tcp(podA, vip, 80), expect: 'forwarded enia *|forwarded enib *'},
  {flow: tcp(podB, NODE, NODE_PORT), expect: 'forwarded enia *|forwarded enib *'},
  {flow: tcp(NODE, vip, 80), expect: 'forwarded enia *|forwarded enib *'},
  {flow: tcp(podB, web, 443), expect: 'forwarded eth0 *'},
  {flow: tcp(podB, REMOTE_POD, 443), expect: 'forwarded eth1 *'},
  {flow: udp(podB, web, 53, {mark: 0x10}), expect: 'forwarded eth0 *'},
  {flow: udp(podB, REMOTE_POD, 53, {mark: 0x10}), expect: 'forwarded eth1 *'},
  {flow: udp(client, podB, 53, {iif: 'eth1'}), expect: 'forwarded enib *'},
]

/** `table ip aws-cni` with iptables-nft beside it, and kube-proxy in either mode. */
export const AWS_CNI: readonly Scenario[] = (['1.23.0', '1.23.1'] as const).flatMap(version => [
  {
    name: `nft-aws-cni-${version}`,
    fact: 'the nat chain of table ip aws-cni marks what leaves the VPC, and is not asked where kube-proxy in iptables mode has bound the connection',
    node: V4.make({
      rules: RULES,
      save: {...CNI, nat: [...KUBE_PROXY, ...(CNI.nat ?? [])]},
      nft: awsCni(version),
    }),
    cases: CASES,
  },
  {
    name: `nft-aws-cni-${version}-kube-proxy-nft`,
    fact: 'the nat chain of table ip aws-cni is not asked where kube-proxy in nftables mode has bound the connection',
    node: V4.make({rules: RULES, save: CNI, nft: `${awsCni(version)}${KUBE_PROXY_NFT}`}),
    cases: CASES,
  },
])
