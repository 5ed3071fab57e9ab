import type {KernelFlow, NodeSpec, PodSpec} from '../lab/nodeSpec.js'
import {saveText} from '../lab/saveText.js'
import {Dice} from './dice.js'
import {type Addon, randomAddons, withAddons} from './eksAddons.js'
import {randomServices, type Service, type ServiceWorld} from './eksServices.js'
import {kubeProxyRules} from './kubeProxyRules.js'
import type {RandomNode} from './randomNode.js'

const NODE4 = '10.20.0.10'
const NODE6 = '2001:db8:20::10'
/** Where egress-cni gives the pods of an IPv6 cluster an IPv4 address for the way out. */
const EGRESS4 = ['169.254.172.5', '169.254.172.6']

/** A node of an EKS cluster with kube-proxy in iptables mode and the VPC CNI; in an IPv6 cluster all pods are on the primary ENI. */
export function eksNode(family: 4 | 6, seed: number, flowCount: number): RandomNode {
  const dice = new Dice(seed ^ 0xe55)
  const pods = makePods(family, dice)
  const world: ServiceWorld = {
    clusterIp: i => (family === 4 ? `172.20.0.${10 + i}` : `fd12:3456:789a::${(16 + i).toString(16)}`),
    externalIp: i => (family === 4 ? `203.0.113.${50 + i}` : `2001:db8:e::${(16 + i).toString(16)}`),
    localPods: pods.map(pod => pod.address),
    remotePods:
      family === 4 ? ['10.20.77.4', '10.20.78.5', '10.20.1.200'] : ['2001:db8:20:0:b::4', '2001:db8:20:0:c::5'],
  }
  const services = randomServices(dice, world, dice.between(4, 10))
  const node = family === 4 ? NODE4 : NODE6
  const addons = randomAddons({family, dice, node, pods, dns: world.clusterIp(0)})
  const spec = family === 4 ? specOf4(dice, pods, services, addons) : specOf6(dice, pods, services, addons)
  const targets = addons.flatMap(addon => addon.targets)
  return {spec, flows: Array.from({length: flowCount}, () => eksFlow(family, dice, pods, services, world, targets))}
}

interface Pod extends PodSpec {
  /** 0: the primary ENI. */
  readonly eni: number
}

function makePods(family: 4 | 6, dice: Dice): Pod[] {
  return Array.from({length: 5}, (_, i) => ({
    address: family === 4 ? `10.20.0.${100 + i * 9}` : `2001:db8:20:0:a::${(2 + i).toString(16)}`,
    interface: `eni${(0x5eed + i * 4099).toString(16)}`,
    eni: family === 4 ? dice.between(0, 1) : 0,
  }))
}

const LINKS: NodeSpec['links'] = [
  {name: 'eth0', addresses: [`${NODE4}/17 brd +`, `${NODE6}/64`], mac: '0a:00:00:00:00:10'},
  {name: 'eth1', addresses: ['10.20.0.200/17 brd + noprefixroute'], mac: '0a:00:00:00:01:11'},
]

function baseSpec(pods: readonly Pod[], addons: readonly Addon[]): Omit<NodeSpec, 'sysctl' | 'save' | 'save6'> {
  return {
    links: [...LINKS, ...pods.map(pod => ({name: pod.interface})), ...addons.flatMap(({links}) => links ?? [])],
    pods,
    neighbours: pods.map((pod, i) => `${pod.address} lladdr ee:00:00:00:00:0${i} nud permanent dev ${pod.interface}`),
    routes: ['default via 10.20.0.1 dev eth0'],
    routes6: [],
    rules: [],
    rules6: [],
    deletedRules: [],
    deletedRules6: [],
    legacySave: '',
    ipset: addons
      .flatMap(({ipset}) => ipset ?? [])
      .map(line => `${line}\n`)
      .join(''),
  }
}

function specOf4(dice: Dice, pods: readonly Pod[], services: readonly Service[], addons: readonly Addon[]): NodeSpec {
  const base = baseSpec(pods, addons)
  const {nat, filter} = kubeProxyRules(4, services)
  const vpc = '-d 10.20.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j RETURN'
  const snat = dice.pick(['', ' --random', ' --random-fully'])
  return {
    ...base,
    sysctl: {
      'net.ipv4.ip_forward': '1',
      'net.ipv4.conf.all.rp_filter': dice.pick(['0', '1']),
      'net.ipv4.conf.eth0.rp_filter': dice.pick(['1', '2']),
    },
    routes: [
      ...base.routes,
      ...pods.map(pod => `${pod.address} dev ${pod.interface} scope link`),
      '10.20.0.1 dev eth1 scope link table 2',
      'default via 10.20.0.1 dev eth1 table 2',
    ],
    rules: [
      ...pods.map(pod => `pref 512 to ${pod.address} lookup main`),
      'pref 1024 fwmark 0x80/0x80 lookup main',
      ...pods.filter(pod => pod.eni > 0).map(pod => `pref 1536 from ${pod.address} lookup 2`),
    ],
    save: saveText(
      withAddons(
        {
          mangle: [
            '-A PREROUTING -i eth0 -m comment --comment "AWS, primary ENI" -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80',
            '-A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
          ],
          nat: [
            ...nat,
            '-A PREROUTING -i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0',
            '-A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
            '-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0',
            `-A AWS-CONNMARK-CHAIN-0 ${vpc.replace('SNAT CHAIN', 'CONNMARK CHAIN, VPC CIDR')}`,
            '-A AWS-CONNMARK-CHAIN-0 -m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80',
            `-A AWS-SNAT-CHAIN-0 ${vpc}`,
            `-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source ${NODE4}${snat}`,
          ],
          filter,
        },
        addons,
      ),
    ),
    save6: saveText({}),
  }
}

