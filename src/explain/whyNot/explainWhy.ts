import {applyEdits, EDIT_DOCUMENT, EditError} from '../../edit/index.js'
import {annotate, type EksNode} from '../../eks/index.js'
import {Evaluator, FlowError} from '../../evaluate/index.js'
import type {
  Evidence,
  Flow,
  JsonCause,
  JsonExplanation,
  JsonLine,
  JsonOutcome,
  JsonWhy,
  NodeState,
} from '../../model/index.js'
import {nameService} from '../nameService.js'
import {adviceFor} from './advice.js'
import {type Case, decidingStep, type Remedy, wayOf} from './case.js'
import {findSymptom, type Symptom} from './findSymptom.js'
import {nearestMisses} from './nearestMisses.js'
import {findRemedies, inOrder} from './remedies/index.js'
import {adviceForUndetermined, undecidedBy} from './undetermined.js'

/** Faults that hide behind each other are followed this far. */
const MOST_ROUNDS = 4
/** So many ways of going wrong are told of one flow. */
const MOST_SYMPTOMS = 3

/**
 * Why a flow does not go as it would on a healthy node: what is not as it should be, what would put it right, and whether it does. Every repair
 * is tried on a copy of the state. Null where all is well.
 * @param eks who is who, on the node that the explanation is of
 */
export function explainWhy(eks: EksNode, flow: Flow, explanation: JsonExplanation): JsonWhy[] | null {
  const symptoms = symptomsOf(eks, explanation)
  if (symptoms.length === 0) return null
  const trial = new Trial(eks, flow)
  return symptoms.slice(0, MOST_SYMPTOMS).map(found => explainOne(trial, found, symptoms, explanation))
}

interface Found {
  readonly symptom: Symptom
  readonly outcome: JsonOutcome
  /** Which outcomes of the explanation have it. */
  readonly outcomes: readonly number[]
}

/** One for each way of going wrong, the most probable first. */
function symptomsOf(eks: EksNode, explanation: JsonExplanation): Found[] {
  const found = new Map<string, Found>()
  for (const [index, outcome] of explanation.outcomes.entries()) {
    const symptom = findSymptom(eks, explanation, outcome)
    if (symptom === null) continue
    const known = found.get(symptom.key)
    found.set(symptom.key, {symptom, outcome: known?.outcome ?? outcome, outcomes: [...(known?.outcomes ?? []), index]})
  }
  return [...found.values()]
}

/** Explains the flow again on edited copies of the node, once for each set of edits. */
class Trial {
  readonly eks: EksNode
  readonly flow: Flow
  readonly #attempts = new Map<string, Attempt | null>()
  #missed: JsonExplanation | null | undefined

  constructor(eks: EksNode, flow: Flow) {
    this.eks = eks
    this.flow = flow
  }

  /** Null where the edits cannot be. */
  attempt(edits: readonly string[]): Attempt | null {
    const key = edits.join('\n')
    let tried = this.#attempts.get(key)
    if (tried === undefined) {
      tried = this.#try(edits)
      this.#attempts.set(key, tried)
    }
    return tried
  }

  /** The flow on the node as it is, with the rules that did not match. */
  withMisses(): JsonExplanation | null {
    if (this.#missed === undefined) this.#missed = this.#explain(this.eks.state, true)
    return this.#missed
  }

  #try(edits: readonly string[]): Attempt | null {
    const state = this.#edit(edits)
    const explanation = state === null ? null : this.#explain(state)
    if (state === null || explanation === null) return null
    return {state, explanation, symptoms: symptomsOf(this.eks, explanation)}
  }

  #edit(edits: readonly string[]): NodeState | null {
    try {
      return applyEdits(this.eks.state, edits).state
    } catch (error) {
      if (error instanceof EditError) return null
      throw error
    }
  }

  #explain(state: NodeState, misses = false): JsonExplanation | null {
    try {
      return nameService(this.eks, annotate(this.eks, new Evaluator(state).explain(this.flow, {misses}).explanation))
    } catch (error) {
      if (error instanceof FlowError) return null
      throw error
    }
  }
}

/** What came of some edits. */
interface Attempt {
  readonly state: NodeState
  readonly explanation: JsonExplanation
  readonly symptoms: readonly Found[]
}

/** Is this way of going wrong gone, and none come in its place? What went wrong otherwise before may still do so. */
function cures({symptoms}: Attempt, {symptom: {key}, outcomes}: Found, before: readonly Found[]): boolean {
  const known = new Set(before.map(({symptom}) => symptom.key))
  return (
    symptoms.every(({symptom}) => symptom.key !== key && known.has(symptom.key)) &&
    countOutcomes(symptoms) <= countOutcomes(before) - outcomes.length
  )
}

function countOutcomes(symptoms: readonly Found[]): number {
  return symptoms.reduce((sum, {outcomes}) => sum + outcomes.length, 0)
}

/** No repair is tried: whether there is a fault is not known. */
function explainUndetermined({eks, flow}: Trial, {symptom, outcome, outcomes}: Found): JsonWhy {
  const way = wayOf({outcome, symptom})
  return {
    way: symptom.way,
    outcomes: [...outcomes],
    symptom: symptom.text,
    causes: [undecidedBy(way) ?? []].flat(),
    takenBy: null,
    shadowed: [],
    nearest: [],
    repair: [],
    restores: null,
    advice: adviceForUndetermined(eks, flow.family, way),
  }
}

