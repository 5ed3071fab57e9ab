import {type Context, hex} from './context.js'
import {SET_MATCHES} from './randomSets.js'
import {type ChainPlace, onlyIn} from './chainPlace.js'

/** The matches of one rule, and the protocol that it is sure to be about. */
export interface RandomMatches {
  readonly words: readonly string[]
  /** Null: any, or a negated one. */
  readonly protocol: string | null
}

/** @returns matches that the tools take in such a chain */
export function randomMatches(context: Context, place: ChainPlace): RandomMatches {
  const {dice, world} = context
  if (dice.chance(0.3)) return plainMatches(context)
  const words: string[] = []
  if (dice.chance(0.45)) words.push(`${context.not()}-s ${context.prefix()}`)
  if (dice.chance(0.45)) words.push(`${context.not()}-d ${context.prefix()}`)
  if (dice.chance(0.25) && onlyIn(place, 'PREROUTING', 'INPUT', 'FORWARD'))
    words.push(`${context.not()}-i ${dice.pick([...context.devices, 'eni+', 'eth+'])}`)
  if (dice.chance(0.25) && onlyIn(place, 'FORWARD', 'OUTPUT', 'POSTROUTING'))
    words.push(`${context.not()}-o ${dice.pick([...context.devices, 'eni+', 'eth+', 'lo'])}`)
  let protocol: string | null = null
  if (dice.chance(0.6)) {
    const name = dice.pick(['tcp', 'udp', world.icmp, 'tcp', 'udp', 'sctp'])
    const negated = dice.chance(0.15)
    words.push(`${negated ? '! ' : ''}-p ${name}`)
    if (!negated) protocol = name
  }
  words.push(...protocolMatches(context, protocol))
  const extras = dice.pick([0, 0, 1, 1, 1, 2])
  for (let i = 0; i < extras; i++) words.push(dice.pick(extraMatches(context, place, protocol)))
  return {words, protocol}
}

/** A plain rule, so that traffic meets something. */
function plainMatches(context: Context): RandomMatches {
  const {dice, world} = context
  const protocol = dice.pick(['tcp', 'udp', world.icmp])
  const host = `${dice.pick(['-s', '-d'])} ${context.address()}`
  return dice.pick<RandomMatches>([
    {words: [`-p ${protocol}`], protocol},
    {words: [host], protocol: null},
    {words: [host, `-p ${protocol}`], protocol},
  ])
}

function protocolMatches(context: Context, protocol: string | null): string[] {
  const {dice, world} = context
  if (protocol === world.icmp) {
    if (dice.chance(0.3)) return []
    const type = dice.pick(world.icmpTypes)
    const negation = type === 'any' ? '' : context.not()
    return [world.family === 4 ? `-m icmp ${negation}--icmp-type ${type}` : `-m icmp6 ${negation}--icmpv6-type ${type}`]
  }
  if (protocol === null) return []
  const words: string[] = []
  const kind = dice.fraction()
  if (kind < 0.35)
    words.push(`-m ${protocol} ${context.not()}--${dice.pick(['dport', 'dport', 'sport'])} ${context.portRange(':')}`)
  else if (kind < 0.6) {
    const ranges = new Set(Array.from({length: dice.between(1, 3)}, () => context.portRange(':')))
    words.push(`-m multiport ${context.not()}--${dice.pick(['dports', 'sports', 'ports'])} ${[...ranges].join(',')}`)
  }
  if (protocol === 'tcp' && dice.chance(0.3)) {
    words.push(
      `-m tcp ${context.not()}${dice.pick(['--tcp-flags FIN,SYN,RST,ACK SYN', '--tcp-flags SYN,FIN SYN,FIN', '--tcp-flags ALL NONE', '--syn'])}`,
    )
  }
  return words
}

const CT_STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED', 'DNAT', 'SNAT']

