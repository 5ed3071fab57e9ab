import {contains, formatAddress, lastAddress, type Prefix, parseAddress, parsePrefix} from '../../../src/net/index.js'
import type {KernelFlow} from '../lab/nodeSpec.js'
import type {Context} from './context.js'
import type {World} from './world.js'

/** Flows aimed at what the rules ask for, and at its edges. */
export function randomFlows(context: Context, save: string, rules: readonly string[], count: number): KernelFlow[] {
  const lines = [...save.split('\n').filter(line => line.startsWith('-A ')), ...rules]
  const deciding = lines.filter(line => /REJECT|DROP|NAT|MASQ|REDIRECT|NETMAP/.test(line))
  const corners = cornerAddresses(context, lines)
  return Array.from({length: count}, () => {
    const {dice} = context
    const line = dice.pick(deciding.length > 0 && dice.chance(0.5) ? deciding : lines)
    return notToItself(context, dice.chance(0.55) ? aimedFlow(context, line) : looseFlow(context, corners))
  })
}

/** A TCP socket that connects to itself opens from both ends at once. */
function notToItself({world}: Context, flow: KernelFlow): KernelFlow {
  const itself = isOwn(world, flow.src) && flow.iif === undefined && flow.proto === 'tcp' && flow.sport === flow.dport
  return itself ? {...flow, sport: 40000} : flow
}

/** A flow as somebody here can send it: by a veth, an ENI, or a socket of the node. */
export function placeFlow(context: Context, {iif, ...flow}: KernelFlow): KernelFlow {
  const {world} = context
  const src = sender(context, flow.src, flow.proto)
  const dst = receiver(context, src, flow.dst)
  const {tcpFlags, ...socket} = flow
  const placed = {
    ...(isOwn(world, src) || tcpFlags === undefined ? socket : flow),
    ...endpoints(context, src, dst, iif ?? null),
  }
  return notToItself(context, placed)
}

/** First, last and neighbouring addresses of the prefixes that the lines name. */
function cornerAddresses({world}: Context, lines: readonly string[]): string[] {
  const found = new Set<string>()
  for (const line of lines) {
    for (const word of line.split(/[ ,-]/)) {
      const prefix = parsePrefix(word)
      if (prefix?.family !== world.family || prefix.length < 8) continue
      found.add(formatAddress(prefix.address))
      found.add(formatAddress(lastAddress(prefix)))
    }
  }
  return [...found]
}

/** A flow that meets the plain matches of one line, or misses a port by one. */
function aimedFlow(context: Context, line: string): KernelFlow {
  const {dice, world} = context
  const value = (...options: string[]): string | null => {
    const found = new RegExp(`(?<!! ?)(?:^| )(?:${options.join('|')}) (\\S+)`).exec(line)
    return found?.[1] ?? null
  }
  const inside = (text: string | null): string | null => {
    const prefix = text === null ? null : parsePrefix(text)
    return prefix?.family === world.family ? insideOf(context, prefix) : null
  }
  const wanted = inside(value('-s', 'from')) ?? dice.pick([dice.pick(world.pods).address, dice.pick(world.own), null])
  const target = inside(value('-d', 'to')) ?? dice.pick([...world.vips, ...world.remote, dice.pick(world.pods).address])
  const named = value('-p', 'ipproto')?.replace('ipv6-icmp', 'icmpv6') ?? null
  const proto = named !== null && ['tcp', 'udp', 'sctp', world.icmp].includes(named) ? named : dice.pick(['tcp', 'udp'])
  const src = sender(context, wanted, proto)
  const dst = receiver(context, src, target)
  const device = value('-i', 'iif')
  const marked = value('--mark', 'fwmark')?.split('/')[0]
  const dscp = value('--dscp')
  return {
    ...endpoints(context, src, dst, device),
    proto,
    ...(proto === world.icmp
      ? icmpOf(world.family, value('--icmp-type', '--icmpv6-type'))
      : {
          sport: aimedPort(context, value('--sports?', 'sport'), 40000),
          dport: aimedPort(context, value('--dports?', '--ports', 'dport', '--ctorigdstport'), context.port()),
        }),
    ...(marked !== undefined && dice.chance(0.6) ? markOf(Number(marked)) : {}),
    ...(dscp === null ? {} : {dscp: Number(dscp)}),
    ...(proto === 'tcp' && !isOwn(world, src) && line.includes('--tcp-flags')
      ? {tcpFlags: dice.pick(['SYN', 'SYN,FIN', 'NONE', 'ACK'])}
      : {}),
  }
}

/**
 * The node itself sends TCP by connecting, UDP and echo requests: anything else needs a raw socket, which has no ports for the policy
 * rules to see, so it says nothing about the sockets of real programs.
 */
function sender({dice, world}: Context, src: string | null, proto: string): string | null {
  return proto === 'sctp' && isOwn(world, src) ? dice.pick(world.pods).address : src
}

function isOwn(world: World, src: string | null): boolean {
  return src === null || src === world.loopback || world.own.includes(src)
}

