import type {JsonExplanation, JsonSource, JsonStep} from '../../model/index.js'
import {type ByteText, toByteText} from './byteText.js'
import {jsonText, quote} from './jsonText.js'

/** The JSON of a step, but for its effect, and what it was made of. */
interface KnownStep {
  readonly like: JsonStep
  readonly head: string
  readonly tail: string
}

const plainly = (): null => null

/**
 * Writes explanations as lines of JSON, as JSON.stringify would. A bulk answer consists of the same rules again and again: a step's JSON is made
 * once for each rule, and only its effect is new.
 */
export class ExplanationLines {
  /** By the rule's place in the capture, of which there is one object for each rule. */
  readonly #known = new Map<JsonSource, KnownStep>()
  readonly #special = (key: string, value: unknown): ByteText | null =>
    key === 'steps' ? this.#steps(value as readonly JsonStep[]) : null

  /** Without a line end. */
  write(explanation: JsonExplanation): ByteText {
    const told = explanation.outcomes.some(({steps}) => steps !== undefined)
    return told ? jsonText(explanation, this.#special) : toByteText(JSON.stringify(explanation))
  }

  #steps(steps: readonly JsonStep[]): ByteText {
    let text = '['
    for (let i = 0; i < steps.length; i++) text += (i === 0 ? '' : ',') + this.#step(steps[i] as JsonStep)
    return `${text}]` as ByteText
  }

  #step(step: JsonStep): string {
    const {source, effect} = step
    if (source === null || step.near !== undefined) return jsonText(step, plainly)
    let known = this.#known.get(source)
    if (known === undefined || !isAlike(known.like, step)) this.#known.set(source, (known = learn(step)))
    return known.head + (effect === '' ? '""' : quote(effect)) + known.tail
  }
}

/** The same but for the effect. */
function isAlike(a: JsonStep, b: JsonStep): boolean {
  return (
    a.text === b.text &&
    a.target === b.target &&
    a.stage === b.stage &&
    a.kind === b.kind &&
    a.rule === b.rule &&
    a.chain === b.chain &&
    a.table === b.table &&
    a.family === b.family &&
    a.backend === b.backend
  )
}

function learn(step: JsonStep): KnownStep {
  const whole = jsonText({...step, effect: ''}, plainly)
  const mark = '"effect":""'
  // the last one: a rule's text may say anything, but its quotes are escaped
  const at = whole.lastIndexOf(mark)
  return {like: step, head: whole.slice(0, at + mark.length - 2), tail: whole.slice(at + mark.length)}
}
