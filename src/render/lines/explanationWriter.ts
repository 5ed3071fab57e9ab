import type {JsonEgress, JsonExplanation, JsonOutcome, JsonPacket, JsonSource, JsonStep} from '../../model/index.js'
import type {LineBuffer} from './lineBuffer.js'

/** The JSON of something, and what it was made of. */
interface Known<T, J> {
  readonly like: T
  readonly json: J
}

/** More next hops than this are not kept: a node has fewer neighbours. */
const MOST_HOPS = 65_536

/** Strings that JSON writes as they are. */
const PLAIN = /^[ !#-[\]-~]*$/

/**
 * Writes explanations as lines of JSON, as JSON.stringify would. A bulk answer consists of the same rules and interfaces again and again: the JSON of each is made once. Members stand in
 * the order in which the evaluator makes them.
 */
export class ExplanationWriter {
  readonly #out: LineBuffer
  /** Not yet in the buffer: few long writes cost less than many short ones. */
  #text = ''
  /** By the rule's place in the capture, of which there is one object for each rule. Each JSON with a comma before it. */
  readonly #steps = new Map<JsonSource, Known<JsonStep, Uint8Array>>()
  /** By next hop. */
  readonly #egresses = new Map<string | null, Known<JsonEgress, string>>()

  constructor(out: LineBuffer) {
    this.#out = out
  }

  /** Adds a line, with its end. */
  writeLine(explanation: JsonExplanation): void {
    this.#explanation(explanation)
    this.#text += '\n'
    this.#flush()
  }

  #explanation({flow, origin, outcomes, why, whatIf}: JsonExplanation): void {
    this.#text += `{"flow":${JSON.stringify(flow)},"origin":${JSON.stringify(origin)},"outcomes":[`
    for (let i = 0; i < outcomes.length; i++) {
      if (i > 0) this.#text += ','
      this.#outcome(outcomes[i] as JsonOutcome)
    }
    this.#text += ']'
    if (why !== undefined) this.#text += `,"why":${JSON.stringify(why)}`
    if (whatIf !== undefined) {
      this.#text += ',"whatIf":'
      this.#explanation(whatIf)
    }
    this.#text += '}'
  }

  #outcome({disposition, reason, probability, conditions, packet, egress, steps, reply, service}: JsonOutcome): void {
    this.#text += `{"disposition":"${disposition}","reason":${nullable(reason)},"probability":${probability},"conditions":${
      conditions.length === 0 ? '[]' : JSON.stringify(conditions)
    },"packet":${packetJson(packet)},"egress":${egress === null ? 'null' : this.#egress(egress)}`
    if (steps !== undefined) this.#writeSteps(steps)
    if (reply === null) this.#text += ',"reply":null'
    else if (reply !== undefined) {
      this.#text += ',"reply":'
      this.#outcome(reply)
    }
    if (service !== undefined) this.#text += `,"service":${JSON.stringify(service)}`
    this.#text += '}'
  }

  #egress(egress: JsonEgress): string {
    let known = this.#egresses.get(egress.nextHop)
    if (known === undefined || !sameEgress(known.like, egress)) {
      known = {like: egress, json: JSON.stringify(egress)}
      if (this.#egresses.size < MOST_HOPS) this.#egresses.set(egress.nextHop, known)
    }
    return known.json
  }

  #writeSteps(steps: readonly JsonStep[]): void {
    this.#text += ',"steps":['
    for (let i = 0; i < steps.length; i++) this.#writeStep(steps[i] as JsonStep, i === 0)
    this.#text += ']'
  }

  #writeStep(step: JsonStep, first: boolean): void {
    const {source} = step
    if (source === null || first) {
      this.#text += `${first ? '' : ','}${JSON.stringify(step)}`
      return
    }
    let known = this.#steps.get(source)
    if (known === undefined || !sameStep(known.like, step)) {
      known = {like: step, json: Buffer.from(`,${JSON.stringify(step)}`)}
      this.#steps.set(source, known)
    }
    this.#flush()
    this.#out.bytes(known.json)
  }

  #flush(): void {
    if (this.#text === '') return
    this.#out.text(this.#text)
    this.#text = ''
  }
}

function packetJson({src, sport, dst, dport, proto, mark}: JsonPacket): string {
  return `{"src":${quote(src)},"sport":${sport},"dst":${quote(dst)},"dport":${dport},"proto":${quote(proto)},"mark":${mark}}`
}

function nullable(text: string | null): string {
  return text === null ? 'null' : quote(text)
}

function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

function sameStep(a: JsonStep, b: JsonStep): boolean {
  return (
    a === b ||
    (a.effect === b.effect &&
      a.text === b.text &&
      a.target === b.target &&
      a.stage === b.stage &&
      a.kind === b.kind &&
      a.rule === b.rule &&
      a.chain === b.chain &&
      a.table === b.table &&
      a.family === b.family &&
      a.backend === b.backend &&
      a.near === b.near)
  )
}

function sameEgress(a: JsonEgress, b: JsonEgress): boolean {
  return (
    a === b ||
    (a.interface === b.interface &&
      a.nextHop === b.nextHop &&
      a.mac === b.mac &&
      a.neighbourState === b.neighbourState &&
      a.eni === b.eni &&
      a.pod === b.pod &&
      a.role === b.role)
  )
}