/**
 * What a socket of the node is not tried with: a broadcast or multicast, which is doubled on its way out so that the copy takes the NAT
 * rules; a v4-mapped address, which makes an IPv4 packet; a subnet's anycast address, which answers as the asker.
 */
function receiver({dice, world}: Context, src: string | null, dst: string): string {
  if (!isOwn(world, src)) return dst
  return dst.endsWith('.255') || /^(22[4-9]|23\d)\.|^ff|^::ffff:|::$/.test(dst) ? dice.pick(world.remote) : dst
}

function markOf(mark: number): Partial<KernelFlow> {
  return mark === 0 ? {} : {mark}
}

function aimedPort({dice}: Context, text: string | null, otherwise: number): number {
  const ports = (text ?? '')
    .split(/[,:-]/)
    .map(Number)
    .filter(port => port > 0)
  if (ports.length === 0) return otherwise
  return Math.min(65535, Math.max(1, dice.pick(ports) + dice.pick([0, 0, 0, 1, -1])))
}

function icmpOf(family: 4 | 6, type: string | null): Partial<KernelFlow> {
  const [, number, code = '0'] = /^(\d+)(?:\/(\d+))?$/.exec(type ?? '') ?? []
  // neighbour discovery is no flow of anyone's
  if (number === undefined || Number(number) === 255 || (family === 4 ? Number(number) > 18 : Number(number) > 129))
    return {}
  return {icmpType: Number(number), icmpCode: Number(code)}
}

function insideOf({dice, world}: Context, prefix: Prefix): string {
  const known = [...world.pods.map(pod => pod.address), ...world.remote, ...world.vips, ...world.own].filter(text => {
    const address = parseAddress(text)
    return address !== null && contains(prefix, address)
  })
  return known.length > 0 && dice.chance(0.85)
    ? dice.pick(known)
    : formatAddress(dice.chance(0.5) ? prefix.address : lastAddress(prefix))
}

/** Who sends it: a pod by its veth, the node by a socket, anyone else by one of the ENIs. */
function endpoints(
  {dice, world}: Context,
  src: string | null,
  dst: string,
  device: string | null,
): Pick<KernelFlow, 'src' | 'dst' | 'iif'> {
  const wired = world.links.filter(link => link.carrier !== false).map(link => link.name)
  const own = isOwn(world, src)
  if (device !== null && wired.includes(device) && src !== null && (!own || dice.chance(0.3)))
    return {src, dst, iif: device}
  const pod = world.pods.find(({address}) => address === src)
  if (own) return {src, dst}
  if (pod !== undefined) return {src, dst, iif: pod.interface}
  return {src, dst, iif: dice.pick(['eth0', 'eth0', 'eth1', 'eth2'])}
}

/** A flow between any two. @param corners addresses that the rules name */
export function looseFlow(context: Context, corners: readonly string[]): KernelFlow {
  const {dice, world} = context
  const proto = dice.pick(['tcp', 'tcp', 'udp', 'udp', world.icmp, 'sctp'])
  const wanted = dice.weighted([
    [45, dice.pick(world.pods).address],
    [15, dice.pick(world.own)],
    [8, null],
    [2, world.family === 4 ? world.loopback : dice.pick(world.own)],
    [20, dice.pick(world.remote)],
    [10, dice.pick([...world.remote, ...corners])],
  ])
  const target = dice.weighted([
    [60, dice.pick([...world.vips, ...world.pods.map(pod => pod.address), ...world.remote])],
    [15, dice.pick([...world.remote, ...corners])],
    [15, dice.pick(world.own)],
    [10, dice.pick(world.odd)],
  ])
  const src = sender(context, wanted, proto)
  const dst = receiver(context, src, target)
  const flow: KernelFlow = {
    ...endpoints(context, src, dst, dice.chance(0.06) ? dice.pick(['eth0', 'eth1', 'eth2']) : null),
    proto,
    ...(dice.chance(0.15) ? markOf(dice.pick([0x1, 0x80, 0x4000, 0x8000, 0xff])) : {}),
    ...(dice.chance(0.12) ? {dscp: dice.pick([0x2e, 0x0a, 4, 2])} : {}),
  }
  if (proto === world.icmp) {
    const errors =
      world.family === 4
        ? [
            [3, 3],
            [3, 4],
            [11, 0],
            [0, 0],
            [13, 0],
          ]
        : [
            [1, 4],
            [2, 0],
            [3, 0],
            [129, 0],
            [4, 1],
          ]
    const [icmpType, icmpCode] = dice.pick(errors)
    return dice.chance(0.3) ? {...flow, icmpType: icmpType ?? 0, icmpCode: icmpCode ?? 0} : flow
  }
  const ports = {sport: dice.chance(0.3) ? context.port() : dice.pick([40000, 33333, 1023, 53]), dport: context.port()}
  if (proto !== 'tcp' || isOwn(world, src) || !dice.chance(0.2)) return {...flow, ...ports}
  return {...flow, ...ports, tcpFlags: dice.pick(['ACK', 'SYN,ACK', 'FIN,ACK', 'RST', 'NONE', 'SYN,FIN'])}
}
