import type {EksNode, Pod} from '../../eks/index.js'
import type {Evidence, Flow, JsonExplanation, JsonOutcome, JsonStep, NodeState, StepKind} from '../../model/index.js'
import {type Address, parseAddress} from '../../net/index.js'
import type {Symptom} from './findSymptom.js'

/** A flow that does not go as it should, on a node as it stands after the repairs found so far. */
export interface Case {
  /** Who is who: on the node as it was captured. */
  readonly eks: EksNode
  readonly state: NodeState
  readonly flow: Flow
  readonly explanation: JsonExplanation
  readonly outcome: JsonOutcome
  readonly symptom: Symptom
}

/** Something that is not as on a healthy node, and the edits that would make it so. */
export interface Remedy {
  /** Where in the walk it acts. */
  readonly stage: string
  /** What is not as it should be, in a sentence. */
  readonly text: string
  /** What should exist and does not, as it would be listed. */
  readonly missing: readonly string[]
  /** What is there and should not be. */
  readonly taken: Evidence | null
  /** Edits, in the syntax of the tools. */
  readonly repair: readonly string[]
}

/** The outcome of the way that is looked at: of the packet, or of its reply. */
export function wayOf({outcome, symptom}: Pick<Case, 'outcome' | 'symptom'>): JsonOutcome {
  return symptom.way === 'reply' ? (outcome.reply ?? outcome) : outcome
}

const BESIDES: ReadonlySet<StepKind> = new Set<StepKind>(['chain-miss', 'rule-miss', 'reject-answer'])

/** The step that decided: the last that is no miss, nor the answer that a rejection sends. */
export function decidingStep(outcome: JsonOutcome): JsonStep | null {
  return outcome.steps?.findLast(({kind}) => !BESIDES.has(kind)) ?? null
}

/** Who sends and who should receive on the way that is looked at, translation undone on the side of a pod. */
export function endsOf(c: Case): {readonly source: Address | null; readonly destination: Address | null} {
  const received = parseAddress(c.outcome.packet.dst)
  const sent = c.explanation.flow.src === null ? null : parseAddress(c.explanation.flow.src)
  return c.symptom.way === 'reply' ? {source: received, destination: sent} : {source: sent, destination: received}
}

export function podOf(eks: EksNode, address: Address | null): Pod | null {
  return address === null ? null : eks.podAt(address)
}
