import {type Family, formatAddress, hasPorts, ICMP, ICMPV6} from '../net/index.js'
import type {Flow, JsonExplanation, JsonFlow, JsonOutcome, NodeState} from '../model/index.js'
import {answerPacket, errorPacket, firstPacket} from './makePacket.js'
import {Netfilter} from './netfilter/netfilter.js'
import {Network} from './network/network.js'
import {assumeOrigin, findOrigin, type Origin} from './origin.js'
import type {Branch} from './branchGroup.js'
import {jsonProtocol, mergeBranches, toOutcome} from './outcome.js'
import {Choices} from './walk/choices.js'
import {travel} from './walk/journey.js'
import {type Assumption, newTrail, OrderMatters, type Trail, Walk} from './walk/walk.js'

export interface ExplainOptions {
  /** Steps and reply; off for bulk answers. Default true. */
  readonly steps?: boolean
  /** Also the rules that were tried and did not match. Default false. */
  readonly misses?: boolean
}

export interface Explained {
  readonly explanation: JsonExplanation
  readonly assumptions: readonly Assumption[]
}

/** A walk that branches more often than this ends "undetermined": nobody reads so many cases. */
const MAX_BRANCHES = 4096

/** … nor so many conditions of all of them together. It bounds what damaged rules, of which each is a question, cost in memory and time. */
const MAX_CONDITIONS = 400_000

/** A node made ready for many flows: tables indexed, chains compiled as walks enter them. */
export class Evaluator {
  readonly #network: Network
  readonly #netfilter: Netfilter
  /** What is assumed where the capture shows one back end of iptables. */
  readonly #oneBackend: Readonly<Record<Family, string | null>>

  constructor(node: NodeState) {
    this.#network = new Network(node)
    this.#netfilter = new Netfilter(node)
    this.#oneBackend = {4: assumeBackend(this.#netfilter, 4), 6: assumeBackend(this.#netfilter, 6)}
  }

