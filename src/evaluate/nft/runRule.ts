import type {JsonStep, NftElement, NftSetUse, NftStatement, NftVerdict} from '../../model/index.js'
import {TCP, UDP} from '../../net/index.js'
import type {ChainVerdict} from '../netfilter/runChain.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import {assign} from './assign.js'
import {describeKey} from './describeKey.js'
import {entersFlowTable} from './flowTable.js'
import {forwardFrame} from './forwardFrame.js'
import {saysLittle} from './lossy.js'
import {elementFact, elementHolds, findElement, triElement} from './lookUp.js'
import {runNat} from './nat.js'
import {type RulePlace, ruleKey} from './place.js'
import {read, readKey} from './read.js'
import {rejectWith} from './reject.js'

/** How a rule ended. `break`: one of its statements failed, and it did not match. */
export type RuleEnd =
  | {readonly kind: 'break' | 'next' | 'return'}
  | {readonly kind: 'jump' | 'goto'; readonly chain: string}
  | {readonly kind: 'end'; readonly verdict: ChainVerdict}

const BREAK: RuleEnd = {kind: 'break'}
const NEXT: RuleEnd = {kind: 'next'}
const ACCEPT: RuleEnd = {kind: 'end', verdict: {kind: 'accept'}}

/** Flags of TCP. */
const SYN_OR_ACK = 0x12

type Of<K extends NftStatement['kind']> = Extract<NftStatement, {kind: K}>

/** Runs the statements of one rule, from left to right. What it does is told in `step`; null while not tracing. */
export class RuleRun {
  readonly #walk: Walk
  readonly #place: RulePlace
  readonly #step: JsonStep | null
  readonly #effects: string[] = []
  /** The text of the statement at which the rule ended without a match. */
  failed = ''

  constructor(walk: Walk, place: RulePlace, step: JsonStep | null) {
    this.#walk = walk
    this.#place = place
    this.#step = step
  }

  run(): RuleEnd {
    const {statements} = this.#place.rule
    for (let i = 0; i < statements.length; i++) {
      const statement = statements[i] as NftStatement
      const end = this.#one(statement, i)
      if (end === null) continue
      if (end.kind === 'break') this.failed = 'text' in statement ? statement.text : statement.kind
      return this.#finish(end)
    }
    return this.#finish(NEXT)
  }

