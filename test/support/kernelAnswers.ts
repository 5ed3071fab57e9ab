import type {JsonExplanation, JsonOutcome, JsonPacket} from '../../src/model/index.js'

/** What a kernel did with a flow, measured: one entry per outcome that was seen in `tries` tries. */
export interface KernelAnswer {
  readonly flow: Readonly<Record<string, unknown>>
  readonly tries: number
  readonly outcomes: readonly KernelOutcome[]
}

export interface KernelOutcome {
  readonly disposition: JsonOutcome['disposition']
  readonly packet?: JsonPacket
  readonly egress?: string
  /** `table chain number` of each rule that matched, in order. */
  readonly rules: readonly string[]
  /** Line of the policy rule that routed the packet. */
  readonly ipRule?: number
  readonly reply?: {
    readonly disposition: JsonOutcome['disposition']
    readonly egress?: string
    readonly src?: string
    readonly dst?: string
  }
}

export type Aspect = 'verdict' | 'rules' | 'route' | 'reply' | 'extra'

/** In which respects an explanation and the kernel differ; empty: they agree. */
export function disagreements(answer: KernelAnswer, explanation: JsonExplanation): Aspect[] {
  const wrong: Aspect[] = []
  for (const aspect of ['verdict', 'rules', 'route', 'reply'] as const) {
    const seen = answer.outcomes.every(outcome =>
      explanation.outcomes.some(predicted => fits(outcome, predicted, aspect)),
    )
    if (!seen) wrong.push(aspect)
  }
  if (explanation.outcomes.some(predicted => isExtra(answer, predicted))) wrong.push('extra')
  return wrong
}

function fits(seen: KernelOutcome, predicted: JsonOutcome, aspect: Aspect): boolean {
  if (!sameVerdict(seen, predicted)) return false
  switch (aspect) {
    case 'rules':
      return rulesOf(predicted).join('\n') === seen.rules.join('\n')
    case 'route':
      return seen.ipRule === undefined || lastRuleLine(predicted) === seen.ipRule
    case 'reply':
      return seen.reply === undefined || sameReply(seen.reply, predicted.reply ?? null)
    case 'verdict':
    case 'extra':
      return true
  }
}

function sameVerdict(seen: KernelOutcome, predicted: JsonOutcome): boolean {
  if (seen.disposition !== predicted.disposition) return false
  if (seen.packet !== undefined && !samePacket(seen.packet, predicted.packet)) return false
  return seen.egress === undefined || predicted.egress?.interface === seen.egress
}

function samePacket(seen: JsonPacket, predicted: JsonPacket): boolean {
  if (seen.src !== predicted.src || seen.dst !== predicted.dst || seen.proto !== predicted.proto) return false
  if (seen.proto.includes('icmp')) return true
  if (seen.dport !== predicted.dport) return false
  // a port that NAT drew at random is null
  return predicted.sport === null || seen.sport === null || seen.sport === predicted.sport
}

function sameReply(seen: NonNullable<KernelOutcome['reply']>, predicted: JsonOutcome | null): boolean {
  if (predicted?.disposition !== seen.disposition) return false
  if (seen.disposition !== 'forwarded') return true
  return (
    predicted.egress?.interface === seen.egress &&
    predicted.packet.src === seen.src &&
    predicted.packet.dst === seen.dst
  )
}

/** Certain, and likely enough that so many tries would have shown it. */
function isExtra(answer: KernelAnswer, predicted: JsonOutcome): boolean {
  if (predicted.conditions.length > 0 || predicted.probability === null) return false
  if ((1 - predicted.probability) ** answer.tries >= 1e-4) return false
  return !answer.outcomes.some(seen => sameVerdict(seen, predicted))
}

export function rulesOf(outcome: JsonOutcome): string[] {
  return (outcome.steps ?? [])
    .filter(step => step.kind === 'chain-rule')
    .map(step => `${step.table ?? ''} ${step.chain ?? ''} ${step.rule ?? ''}`)
}

function lastRuleLine(outcome: JsonOutcome): number | undefined {
  return (outcome.steps ?? []).filter(step => step.kind === 'ip-rule').at(-1)?.source?.line
}
