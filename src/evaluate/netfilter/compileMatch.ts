import {formatAddress} from '../../net/index.js'
import type {CtCondition, IpSet, Match} from '../../model/index.js'
import {answersIpvs} from '../ipvs/ipvsMatch.js'
import type {Connection, Tuple} from '../walk/connection.js'
import type {Packet} from '../walk/packet.js'
import {decidePort, narrow, type Side, type Tri, triPort, triRange} from '../walk/ports.js'
import type {Walk} from '../walk/walk.js'
import {addressType} from './addressType.js'
import {hasAddressTypes6} from './addressType6.js'
import {covered} from './covered.js'
import {isDevice} from './header.js'
import {compileRecent} from './recent.js'
import {reversePathMatches} from './rpFilterMatch.js'
import {inSet} from './sets.js'
import {definite, fact, open, type Test} from './test.js'

/** What a match needs to know of its surroundings. */
export interface MatchContext {
  /** Null: the capture has no ipset listing. */
  readonly sets: ReadonlyMap<string, IpSet> | null
  /** The name of the match among all matches of all rules, for facts that belong to it alone. */
  readonly key: () => string
}

export const TCP_FLAG_FACT = 'the answer is a SYN+ACK (something listens there), not a RST'

/** Compiles one match. Null: it is true for every packet and need not be asked (comment, nfacct). */
export function compileMatch(match: Match, context: MatchContext): Test | null {
  const {negated} = match
  const sure = (evaluate: (packet: Packet, walk: Walk) => boolean): Test =>
    definite(walk => evaluate(walk.packet, walk), negated)
  switch (match.kind) {
    case 'comment':
    case 'accounting':
      return null
    case 'source':
      return sure(packet => covered(match.prefix, packet.source))
    case 'destination':
      return sure(packet => covered(match.prefix, packet.destination))
    case 'in-interface':
      return sure(packet => isDevice(match, packet.inInterface))
    case 'out-interface':
      return sure(packet => isDevice(match, packet.hookOut))
    case 'protocol':
      return sure(packet => match.protocol === 0 || packet.protocol === match.protocol)
    case 'fragment': // the packets explained here are whole
      return sure(() => false)
    case 'source-port':
    case 'destination-port':
      return portTest(
        match.kind === 'source-port' ? 'source' : 'destination',
        match.range.min,
        match.range.max,
        negated,
      )
    case 'multiport':
      return multiport(match, negated)
    case 'tcp-flags':
      return open(
        walk => {
          const {tcpFlags, otherTcpFlags} = walk.packet
          const first = (tcpFlags & match.mask) === match.flags
          if (otherTcpFlags === null || ((otherTcpFlags & match.mask) === match.flags) === first) return first ? 1 : 0
          const known = walk.known('listens')
          return known === null ? 2 : known === first ? 1 : 0
        },
        walk => walk.decide('listens', TCP_FLAG_FACT) === ((walk.packet.tcpFlags & match.mask) === match.flags),
        negated,
      )
    case 'icmp':
      return sure(
        ({icmpType, icmpCode}) =>
          match.type === null || (icmpType === match.type && icmpCode >= match.code.min && icmpCode <= match.code.max),
      )
    case 'mark': {
      const {mask, value} = match.mark
      return definite(({packet}) => (packet.mark & mask) >>> 0 === value, negated)
    }
    case 'connmark': // without a connection false, negated or not (connmark_mt)
      return tracked(connection => ((connection.mark & match.mark.mask) >>> 0 === match.mark.value) !== negated, false)
    case 'ct-state':
      return ctState(match.states, negated)
    case 'ct-status':
      return connectionTest(
        match,
        connection => match.statuses.some(status => hasStatus(connection, status)) !== negated,
      )
    case 'ct-direction':
      return connectionTest(
        match,
        (_, packet) => (packet.direction === (match.direction === 'ORIGINAL' ? 'original' : 'reply')) !== negated,
      )
    case 'ct-protocol':
      return connectionTest(match, connection => (connection.protocol === match.protocol) !== negated)
    case 'ct-address':
      return connectionTest(
        match,
        connection => covered(match.prefix, tupleOf(connection, match.tuple)[match.side]) !== negated,
      )
    case 'ct-port':
      return connectionPort(match, negated)
    case 'ct-expire':
      return connectionExpiry(match)
    case 'address-type':
      return sure((packet, walk) => {
        const device = match.limit === 'in' ? packet.inInterface : match.limit === 'out' ? packet.hookOut : null
        const address = packet[match.side]
        return typeof address === 'number'
          ? match.types.includes(addressType(walk.network, address, device))
          : hasAddressTypes6(walk, address, match.types, device)
      })
    case 'ip-range':
      return sure(packet => {
        const address = packet[match.side]
        return typeof address === typeof match.first && address >= match.first && address <= match.last
      })
    case 'set':
      return setTest(match, context, negated)
    case 'statistic-random':
      return oddsTest(oddsOf(match.probability, negated))
    case 'statistic-nth':
      return nth(match, context)
    case 'recent':
      return compileRecent(match)
    case 'length':
      return open(
        walk => triRange(walk.packet.openLength, match.range.min, match.range.max),
        walk => {
          const {min, max} = match.range
          const inside = walk.decide(`length ${min}-${max}`, `the packet is ${min}–${max} bytes long`)
          walk.packet.openLength = narrow(walk.packet.openLength, min, max, inside)
          return inside
        },
        negated,
      )
    case 'ttl':
      return sure(({ttl}) =>
        match.operator === 'eq' ? ttl === match.value : match.operator === 'lt' ? ttl < match.value : ttl > match.value,
      )
    case 'dscp':
      return sure(packet => packet.tos >> 2 === match.value)
    case 'tos':
      return sure(packet => (packet.tos & match.tos.mask) === match.tos.value)
    case 'ecn':
      return match.field === 'ip-ect'
        ? sure(packet => (packet.tos & 3) === match.value)
        : fact(`ecn ${match.field}`, `the TCP header has the ${match.field === 'tcp-cwr' ? 'CWR' : 'ECE'} bit`, negated)
    case 'packet-type':
      return packetType(match.type, negated)
    case 'mac-source':
      return macSource(match.mac, negated)
    case 'physdev': // only bridged packets have physical devices; for others the inverted options alone hold (physdev_mt)
      return open(
        ({packet, network}) => (isBridged(packet, network) ? 2 : 0),
        walk =>
          walk.decide(
            `physdev ${match.option} ${match.name}`,
            `the bridge port asked for by \`--physdev-${match.option}\` is this packet's`,
          ),
        negated,
      )
    case 'rp-filter':
      return definite(walk => reversePathMatches(walk, match) !== match.invert, false)
    case 'realm': {
      const {realm} = match
      return realm === null || realm.value !== 0
        ? fact(`realm ${match.text}`, `the route has the realm \`${match.text}\``, negated)
        : open(
            walk =>
              walk.network.routing(walk.packet.family).usesRealms
                ? walk.known('realm 0') === null
                  ? 2
                  : walk.known('realm 0') === true
                    ? 1
                    : 0
                : 1,
            walk => walk.decide('realm 0', 'the route has realm 0'),
            negated,
          )
    }
    case 'owner': // no socket: only negated options hold (owner_mt)
      return open(
        walk => {
          if (walk.packet.maker !== 'process') return 0
          // what the kernel answers by itself may have one of its own
          if (match.field === 'socket-exists' && !walk.packet.isAnswer) return 1
          const known = walk.known(`owner ${match.text}`)
          return known === null ? 2 : known ? 1 : 0
        },
        walk => walk.decide(`owner ${match.text}`, `the sending socket is one of \`${match.text}\``),
        negated,
      )
    case 'cpu':
      return fact(`cpu ${match.cpu}`, `CPU ${match.cpu} handles the packet`, negated)
    case 'ipvs':
      return definite(walk => answersIpvs(walk, match.asks, negated), false)
    case 'socket':
      return fact(
        `socket ${match.text}`,
        `a socket of the node takes the packet (\`-m socket ${match.text}\`)`,
        negated,
      )
    case 'tcp-mss':
      return fact(
        `tcpmss ${match.range.min}-${match.range.max}`,
        `the MSS option is ${match.range.min}–${match.range.max}`,
        negated,
      )
    case 'tcp-option':
      return fact(`tcp option ${match.option}`, `the TCP header has option ${match.option}`, negated)
    case 'opaque':
      // the bucket of a limit belongs to its rule; the rest is a fact of the packet or of the moment
      return fact(
        `opaque ${PER_RULE.has(match.module) ? context.key() : ''} ${match.text}`,
        `\`${match.text}\` holds (${OPAQUE_WHY[match.reason]})`,
        negated,
      )
    case 'unrecognised':
      return fact(`unrecognised ${match.text}`, `\`${match.text}\` holds (not a keyword that ekspath knows)`, negated)
  }
}