function extraMatches(context: Context, place: ChainPlace, protocol: string | null): string[] {
  const {dice, world} = context
  const not = context.not()
  const {value, mask} = context.mark()
  const hop = world.family === 4 ? 'ttl --ttl' : 'hl --hl'
  const types =
    world.family === 4
      ? ['LOCAL', 'UNICAST', 'BROADCAST', 'MULTICAST', 'UNREACHABLE', 'PROHIBIT', 'BLACKHOLE']
      : ['LOCAL', 'UNICAST', 'MULTICAST', 'ANYCAST', 'UNREACHABLE', 'PROHIBIT']
  return [
    `-m iprange ${not}--${dice.pick(['src-range', 'dst-range'])} ${dice.pick(world.ranges)}`,
    `-m mark ${not}--mark ${hex(value)}/${hex(mask)}`,
    `-m connmark ${not}--mark ${hex(value)}/${hex(mask)}`,
    `-m conntrack ${not}--ctstate ${dice.some(CT_STATES, dice.between(1, 3)).join(',')}`,
    `-m conntrack ${not}--ctorigdst ${context.prefix()}`,
    `-m conntrack ${not}--ctreplsrc ${context.prefix()}`,
    `-m conntrack --ctdir ${dice.pick(['ORIGINAL', 'REPLY'])}`,
    `-m conntrack ${not}--ctstatus ${dice.pick(['NONE', 'CONFIRMED', 'SEEN_REPLY', 'ASSURED', 'EXPECTED'])}`,
    `-m conntrack --ctproto ${dice.pick(['tcp', 'udp'])} ${not}--ctorigdstport ${context.port()}`,
    `-m state --state ${dice.pick(['NEW', 'NEW,RELATED', 'RELATED,ESTABLISHED', 'INVALID'])}`,
    `-m addrtype ${not}--dst-type ${dice.pick(types)}`,
    `-m addrtype ${not}--src-type ${dice.pick(['LOCAL', 'UNICAST'])}`,
    `-m set ${not}--match-set ${dice.pick(SET_MATCHES)}`,
    `-m set ${not}--match-set ${dice.pick(SET_MATCHES)}`,
    `-m comment --comment "${dice.pick(['plain', 'it\'s \\"quoted\\"', 'a -j DROP in a comment', 'semi;colon'])}"`,
    '-m limit --limit 10000/sec --limit-burst 10000',
    `-m statistic --mode random ${not}--probability 0.5`,
    `-m statistic --mode nth ${not}--every 3 --packet ${dice.between(0, 2)}`,
    `-m dscp ${not}--dscp ${dice.pick(['0x00', '0x2e', '0x0a'])}`,
    `-m tos ${not}--tos ${dice.pick(['0x00', '0x10', '0xb8'])}/0xff`,
    `-m ${hop}-${dice.pick(['eq', 'gt', 'lt'])} ${dice.pick([63, 64, 1, 65])}`,
    `-m length ${not}--length ${dice.pick(['0:39', '40:44', '60', '28:100', '1000:65535'])}`,
    `-m pkttype ${not}--pkt-type ${dice.pick(['unicast', 'broadcast', 'multicast'])}`,
    `-m physdev ${not}--physdev-is-bridged`,
    `-m recent --rcheck --name ${dice.pick(['x', 'y'])} --rsource`,
    `-m recent --set --name ${dice.pick(['x', 'y'])} --rsource`,
    '-m cpu ! --cpu 77',
    ...(onlyIn(place, 'PREROUTING', 'INPUT') ? ['-m socket'] : []),
    ...(onlyIn(place, 'PREROUTING', 'INPUT', 'FORWARD')
      ? [`-m mac ${not}--mac-source ${dice.pick(['ee:00:00:00:00:01', 'ee:00:00:00:00:02', '0a:ff:00:00:00:01'])}`]
      : []),
    ...(onlyIn(place, 'OUTPUT', 'POSTROUTING') ? [`-m owner ${not}--uid-owner 0`] : []),
    ...(onlyIn(place, 'PREROUTING') && place.table !== 'nat'
      ? [`-m rpfilter ${dice.pick(['--loose', '--invert', '--validmark', '--accept-local'])}`]
      : []),
    ...(protocol === 'tcp' ? [`-m tcpmss ${not}--mss 1460`, '-m tcp --tcp-option 2'] : []),
  ]
}