function specOf6(dice: Dice, pods: readonly Pod[], services: readonly Service[], addons: readonly Addon[]): NodeSpec {
  const base = baseSpec(pods, addons)
  const {nat, filter} = kubeProxyRules(6, services)
  const veths = EGRESS4.map((address, i) => ({address, name: `veth${(0xabc0 + i).toString(16)}`}))
  return {
    ...base,
    links: [...base.links, ...veths.map(({name}) => ({name, addresses: ['169.254.172.1/32 scope link']}))],
    pods: [...pods, ...veths.map(({address, name}) => ({address, interface: name}))],
    sysctl: {'net.ipv4.ip_forward': '1', 'net.ipv6.conf.all.forwarding': '1'},
    routes: [...base.routes, ...veths.map(({address, name}) => `${address} dev ${name} scope link`)],
    routes6: ['default via fe80::1 dev eth0', ...pods.map(pod => `${pod.address} dev ${pod.interface} metric 1024`)],
    rules6: pods.map(pod => `pref 512 to ${pod.address} lookup main`),
    save: saveText({
      nat: [
        ...veths.map(
          ({address}, i) =>
            `-A POSTROUTING -s ${address} -m comment --comment "name: \\"aws-cni\\" id: \\"cid-${i}\\"" -j CNI-${i}`,
        ),
        ...veths.flatMap((_, i) => [
          `-A CNI-${i} -d 224.0.0.0/4 -m comment --comment "name: \\"aws-cni\\" id: \\"cid-${i}\\"" -j ACCEPT`,
          `-A CNI-${i} -m comment --comment "name: \\"aws-cni\\" id: \\"cid-${i}\\"" -j SNAT --to-source ${NODE4}${dice.pick(['', ' --random-fully'])}`,
        ]),
      ],
      filter: [
        '-A FORWARD -d 169.254.172.0/22 -m conntrack --ctstate NEW -m comment --comment "Block Node Local Pod access via IPv4" -j REJECT --reject-with icmp-port-unreachable',
      ],
    }),
    save6: saveText(withAddons({nat, filter}, addons)),
  }
}

function eksFlow(
  family: 4 | 6,
  dice: Dice,
  pods: readonly Pod[],
  services: readonly Service[],
  world: ServiceWorld,
  targets: Addon['targets'],
): KernelFlow {
  if (family === 6 && dice.chance(0.12)) return egressFlow(dice)
  const node = family === 4 ? NODE4 : NODE6
  const far = family === 4 ? ['198.51.100.7', '10.20.99.9'] : ['2001:db8:ffff::7', '2001:db8:20:0:f::9']
  const service = dice.pick(services)
  const from = dice.weighted<Pick<KernelFlow, 'src' | 'iif'>>([
    [5, {src: dice.pick(pods).address}],
    [2, {src: node}],
    [1, {src: null}],
    [
      3,
      {src: dice.pick([...far, ...world.remotePods]), iif: family === 4 ? dice.pick(['eth0', 'eth0', 'eth1']) : 'eth0'},
    ],
  ])
  const to = dice.weighted<Pick<KernelFlow, 'dst' | 'dport'>>([
    [6, {dst: service.clusterIp, dport: service.port}],
    [2, {dst: service.externalIp ?? service.clusterIp, dport: service.port}],
    [3, {dst: node, dport: service.nodePort ?? 22}],
    [2, {dst: dice.pick(pods).address, dport: service.port}],
    [2, {dst: dice.pick([...far, ...world.remotePods]), dport: 443}],
    ...targets.map(target => [1, target] as const),
  ])
  if (dice.chance(0.08)) return {...from, dst: to.dst, proto: family === 4 ? 'icmp' : 'icmpv6'}
  return {
    ...from,
    ...to,
    proto: dice.chance(0.85) ? service.protocol : dice.pick(['tcp', 'udp']),
    sport: dice.pick([40000, 51234]),
  }
}

function egressFlow(dice: Dice): KernelFlow {
  const src = dice.pick(EGRESS4)
  const dst = dice.pick(['198.51.100.7', '10.20.99.9', NODE4, dice.pick(EGRESS4), '169.254.169.254'])
  return {src, dst, proto: dice.pick(['tcp', 'udp']), sport: 40000, dport: 443}
}