const PER_RULE: ReadonlySet<string> = new Set(['limit', 'quota', 'connlimit'])

const OPAQUE_WHY = {
  state: 'it depends on packets before this one',
  unmodelled: 'it is not modelled',
  environment: 'it depends on the node at that moment',
} as const

/** A counter of the rule, over all packets. Which packet this is stays open until the rule has matched once; from then on it is counted. */
function nth({every, packet, negated}: Extract<Match, {kind: 'statistic-nth'}>, {key: own}: MatchContext): Test {
  const key = `nth ${own()}`
  return {
    evaluate: () => 2,
    resolve: walk => {
      const visit = walk.visit(key)
      for (let hit = visit - 1; hit >= 0; hit--) {
        if (walk.known(`${key} ${hit}`) === true) return ((visit - hit) % every === 0) !== negated
      }
      const text = `this is packet ${packet} of every ${every} that this rule counts`
      return walk.decide(`${key} ${visit}`, visit === 0 ? text : `${text} (pass ${visit + 1})`) !== negated
    },
  }
}

export function portTest(side: Side, min: number, max: number, negated: boolean): Test {
  return open(
    walk => triPort(walk.packet, side, min, max),
    walk => decidePort(walk, side, min, max),
    negated,
  )
}

function multiport(match: Extract<Match, {kind: 'multiport'}>, negated: boolean): Test {
  const sides: readonly Side[] = match.side === 'either' ? ['source', 'destination'] : [match.side]
  return open(
    walk => {
      let answer: Tri = 0
      for (const range of match.ranges) {
        for (const side of sides) {
          const tri = triPort(walk.packet, side, range.min, range.max)
          if (tri === 1) return 1
          if (tri === 2) answer = 2
        }
      }
      return answer
    },
    walk => match.ranges.some(range => sides.some(side => decidePort(walk, side, range.min, range.max))),
    negated,
  )
}

