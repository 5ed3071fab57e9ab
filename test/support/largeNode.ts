import {endpointHash, serviceHash, vethName} from '../../src/eks/index.js'
import {ipamdEnis, type EniWords} from './ipamdEnis.js'

export interface LargeNodeSize {
  readonly pods: number
  readonly enis: number
  readonly services: number
  /** Of each service, most of them on other nodes. */
  readonly endpoints: number
}

interface LargePod {
  readonly address: string
  readonly name: string
  readonly veth: string
  /** 0: the primary ENI. */
  readonly eni: number
}

/** Texts of a healthy node of any size, in the native layout: CNI 1.22, kube-proxy in iptables mode, without comments where kube-proxy leaves them out. */
export function largeNode({pods: podCount, enis, services, endpoints}: LargeNodeSize): Record<string, string> {
  const pods = Array.from({length: podCount}, (_, i): LargePod => {
    const name = `pod-${i}`
    const address = `10.0.${16 + (i >> 8)}.${i & 255}`
    return {address, name, veth: vethName({namespace: 'load', name}), eni: i % enis}
  })
  return {
    'ip-rule.txt': policyRules(pods, enis),
    'ip-route.txt': routes(pods, enis),
    'ip-addr.txt': addresses(pods, enis),
    'sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth0.rp_filter = 2\n',
    'ipamd-enis.json': ipamdEnis(Array.from({length: enis}, (_, eni) => eniOf(pods, eni))),
    'ipamd-networkutils-env.json': '{"AWS_VPC_K8S_CNI_EXTERNALSNAT": false, "AWS_VPC_CNI_NODE_PORT_SUPPORT": true}\n',
    'iptables-save.txt': save(pods, services, endpoints),
  }
}

const ownAddress = (eni: number): string => `10.0.1.${10 + eni}`

function policyRules(pods: readonly LargePod[], enis: number): string {
  return `${[
    '0:	from all lookup local',
    ...pods.map(({address}) => `512:	from all to ${address} lookup main`),
    '1024:	from all fwmark 0x80/0x80 lookup main',
    ...pods.filter(({eni}) => eni > 0).map(({address, eni}) => `1536:	from ${address} lookup ${eni + 1}`),
    ...others(enis).map(eni => `32765:	from ${ownAddress(eni)} lookup ${eni + 1}`),
    '32766:	from all lookup main',
    '32767:	from all lookup default',
  ].join('\n')}\n`
}

function others(enis: number): number[] {
  return Array.from({length: enis - 1}, (_, i) => i + 1)
}

function routes(pods: readonly LargePod[], enis: number): string {
  return `${[
    ...others(enis).flatMap(eni => [
      `default via 10.0.0.1 dev eth${eni} table ${eni + 1}`,
      `10.0.0.1 dev eth${eni} table ${eni + 1} scope link`,
    ]),
    'default via 10.0.0.1 dev eth0',
    '10.0.0.0/18 dev eth0 proto kernel scope link src 10.0.1.10',
    ...pods.map(({address, veth}) => `${address} dev ${veth} scope link`),
    ...[0, ...others(enis)].map(
      eni => `local ${ownAddress(eni)} dev eth${eni} table local proto kernel scope host src ${ownAddress(eni)}`,
    ),
    'local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1',
  ].join('\n')}\n`
}

function addresses(pods: readonly LargePod[], enis: number): string {
  const link = (index: number, name: string): string =>
    `${index}: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP group default qlen 1000`
  return `${[
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
    '    inet 127.0.0.1/8 scope host lo',
    ...[0, ...others(enis)].flatMap(eni => [
      link(2 + eni, `eth${eni}`),
      `    inet ${ownAddress(eni)}/18 scope global eth${eni}`,
    ]),
    ...pods.map(({veth}, i) => link(100 + i, `${veth}@if3`)),
  ].join('\n')}\n`
}

function eniOf(pods: readonly LargePod[], eni: number): EniWords {
  return {
    id: `eni-${eni.toString(16).padStart(17, '0')}`,
    device: eni,
    table: eni === 0 ? 254 : eni + 1,
    addresses: [
      ...pods.filter(pod => pod.eni === eni).map(({address, name}) => [address, `load/${name}`] as const),
      [`10.0.60.${eni}`, null] as const,
    ],
  }
}

function save(pods: readonly LargePod[], services: number, endpoints: number): string {
  const chains: string[] = []
  const entries: string[] = []
  const rules: string[] = []
  // kube-proxy leaves comments out above 1000 endpoints
  const say = (text: string): string => (services * endpoints > 1000 ? '' : ` -m comment --comment "${text}"`)
  for (let i = 0; i < services; i++) {
    const name = `load/svc-${i}:http`
    const chain = `KUBE-SVC-${serviceHash(name, 'tcp')}`
    chains.push(chain)
    entries.push(
      `-A KUBE-SERVICES -d 172.20.${i >> 8}.${i & 255}/32 -p tcp -m comment --comment "${name} cluster IP" -m tcp --dport 80 -j ${chain}`,
    )
    for (let j = 0; j < endpoints; j++) {
      const local = pods[(i * endpoints + j) % pods.length]
      const address = j === 0 && local !== undefined ? local.address : `10.0.${128 + (i & 63)}.${(i + j) & 255}`
      const own = `KUBE-SEP-${endpointHash(name, 'tcp', `${address}:8080`)}`
      const left = endpoints - j
      const share = left === 1 ? '' : ` -m statistic --mode random --probability ${(1 / left).toFixed(11)}`
      chains.push(own)
      rules.push(
        `-A ${chain}${say(`${name} -> ${address}:8080`)}${share} -j ${own}`,
        `-A ${own} -s ${address}/32${say(name)} -j KUBE-MARK-MASQ`,
        `-A ${own} -p tcp${say(name)} -m tcp -j DNAT --to-destination ${address}:8080`,
      )
    }
  }
  return `# Generated by iptables-save v1.8.8 on Fri Nov 20 20:00:05 2026
*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i eth0 -m comment --comment "AWS, primary ENI" -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80
-A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:AWS-CONNMARK-CHAIN-0 - [0:0]
:AWS-SNAT-CHAIN-0 - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-SERVICES - [0:0]
${chains.map(chain => `:${chain} - [0:0]`).join('\n')}
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A PREROUTING -i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0
-A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0
-A AWS-CONNMARK-CHAIN-0 -d 10.0.0.0/16 -m comment --comment "AWS CONNMARK CHAIN, VPC CIDR" -j RETURN
-A AWS-CONNMARK-CHAIN-0 -m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80
-A AWS-SNAT-CHAIN-0 -d 10.0.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j RETURN
-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 10.0.1.10 --random-fully
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
${entries.join('\n')}
${rules.join('\n')}
COMMIT
`
}