  /**
   * Says what the node's kernel does with a flow's first packet, and with the answer to it.
   * @throws FlowError where no such packet can be on this node
   */
  explain(flow: Flow, {steps = true, misses = false}: ExplainOptions = {}): Explained {
    const origin = findOrigin(this.#network, flow)
    const assumptions: Assumption[] = []
    const oneBackend = this.#oneBackend[flow.family]
    const {branches, more} = walkAll((choices, ordered) => {
      const walk = new Walk(this.#network, this.#netfilter, choices, {trace: steps, misses}, assumptions, ordered)
      assumeOrigin(walk, origin)
      if (oneBackend !== null) walk.assume('OTHER_BACKEND', oneBackend)
      return this.#walkOnce(walk, flow, origin, steps)
    })
    const outcomes = mergeBranches(branches)
    if (more) outcomes.push(tooMany(outcomes[0] as JsonOutcome, branches.length))
    return {
      explanation: {
        flow: toJsonFlow(flow, origin),
        origin: {
          kind: origin.kind === 'attached' ? 'pod' : origin.kind,
          interface: origin.interface,
          pod: null,
          eni: null,
        },
        outcomes,
      },
      assumptions,
    }
  }

  #walkOnce(walk: Walk, flow: Flow, origin: Origin, steps: boolean): Branch {
    const there = newTrail()
    walk.trail = there
    walk.packet = firstPacket(this.#network, flow, origin)
    const verdict = travel(walk, {known: {connection: null}, ctState: stateOf(flow)})
    const outcome = toOutcome(this.#network, walk.packet, verdict, there, steps)
    if (!steps) return {outcome, conditions: there.conditions, probability: there.probability}
    const back = newTrail()
    outcome.reply = this.#answer(walk, flow, verdict.disposition, back)
    return {
      outcome,
      conditions: [...there.conditions, ...back.conditions],
      probability: there.probability * back.probability,
    }
  }

  #answer(walk: Walk, flow: Flow, disposition: JsonOutcome['disposition'], trail: Trail): JsonOutcome | null {
    if (disposition !== 'forwarded' && disposition !== 'delivered') return null
    const {packet} = walk
    if (packet.answeredElsewhere) return null
    const delivered = disposition === 'delivered'
    const {icmpAnswer} = flow
    const answer =
      icmpAnswer === null || delivered
        ? answerPacket(this.#network, packet, delivered)
        : errorPacket(packet, icmpAnswer)
    if (answer === null) return null
    walk.beginAnswer(answer, trail)
    const verdict = travel(walk, {known: {connection: packet.connection}, ctState: null})
    return toOutcome(this.#network, answer, verdict, trail, true)
  }
}

/** Walks every way, or as many as anybody reads; all of them anew where an order of chains, of which one was walked, turns out to matter. */
function walkAll(walkOnce: (choices: Choices, ordered: ReadonlySet<string>) => Branch): AllBranches {
  const ordered = new Set<string>()
  for (;;) {
    try {
      return walkEach(choices => walkOnce(choices, ordered))
    } catch (reason) {
      if (!(reason instanceof OrderMatters)) throw reason
      ordered.add(reason.key)
    }
  }
}

interface AllBranches {
  readonly branches: Branch[]
  /** There are more ways than were walked. */
  readonly more: boolean
}

function walkEach(walkOnce: (choices: Choices) => Branch): AllBranches {
  const choices = new Choices()
  const branches: Branch[] = []
  let conditions = 0
  let more: boolean
  do {
    const branch = walkOnce(choices)
    branches.push(branch)
    conditions += branch.conditions.length
    more = choices.next()
  } while (more && branches.length < MAX_BRANCHES && conditions < MAX_CONDITIONS)
  return {branches, more}
}

/** What the capture does not show of netfilter is taken to be nothing, and that is said. */
function assumeBackend(netfilter: Netfilter, family: Family): string | null {
  const [only, ...others] = netfilter.backends(family)
  if (only === undefined || others.length > 0) return null
  const absent = only === 'iptables-nft' ? 'iptables-legacy' : 'iptables-nft'
  return netfilter.saysBackend(family)
    ? `the capture holds the rules of ${only}; ${absent} is taken to hold none`
    : 'the capture holds the rules of one iptables back end and does not say of which; the other is taken to hold none'
}

/** For one flow; for many, keep an Evaluator. @throws FlowError */
export function explainFlow(node: NodeState, flow: Flow, options: ExplainOptions = {}): Explained {
  return new Evaluator(node).explain(flow, options)
}

function stateOf(flow: Flow): 'new' | 'established' | 'related' | 'invalid' | 'untracked' | null {
  return flow.ctState === null ? null : (flow.ctState.toLowerCase() as 'new')
}

function tooMany(like: JsonOutcome, branches: number): JsonOutcome {
  return {
    ...like,
    disposition: 'undetermined',
    reason: 'TOO_MANY_BRANCHES',
    probability: null,
    conditions: [
      `more than ${branches} combinations of what the capture leaves open: give --sport, --proto or --ct-state`,
    ],
    egress: null,
    steps: [],
    reply: null,
  }
}

const TCP_FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const

function toJsonFlow(flow: Flow, origin: Origin): JsonFlow {
  const ported = hasPorts(flow.protocol)
  const icmp = flow.protocol === ICMP || flow.protocol === ICMPV6
  return {
    family: flow.family,
    proto: jsonProtocol(flow.protocol),
    src: flow.source === null ? null : formatAddress(flow.source),
    sport: ported ? flow.sourcePort : null,
    dst: formatAddress(flow.destination),
    dport: ported ? flow.destinationPort : null,
    mark: flow.mark,
    iif: origin.interface,
    ...(flow.outInterface === null ? {} : {oif: flow.outInterface}),
    ...(flow.dscp === 0 ? {} : {dscp: flow.dscp}),
    ...(flow.ttl === 64 ? {} : {ttl: flow.ttl}),
    ...(flow.protocol === 6 && flow.tcpFlags !== 2 ? {tcpFlags: tcpFlagNames(flow.tcpFlags)} : {}),
    ...(icmp ? {icmpType: flow.icmpType ?? (flow.family === 4 ? 8 : 128), icmpCode: flow.icmpCode ?? 0} : {}),
    ...(flow.ctState === null ? {} : {ctState: flow.ctState}),
  }
}

function tcpFlagNames(flags: number): string {
  const names = TCP_FLAG_NAMES.filter((_, bit) => (flags & (1 << bit)) !== 0)
  return names.length === 0 ? 'NONE' : names.join(',')
}