/** A test on the connection; `without` is the answer where there is none. */
function tracked(evaluate: (connection: Connection, packet: Packet) => boolean, without: boolean): Test {
  return definite(({packet}) => (packet.connection === null ? without : evaluate(packet.connection, packet)), false)
}

/** conntrack_mt: without a connection the rest of the match is not even looked at, and only a state can make it true. */
function connectionTest(
  {besideState}: CtCondition,
  evaluate: (connection: Connection, packet: Packet) => boolean,
): Test {
  return tracked(evaluate, besideState)
}

function connectionExpiry({range, negated, besideState}: Extract<Match, {kind: 'ct-expire'}>): Test {
  const test = fact(
    `ct-expire ${range.min}-${range.max}`,
    `the connection expires in ${range.min}–${range.max} s`,
    negated,
  )
  return {...test, evaluate: walk => (walk.packet.connection === null ? (besideState ? 1 : 0) : test.evaluate(walk))}
}

function connectionPort(match: Extract<Match, {kind: 'ct-port'}>, negated: boolean): Test {
  const {min, max} = match.range
  return {
    evaluate: ({packet}) => {
      if (packet.connection === null) return match.besideState ? 1 : 0
      const tuple = tupleOf(packet.connection, match.tuple)
      const port = match.side === 'source' ? tuple.sourcePort : tuple.destinationPort
      if (port === null) return 2
      return (port >= min && port <= max) !== negated ? 1 : 0
    },
    resolve: walk =>
      walk.decide(
        `ct ${match.tuple} ${match.side} port ${min}-${max}`,
        `the connection's ${match.tuple} ${match.side} port is ${min}–${max}`,
      ) !== negated,
  }
}

function tupleOf(connection: Connection, which: 'original' | 'reply'): Tuple {
  return which === 'original' ? connection.original : connection.reply
}

function hasStatus(
  connection: Connection,
  status: 'NONE' | 'EXPECTED' | 'SEEN_REPLY' | 'ASSURED' | 'CONFIRMED',
): boolean {
  switch (status) {
    case 'NONE': // an empty bit mask: no connection has any of its bits
      return false
    case 'EXPECTED':
      return connection.expected
    case 'SEEN_REPLY':
      return connection.seenReply
    case 'ASSURED':
      return connection.assured
    case 'CONFIRMED':
      return connection.confirmed
  }
}