/** @param before all ways in which it goes wrong */
function explainOne(trial: Trial, found: Found, before: readonly Found[], explanation: JsonExplanation): JsonWhy {
  if (found.symptom.kind === 'undetermined') return explainUndetermined(trial, found)
  const {key} = found.symptom
  const isCured = (tried: Attempt | null): boolean => tried !== null && cures(tried, found, before)
  const chosen: Remedy[] = []
  let current: Found = found
  let state = trial.eks.state
  let explained = explanation
  let cured = false
  for (let round = 0; round < MOST_ROUNDS && !cured; round++) {
    const c: Case = {
      eks: trial.eks,
      flow: trial.flow,
      state,
      explanation: explained,
      outcome: current.outcome,
      symptom: current.symptom,
    }
    const remedies = findRemedies(c)
    const edits = chosen.flatMap(({repair}) => repair)
    const attempts = remedies.map(remedy => ({
      remedy,
      tried: remedy.repair.length === 0 ? null : trial.attempt([...edits, ...remedy.repair]),
    }))
    const alone = attempts.find(({tried}) => isCured(tried))
    const step =
      alone ??
      attempts.find(({tried}) => tried !== null && goesFurther(tried, current)) ??
      together(trial, edits, remedies, isCured)
    if (step === null) {
      if (chosen.length === 0) chosen.push(...attempts.slice(0, 1).map(({remedy}) => remedy))
      break
    }
    chosen.push(...('remedies' in step ? step.remedies : [step.remedy]))
    const {tried} = step
    cured = isCured(tried)
    const next = tried?.symptoms.find(({symptom}) => symptom.key !== key) ?? tried?.symptoms[0]
    if (tried === null || next === undefined) break
    ;({state, explanation: explained} = tried)
    current = next
  }
  const needed = inOrder(withoutNeedless(trial, chosen, cured, isCured))
  return report(trial, found, explanation, needed, cured)
}

/** It is still wrong, and in another way: one fault of several is out of the way. */
function goesFurther({symptoms}: Attempt, {symptom}: Found): boolean {
  return symptoms.length > 0 && symptoms.every(other => other.symptom.key !== symptom.key)
}

/** Several pieces may be missing of which none helps alone. */
function together(
  trial: Trial,
  edits: readonly string[],
  remedies: readonly Remedy[],
  isCured: (tried: Attempt | null) => boolean,
): {readonly remedies: readonly Remedy[]; readonly tried: Attempt | null} | null {
  const useful = remedies.filter(({repair}) => repair.length > 0)
  if (useful.length < 2) return null
  const tried = trial.attempt([...edits, ...useful.flatMap(({repair}) => repair)])
  return isCured(tried) ? {remedies: useful, tried} : null
}

/** Leaves out what the cure does not need. */
function withoutNeedless(
  trial: Trial,
  chosen: readonly Remedy[],
  cured: boolean,
  isCured: (tried: Attempt | null) => boolean,
): readonly Remedy[] {
  if (!cured) return chosen
  let needed = chosen
  for (const remedy of chosen) {
    if (needed.length < 2) break
    const rest = needed.filter(each => each !== remedy)
    if (isCured(trial.attempt(rest.flatMap(({repair}) => repair)))) needed = rest
  }
  return needed
}

function report(
  trial: Trial,
  {symptom, outcome, outcomes}: Found,
  explanation: JsonExplanation,
  remedies: readonly Remedy[],
  cured: boolean,
): JsonWhy {
  const {eks, flow} = trial
  const c: Case = {eks, flow, state: eks.state, explanation, outcome, symptom}
  const repair = remedies.flatMap(remedy => remedy.repair)
  const first = remedies[0]
  const step = decidingStep(wayOf(c))
  const stage = first?.stage ?? step?.stage ?? ''
  const taken = first?.taken == null && stage.startsWith('routing') ? takenBy(c, stage) : null
  return {
    way: symptom.way,
    outcomes: [...outcomes],
    symptom: symptom.text,
    causes: remedies.map(remedy => toCause(remedy)),
    takenBy: taken && toLine(taken),
    shadowed: first?.taken == null ? [] : shadowedBy(trial, c, first),
    nearest: nearestMisses(trial.withMisses(), symptom, outcomes, first ?? null, stage),
    repair,
    restores: repair.length === 0 ? null : cured,
    advice: cured ? null : adviceFor(c, remedies),
  }
}

/** The policy rule that decided in place of what is missing. */
function takenBy(c: Case, stage: string): Evidence | null {
  const step = wayOf(c).steps?.findLast(({stage: own, kind}) => kind === 'ip-rule' && own === stage)
  return step?.source == null ? null : {source: step.source, text: step.text}
}

/** What decides at the same stage once the line that took the packet is gone. */
function shadowedBy(trial: Trial, c: Case, remedy: Remedy): JsonLine[] {
  const tried = remedy.repair.length === 0 ? null : trial.attempt(remedy.repair)
  if (tried === null) return []
  const way = tried.explanation.outcomes.map(outcome => wayOf({...c, outcome}))
  const before = new Set(wayOf(c).steps?.map(({source, text}) => `${source?.line ?? ''} ${text}`))
  const lines = way.flatMap(({steps = []}) =>
    steps.filter(
      ({stage, source, text, kind}) =>
        stage === remedy.stage &&
        source !== null &&
        source.document !== EDIT_DOCUMENT &&
        !kind.endsWith('miss') &&
        !before.has(`${source.line} ${text}`),
    ),
  )
  const seen = new Map(lines.flatMap(({source, text}) => (source === null ? [] : [[text, toLine({source, text})]])))
  return [...seen.values()].slice(0, 2)
}

function toCause({stage, text, missing, taken}: Remedy): JsonCause {
  return {stage, text, missing: [...missing], found: taken === null ? null : toLine(taken)}
}

function toLine({source, text}: Evidence): JsonLine {
  return {document: source.document, line: source.line, text: text.trim()}
}
