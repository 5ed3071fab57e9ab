import {match} from 'ts-pattern'
import type {
  JsonCapture,
  JsonEgress,
  JsonExplanation,
  JsonFlow,
  JsonOrigin,
  JsonOutcome,
  JsonStep,
} from '../../model/index.js'
import {isMiss, type Tone} from './phase.js'
import {arrives, DISPOSITIONS, formatMark, formatTuple, REASONS} from './words.js'

/** The answer in a few lines: a word, facts, and where it did not arrive the line that decided. */
export interface Verdict {
  readonly word: string
  readonly tone: Tone
  /** Lines, each of parts that may be broken between. */
  readonly facts: readonly (readonly string[])[]
  readonly proof: JsonStep | null
}

/** @param services what `describeServices` says of the outcome */
export function describeVerdict(
  flow: JsonFlow,
  outcome: JsonOutcome,
  capture: JsonCapture,
  services: readonly string[],
): Verdict {
  return {
    word: DISPOSITIONS[outcome.disposition],
    tone: toneOf(outcome),
    facts: factsOf(flow, outcome, capture, services),
    proof: arrives(outcome.disposition) ? null : decidingStep(outcome),
  }
}

function toneOf(outcome: JsonOutcome): Tone {
  return match(outcome.disposition)
    .with('forwarded', 'delivered', () => 'pass' as const)
    .with('dropped', 'rejected', 'unroutable', () => 'lost' as const)
    .with('undetermined', () => 'unsure' as const)
    .exhaustive()
}

function factsOf(flow: JsonFlow, outcome: JsonOutcome, capture: JsonCapture, services: readonly string[]): string[][] {
  const tuple = formatTuple(outcome.packet)
  const mark = outcome.packet.mark === 0 ? [] : [`mark ${formatMark(outcome.packet.mark)}`]
  return match(outcome.disposition)
    .with('forwarded', () => {
      const {egress} = outcome
      if (egress === null) return [[`as ${tuple}`, ...mark]]
      const receiver = [...(egress.pod === null ? [] : [`to pod ${egress.pod}`]), ...services]
      return [
        [`out ${egress.interface}${inParentheses(eniText(egress))} as ${tuple}`, ...receiver],
        [...describeNextHop(egress, outcome.packet.dst, capture), ...mark],
      ]
    })
    .with('delivered', () => {
      const receiver = outcome.egress?.pod == null ? 'to this node' : `to pod ${outcome.egress.pod}`
      return [[`${receiver} as ${tuple}`, ...services, ...mark]]
    })
    .with('dropped', 'rejected', 'unroutable', 'undetermined', () => [
      [
        outcome.reason === null ? 'no reason is given' : REASONS[outcome.reason],
        ...services,
        ...(tuple === formatTuple(flow) ? [] : [`by then it is ${tuple}`]),
        ...mark,
      ],
    ])
    .exhaustive()
}

function describeNextHop(egress: JsonEgress, destination: string, capture: JsonCapture): string[] {
  const onLink = egress.nextHop === null || egress.nextHop === destination
  const hop = onLink ? 'no gateway: the destination is on the link' : `next hop ${egress.nextHop}`
  const state = inParentheses(egress.neighbourState)
  if (egress.mac !== null) return [hop, `MAC ${egress.mac}${state}`]
  if (egress.neighbourState !== null) return [hop, `MAC unknown${state}`]
  const lacking = capture.missing.some(command => /\bneigh|\barp\b/.test(command))
  return [hop, `MAC unknown: ${lacking ? 'the capture has no neighbour table' : 'no neighbour entry'}`]
}

/** `eni-0334…, secondary, table 2` */
function eniText({eni, role}: JsonEgress): string | null {
  const known = [eni, role].filter(part => part != null)
  return known.length === 0 ? null : known.join(', ')
}

function inParentheses(text: string | null): string {
  return text === null ? '' : ` (${text})`
}

/** The last step with a line: what decided that the packet does not arrive. Null with --brief, and where no line did. */
function decidingStep(outcome: JsonOutcome): JsonStep | null {
  return outcome.steps?.findLast(step => !isMiss(step)) ?? null
}

/** How the answer to an outcome comes back. Null where that is not told: with --brief, and where the packet does not arrive. */
export function describeReply({flow, origin}: JsonExplanation, outcome: JsonOutcome): Verdict | null {
  const {reply} = outcome
  if (reply === undefined || !arrives(outcome.disposition)) return null
  if (reply === null) return {word: 'REPLY', tone: 'pass', facts: [['none is expected']], proof: null}
  const entry =
    outcome.disposition === 'delivered'
      ? 'is sent by this node'
      : `comes back by ${outcome.egress?.interface ?? 'the same way'}`
  const conditions = reply.conditions.length === 0 ? [] : [reply.conditions.join(', ')]
  if (!arrives(reply.disposition)) {
    const why = reply.reason === null ? '' : `: ${REASONS[reply.reason]}`
    const fact = `${entry} and is ${DISPOSITIONS[reply.disposition]}${why}`
    return {word: 'REPLY', tone: toneOf(reply), facts: [[fact, ...conditions]], proof: decidingStep(reply)}
  }
  const exit =
    reply.disposition === 'delivered'
      ? 'is delivered to this node'
      : `leaves by ${reply.egress?.interface ?? 'an unknown interface'}`
  const symmetry = describeSymmetry(flow, origin, reply)
  return {
    word: 'REPLY',
    tone: symmetry.fault ? 'lost' : 'pass',
    facts: [[`${entry}, ${exit} as ${formatTuple(reply.packet)}`, ...symmetry.facts, ...conditions]],
    proof: null,
  }
}

/** Does the answer leave where the request came in, and does it come from whom the client asked? */
function describeSymmetry(flow: JsonFlow, origin: JsonOrigin, reply: JsonOutcome): {fault: boolean; facts: string[]} {
  const facts: string[] = []
  const cameIn = origin.kind === 'node' ? null : (origin.interface ?? flow.iif)
  const goesOut = reply.egress?.interface ?? null
  const astray = reply.disposition === 'forwarded' && cameIn !== null && goesOut !== null && cameIn !== goesOut
  const estranged = reply.packet.src !== flow.dst || reply.packet.sport !== flow.dport
  if (astray) facts.push(`ASYMMETRIC: the request came in by ${cameIn}`)
  else if (cameIn !== null && cameIn === goesOut) facts.push('symmetric')
  if (estranged)
    facts.push(
      `the sender expects it from ${formatTuple({...flow, src: flow.dst, sport: flow.dport}).split(' → ')[0] ?? ''}`,
    )
  return {fault: astray || estranged, facts}
}

/** `pod default/web`, `eni6a…`, `eni-0334…`. */
export function describeOrigin(origin: JsonOrigin): string[] {
  const known = [origin.interface, origin.eni].filter(part => part !== null)
  return match(origin.kind)
    .with('pod', () => [origin.pod === null ? 'a pod' : `pod ${origin.pod}`, ...known])
    .with('node', () => ['a process of this node'])
    .with('external', () => ['outside this node', ...known])
    .exhaustive()
}