/** Bits of the states, so that asking is one comparison (XT_CONNTRACK_STATE_…). */
const CT_STATES: Readonly<Record<string, number>> = {
  NEW: 1,
  ESTABLISHED: 2,
  RELATED: 4,
  INVALID: 8,
  UNTRACKED: 16,
  SNAT: 32,
  DNAT: 64,
}

function ctState(states: readonly string[], negated: boolean): Test {
  const wanted = states.reduce((bits, state) => bits | (CT_STATES[state] ?? 0), 0)
  return definite(({packet}) => (stateBits(packet) & wanted) !== 0, negated)
}

function stateBits({connection, ctInfo}: Packet): number {
  if (connection === null) return ctInfo === 'untracked' ? 16 : 8
  return (connection.sourceNat ? 32 : 0) | (connection.destinationNat ? 64 : 0) | infoBit(ctInfo)
}

function infoBit(info: Packet['ctInfo']): number {
  switch (info) {
    case 'none':
      return 0
    case 'new':
      return 1
    case 'established':
      return 2
    case 'related':
      return 4
    case 'invalid':
      return 8
    case 'untracked':
      return 16
  }
}

/** How probable it is that a match holds: the kernel compares 31 random bits with the rounded probability (statistic_mt). */
export function oddsOf(probability: number, negated: boolean): number {
  const rounded = Math.round(probability * 0x80000000) / 0x80000000
  return negated ? 1 - rounded : rounded
}

export function oddsTest(odds: number): Test {
  return {evaluate: () => 2, resolve: walk => walk.random(odds)}
}

function setTest(match: Extract<Match, {kind: 'set'}>, {sets}: MatchContext, negated: boolean): Test {
  const {directions, returnNomatch} = match
  const set = sets?.get(match.set)
  const counts = match.options.filter(option => !/^(! )?--update-/.test(option))
  const words = [match.set, directions.join(','), ...(returnNomatch ? ['--return-nomatch'] : []), ...counts].join(' ')
  const key = ({packet}: Walk): string => `set ${words} ${addressesOf(packet)}`
  return open(
    walk => {
      const listed = sets !== null && set !== undefined && counts.length === 0
      if (listed && walk.known(`changed ${match.set}`) !== true) {
        const tri = inSet(walk, set, {sets, directions, returnNomatch})
        if (tri !== 2) return tri
      }
      const known = walk.known(key(walk))
      return known === null ? 2 : known ? 1 : 0
    },
    walk =>
      walk.decide(
        key(walk),
        `the packet${addressesOf(walk.packet)} is in the ipset \`${match.set}\` (${directions.join(',')})`,
      ),
    negated,
  )
}

/** Nothing, until NAT makes another packet of it. */
function addressesOf({connection, source, destination}: Packet): string {
  if (connection === null || (!connection.destinationNat && !connection.sourceNat)) return ''
  return ` (${formatAddress(source)} → ${formatAddress(destination)})`
}

/** skb->pkt_type: how the frame was addressed. Frames to a broadcast address may still come in unicast frames. */
function packetType(type: 'unicast' | 'broadcast' | 'multicast', negated: boolean): Test {
  return open(
    walk => {
      const {packet} = walk
      const kind = addressType(walk.network, packet.destination, null)
      if (packet.maker !== 'wire' || (kind !== 'BROADCAST' && kind !== 'MULTICAST')) return type === 'unicast' ? 1 : 0
      const known = walk.known(`frame ${type}`)
      return known === null ? 2 : known ? 1 : 0
    },
    walk => walk.decide(`frame ${type}`, `the frame came in as ${type}`),
    negated,
  )
}

/** Only frames from a wire have a source MAC; `lo` has none, and then the match is false, negated or not (mac_mt). */
function macSource(mac: string, negated: boolean): Test {
  const key = `mac ${mac}`
  return {
    evaluate: walk => {
      const {packet} = walk
      if (packet.maker !== 'wire' || packet.inInterface === null || packet.inInterface === 'lo') return 0
      const known = packet.sourceMac === null ? walk.known(key) : packet.sourceMac === mac
      return known === null ? 2 : known !== negated ? 1 : 0
    },
    resolve: walk => walk.decide(key, `the frame's source MAC is ${mac}`) !== negated,
  }
}

function isBridged(packet: Packet, network: Walk['network']): boolean {
  return packet.inInterface !== null && network.interfaces.isBridgePort(packet.inInterface)
}