  #finish(end: RuleEnd): RuleEnd {
    const step = this.#step
    if (step !== null && this.#effects.length > 0)
      step.effect = [...this.#effects, step.effect].filter(text => text !== '').join('; ')
    return end
  }

  /** Null: on to the next statement. */
  #one(statement: NftStatement, position: number): RuleEnd | null {
    const walk = this.#walk
    switch (statement.kind) {
      case 'match':
        if (this.#place.base.lossy === true && saysLittle(statement)) return this.#condition(statement.text)
        return this.#match(statement, position) ? null : BREAK
      case 'continue':
        return statement.needs !== undefined && read(walk, this.#place, statement.needs) === null ? BREAK : null
      case 'condition':
        return this.#condition(statement.text)
      case 'verdict':
        return this.#verdict(statement.verdict)
      case 'vmap': {
        const element = this.#element(statement)
        if (element === null) return BREAK
        return element.verdict === null ? this.#notUnderstood(element.text) : this.#verdict(element.verdict)
      }
      case 'assign': {
        const done = assign(walk, this.#place, statement)
        if (done === null) return BREAK
        this.#tell(done.target, done.effect)
        return null
      }
      case 'nat': {
        this.#tell(statement.operation.toUpperCase(), '')
        const verdict = runNat(walk, this.#place, statement, this.#step)
        return verdict === null ? BREAK : {kind: 'end', verdict}
      }
      case 'reject': {
        const answer = rejectWith(walk, this.#place, statement.with)
        if (answer === null) return BREAK
        this.#tell('REJECT', '')
        return {kind: 'end', verdict: {kind: 'reject', with: answer, evidence: this.#place.rule}}
      }
      case 'notrack':
        return this.#notrack()
      case 'set-update':
        return this.#update(statement)
      case 'fwd':
        return this.#forward(statement)
      case 'tproxy':
        return this.#giveToSocket(statement)
      case 'synproxy':
        return this.#answerHandshake(statement)
      case 'flow':
        if (!entersFlowTable(walk, statement.text)) return BREAK
        this.#tell('FLOW', `\`${statement.text}\`: later packets of the connection pass by the hooks`)
        return null
      case 'opaque':
        throw new Undetermined('UNMODELLED_TARGET', `what \`${statement.text}\` does is not modelled`, this.#place.rule)
      case 'unknown':
        return this.#unknown(statement)
    }
  }

  #condition(text: string): RuleEnd | null {
    return this.#walk.decide(`nft ${ruleKey(this.#place)} ${text}`, `\`${text}\` holds`) ? null : BREAK
  }

  /**
   * Where it is open, what the rest of the rule asks goes first: a rule that cannot match needs no branch. Only comparisons up to the first
   * statement that does something are asked.
   */
  #match(statement: Of<'match'>, position: number): boolean {
    const {key, negated, set} = statement
    const readings = readKey(this.#walk, this.#place, key)
    if (readings === null) return false
    const tri = triElement(this.#walk, this.#place, readings, key, set)
    if (tri === 2 && this.#failsLater(position + 1)) return false
    const found = tri === 2 ? findElement(this.#walk, this.#place, readings, key, set) !== null : tri === 1
    return found !== negated && (negated || this.#holds(set))
  }

  #holds(set: NftSetUse): boolean {
    return set.kind === 'anonymous' || elementHolds(this.#walk, this.#place, set.name)
  }

  #failsLater(from: number): boolean {
    const {statements} = this.#place.rule
    for (let i = from; i < statements.length; i++) {
      const statement = statements[i] as NftStatement
      if (statement.kind === 'continue' && statement.needs === undefined) continue
      if (statement.kind !== 'match' || statement.key.some(({kind}) => kind === 'map' || kind === 'numgen'))
        return false
      const readings = readKey(this.#walk, this.#place, statement.key)
      if (readings === null) return true
      const tri = triElement(this.#walk, this.#place, readings, statement.key, statement.set)
      if (tri !== 2 && (tri === 1) === statement.negated) return true
    }
    return false
  }

  #element({key, set}: Of<'vmap'>): NftElement | null {
    const readings = readKey(this.#walk, this.#place, key)
    if (readings === null) return null
    const element = findElement(this.#walk, this.#place, readings, key, set)
    if (element !== null && !this.#holds(set)) return null
    if (element !== null && set.kind === 'named') {
      const {document, line} = element.source
      this.#effects.push(`@${set.name} has \`${element.text}\` (${document}:${line})`)
    }
    return element
  }

  /** `continue` goes on with the next statement. */
  #verdict(verdict: NftVerdict): RuleEnd | null {
    switch (verdict.kind) {
      case 'accept':
        this.#tell('ACCEPT', '')
        return ACCEPT
      case 'drop':
        this.#tell('DROP', '')
        return {kind: 'end', verdict: {kind: 'drop', by: 'rule', evidence: this.#place.rule}}
      case 'return':
        this.#tell('RETURN', '')
        return {kind: 'return'}
      case 'continue':
        return null
      case 'jump':
      case 'goto':
        this.#tell(verdict.chain, '')
        return verdict
      case 'queue':
        throw new Undetermined('UNMODELLED_TARGET', 'what `queue` does is not modelled', this.#place.rule)
    }
  }

  /** nft_notrack_eval */
  #notrack(): null {
    const {packet} = this.#walk
    if (packet.connection !== null) return null
    packet.ctInfo = 'untracked'
    this.#tell('NOTRACK', 'the packet is not tracked: no connection state, no NAT')
    return null
  }

  #update(statement: Of<'set-update'>): RuleEnd | null {
    const walk = this.#walk
    const readings = readKey(walk, this.#place, statement.key)
    if (readings === null) return BREAK
    const what = describeKey(statement.key, readings)
    const isIn = statement.operation !== 'delete'
    walk.learn(elementFact(this.#place, statement.set, what), isIn)
    // it is in also where a limit that it carries ends the rule
    const holds = statement.conditional
      ? walk.decide(`nft ${ruleKey(this.#place)} ${statement.text}`, `\`${statement.text}\` holds`)
      : !isIn || elementHolds(walk, this.#place, statement.set)
    if (!holds) return BREAK
    this.#tell('SET', `${what} ${isIn ? 'is now in' : 'is no longer in'} @${statement.set}`)
    return null
  }

  #forward(statement: Of<'fwd'>): RuleEnd {
    const found = forwardFrame(this.#walk, this.#place, statement)
    if (found === null) return BREAK
    this.#tell('FWD', found.effect)
    return {kind: 'end', verdict: found.verdict}
  }

  /** nft_tproxy_eval: without a transparent socket that would take the packet the rule ends. */
  #giveToSocket({family, text}: Of<'tproxy'>): RuleEnd | null {
    const {packet} = this.#walk
    if (packet.protocol !== TCP && packet.protocol !== UDP) return BREAK
    if (family !== null && family !== (packet.family === 4 ? 'ip' : 'ip6')) return BREAK
    const taken = `a transparent socket of the node takes the packet (\`${text}\`)`
    if (!this.#walk.decide(`socket ${ruleKey(this.#place)} ${text}`, taken)) return BREAK
    packet.transparent = true
    this.#tell('TPROXY', 'belongs to a transparent socket from here on')
    return null
  }

  /**
   * nft_synproxy_do_eval: what neither opens nor confirms a connection goes on. Of IPv6 it checks the sum as if of IPv4, and drops where no network
   * card has checked it before.
   */
  #answerHandshake({text}: Of<'synproxy'>): RuleEnd | null {
    const {family, protocol, tcpFlags, otherTcpFlags} = this.#walk.packet
    if (protocol !== TCP) return BREAK
    const opens = ((tcpFlags | (otherTcpFlags ?? 0)) & SYN_OR_ACK) !== 0
    if (!opens && family === 4) return null
    const what = opens
      ? `\`${text}\` answers the handshake itself and connects to the server later: that is not modelled`
      : `\`${text}\` drops what no network card has checked, which is not known`
    throw new Undetermined('UNMODELLED_TARGET', what, this.#place.rule)
  }

  /** Whether the rest of the rule matches is open; if it does, what it does is not known. */
  #unknown({text}: Of<'unknown'>): RuleEnd {
    const matches = this.#walk.decide(`nft ${ruleKey(this.#place)} ${text}`, `\`${text}\` matches`)
    return matches ? this.#notUnderstood(text) : BREAK
  }

  #notUnderstood(text: string): never {
    throw new Undetermined('UNMODELLED_TARGET', `\`${text}\` is not understood`, this.#place.rule)
  }

  #tell(target: string, effect: string): void {
    if (this.#step === null) return
    this.#step.target = target
    if (effect !== '') this.#effects.push(effect)
  }
}
