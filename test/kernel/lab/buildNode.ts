import type {LabBackend, LinkSpec, NodeSpec} from './nodeSpec.js'
import {Namespace, type Refusal} from './namespace.js'
import {restoreNft} from './restoreNft.js'
import {restoreSave} from './restoreSave.js'

/** The node, and the other ends of its cables. */
export interface BuiltNode {
  readonly node: Namespace
  /** Interfaces with the node's names and no IP stack of their own. */
  readonly far: Namespace
  /** What the tools refused; empty for a hand-written node. */
  readonly refused: readonly Refusal[]
  delete(): void
}

/** Neither end may speak unasked, and addresses are usable at once. */
const QUIET = {
  'net.ipv6.conf.all.accept_dad': '0',
  'net.ipv6.conf.default.accept_dad': '0',
  'net.ipv6.conf.default.accept_ra': '0',
  'net.ipv6.conf.default.router_solicitations': '0',
}

/** A neighbour that is known is not asked for again, and one that does not answer is asked once. A namespace has no `default` of these. */
const PATIENT_NEIGHBOURS = {retrans_time_ms: '60000', delay_first_probe_time: '3600'}

/** ICMP errors without limit: each packet's answer is looked at. */
const UNLIMITED = {
  'net.ipv4.icmp_ratelimit': '0',
  'net.ipv4.icmp_msgs_per_sec': '1000000',
  'net.ipv4.icmp_msgs_burst': '1000000',
  'net.ipv6.icmp.ratelimit': '0',
}

const DEAF = {'net.ipv4.conf.default.arp_ignore': '8', 'net.ipv6.conf.default.disable_ipv6': '1'}

let count = 0

/** Builds a node with the real tools. @throws where a tool fails altogether */
export function buildNode(spec: NodeSpec, backend: LabBackend): BuiltNode {
  const tag = `ek${process.pid}-${++count}`
  const far = new Namespace(`${tag}-far`)
  const node = new Namespace(`${tag}-node`)
  const built = {node, far, delete: () => [node, far].forEach(namespace => namespace.delete())}
  try {
    far.sysctl(DEAF)
    node.sysctl({...QUIET, ...UNLIMITED})
    const refused = [
      ...makeLinks(spec.links, node, far),
      ...giveAddresses(spec, node),
      ...node.ip(spec.neighbours.map(line => `neigh add ${line}`)),
      ...node.ip(spec.routes.map(line => `route append ${line}`)),
      ...node.ip(
        spec.routes6.map(line => `route append ${line}`),
        6,
      ),
      ...node.ip([...spec.rules.map(line => `rule add ${line}`), ...spec.deletedRules.map(line => `rule del ${line}`)]),
      ...node.ip(
        [...spec.rules6.map(line => `rule add ${line}`), ...spec.deletedRules6.map(line => `rule del ${line}`)],
        6,
      ),
    ]
    if (spec.ipset !== '') node.run('ipset', ['restore'], spec.ipset)
    refused.push(...restoreSave(node, 4, backend, spec.save), ...restoreSave(node, 6, backend, spec.save6))
    refused.push(...restoreSave(node, 4, 'legacy', spec.legacySave))
    if (spec.nft !== undefined) refused.push(...restoreNft(node, spec.nft))
    for (const command of spec.afterwards ?? []) node.run('sh', ['-e', '-c', command])
    return {...built, refused}
  } catch (error) {
    built.delete()
    throw error
  }
}

function makeLinks(links: readonly LinkSpec[], node: Namespace, far: Namespace): Refusal[] {
  const cables = links.filter(link => link.name !== 'lo')
  const make = cables.map(({name, mac, mtu = 9001}) => {
    const own = mac === undefined ? '' : `address ${mac} `
    return `link add ${name} ${own}mtu ${mtu} type veth peer name ${name} mtu ${mtu} netns ${far.name}`
  })
  const groups = cables.flatMap(({name, group}) => (group === undefined ? [] : [`link set ${name} group ${group}`]))
  const up = cables.filter(link => link.up !== false).map(({name}) => `link set ${name} up`)
  const farUp = cables.filter(link => link.carrier !== false).map(({name}) => `link set ${name} up`)
  // the far ends first: a node's interface that comes up has its carrier, and its link-local address, at once
  const refused = node.ip([...make, ...groups])
  const patient = links.flatMap(({name}) =>
    ['ipv4', 'ipv6'].flatMap(family =>
      Object.entries(PATIENT_NEIGHBOURS).map(([key, value]) => [`net/${family}/neigh/${name}/${key}`, value]),
    ),
  )
  node.sysctl(Object.fromEntries(patient) as Record<string, string>)
  return [...refused, ...far.ip(['link set lo up', ...farUp]), ...node.ip(['link set lo up', ...up])]
}

/** Then the sysctls, which name the interfaces. */
function giveAddresses(spec: NodeSpec, node: Namespace): Refusal[] {
  const lines = spec.links.flatMap(({name, addresses = []}) =>
    addresses.map(address => `addr add ${address} dev ${name}${address.includes(':') ? ' nodad' : ''}`),
  )
  const refused = node.ip(lines)
  node.sysctl(spec.sysctl)
  return refused
}
