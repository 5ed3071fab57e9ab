import type {Family} from '../../net/index.js'
import type {ChainRule, DiagnosticCode, Match, Severity, Target} from '../../model/index.js'
import {joinComments} from './joinComments.js'
import {baseOption, readBaseOption} from './match/base.js'
import type {LoadedMatch, OptionResult} from './match/loadedMatch.js'
import {MATCH_MODULES, PROTOCOL_MODULES} from './match/modules.js'
import {unrecognised} from './match/opaque.js'
import {RuleReader} from './ruleReader.js'
import type {LoadedTarget} from './target/loadedTarget.js'
import {STANDARD_TARGETS, TARGET_MODULES} from './target/modules.js'
import {unknownTarget} from './target/verbatim.js'

export type ParsedRule = Pick<ChainRule, 'matches' | 'target' | 'comment' | 'counters'>

export interface RuleContext {
  readonly family: Family
  /** Is there a chain of this name in the rule's table? */
  hasChain(name: string): boolean
  /** Something in the current line that could not be read. */
  report(code: DiagnosticCode, severity: Severity, text: string): void
}

/** An extension that stands in the rule. */
interface Loaded {
  /** Null: the target. */
  readonly match: LoadedMatch | null
  /** As given to `-m`. */
  readonly name: string
  /** How many matches stood before it: where its own go. */
  readonly slot: number
  options: number
  /** `[unsupported revision]` stands in place of its options. */
  unsupported?: true
}

const UNSUPPORTED = '[unsupported revision]'
const NO_TARGET: Target = {kind: 'none'}
const CUT: Target = {kind: 'opaque', name: '', text: '', recognised: false}

/**
 * Reads rules as iptables-save and `iptables -S` print them, what stands behind `-A CHAIN`. One parser serves many lines.
 *
 * An option belongs to the extension loaded last that knows it, as for getopt with merged tables. What cannot be read becomes an
 * `unrecognised` match or an `opaque` target, and a diagnostic: it never makes a rule match more than its text says.
 */
export class RuleParser {
  readonly #reader: RuleReader
  readonly #context: RuleContext
  #loaded: Loaded[] = []
  #matches: Match[] = []
  #protocol = 0
  #verdict = NO_TARGET
  #extension: LoadedTarget | null = null
  #targetName = ''
  #targetText = ''
  #targetSpoilt = false
  #counters: ParsedRule['counters'] = null

  constructor(context: RuleContext) {
    this.#context = context
    this.#reader = new RuleReader(context.family)
  }

  /**
   * @param from offset behind the chain's name
   * @param cut the line is known to end in the middle: its last word may be half a word
   */
  parse(line: string, from: number, cut = false): ParsedRule {
    const reader = this.#reader
    reader.load(line, from)
    this.#loaded = []
    this.#matches = []
    this.#protocol = 0
    this.#verdict = NO_TARGET
    this.#extension = null
    this.#targetName = ''
    this.#targetText = ''
    this.#targetSpoilt = false
    this.#counters = null

    for (let word = reader.option(); word !== undefined; word = reader.option()) this.#option(word)
    const incomplete = cut || reader.missing || !reader.words.closed
    if (incomplete) this.#context.report('TRUNCATED', 'error', 'The rule ends in the middle: what it does is unknown.')
    this.#finishMatches()
    return {
      target: incomplete ? CUT : this.#finishTarget(),
      matches: this.#matches,
      comment: joinComments(this.#matches),
      counters: this.#counters,
    }
  }

  #option(word: string): void {
    const reader = this.#reader
    if (reader.words.isQuoted(reader.position - 1) || word.charCodeAt(0) !== 45) this.#stray()
    else if (!this.#command(word) && !this.#extensionOption(word)) this.#otherOption(word)
  }

  /** @returns false where the option is a condition, or belongs to an extension */
  #command(word: string): boolean {
    if (word === '-m' || word === '--match') this.#loadMatch()
    else if (word === '-j' || word === '--jump') this.#loadTarget('jump')
    else if (word === '-g' || word === '--goto') this.#loadTarget('goto')
    else if (word === '-c' || word === '--set-counters') this.#readCounters()
    else return false
    if (this.#reader.negated) {
      this.#matches.push({kind: 'unrecognised', negated: false, text: `! ${word}`})
      this.#context.report('BAD_VALUE', 'warning', `\`!\` cannot stand before ${word}.`)
    }
    return true
  }

  /** @returns false where no extension of the rule knows the option */
  #extensionOption(word: string): boolean {
    const reader = this.#reader
    for (let i = this.#loaded.length - 1; i >= 0; i--) {
      const loaded = this.#loaded[i] as Loaded
      if (loaded.match === null) {
        if (this.#extension?.has(word) !== true) continue
        if (reader.negated || !this.#extension.read(word, reader)) this.#spoilTarget()
        this.#targetText += ` ${reader.optionText()}`
      } else {
        if (!loaded.match.has(word)) continue
        loaded.options++
        this.#accept(word, loaded.match.read(word, reader))
      }
      return true
    }
    return false
  }

  /** Options of the packet header, and those of the module that `-p` alone brings along. */
  #otherOption(word: string): void {
    const reader = this.#reader
    const base = baseOption(word)
    if (base !== undefined) {
      const match = readBaseOption(base, reader)
      if (match?.kind === 'protocol' && !match.negated) this.#protocol = match.protocol
      return this.#accept(word, match)
    }
    const name = PROTOCOL_MODULES.get(this.#protocol)
    const match = name === undefined ? undefined : MATCH_MODULES.get(name)?.(reader)
    if (name !== undefined && match?.has(word) === true) {
      this.#loaded.push({match, name, slot: this.#matches.length, options: 1})
      return this.#accept(word, match.read(word, reader))
    }
    reader.skipValues()
    this.#matches.push({kind: 'unrecognised', negated: reader.negated, text: reader.optionText(false)})
    this.#context.report('UNKNOWN_KEYWORD', 'warning', `The option ${word} is not known here.`)
  }

  /** A match that does not carry the `!` before it would say the opposite of the text. */
  #accept(word: string, result: OptionResult): void {
    const reader = this.#reader
    if (result === undefined) return
    if (result !== null && result.negated === reader.negated) {
      this.#matches.push(result)
      return
    }
    reader.skipValues()
    this.#matches.push({kind: 'unrecognised', negated: false, text: reader.optionText()})
    if (reader.missing) return
    this.#context.report('BAD_VALUE', 'warning', `\`${reader.optionText()}\` is not what ${word} takes.`)
  }

  /** A word where an option should stand. */
  #stray(): void {
    const reader = this.#reader
    reader.skipValues()
    const text = reader.optionText()
    if (text === UNSUPPORTED) return this.#unsupported()
    this.#matches.push({kind: 'unrecognised', negated: false, text})
    this.#context.report('UNKNOWN_KEYWORD', 'warning', `\`${text}\` stands where an option is expected.`)
  }

  /** iptables 1.8 says so behind the name of an extension that a newer version wrote. */
  #unsupported(): void {
    const last = this.#loaded.at(-1)
    this.#context.report(
      'VERSION_SKEW',
      'error',
      'Another version of iptables wrote the rule: this one could not print it.',
    )
    if (last?.match === null) {
      this.#targetText += ` ${UNSUPPORTED}`
      this.#targetSpoilt = true
    } else this.#matches.push({kind: 'unrecognised', negated: false, text: `-m ${last?.name ?? ''} ${UNSUPPORTED}`})
    if (last !== undefined) last.unsupported = true
  }

  #loadMatch(): void {
    const reader = this.#reader
    const name = reader.text()
    if (name === null) return
    const load = MATCH_MODULES.get(name)
    if (load === undefined) this.#context.report('UNKNOWN_KEYWORD', 'warning', `The match ${name} is not known.`)
    this.#loaded.push({match: (load ?? unrecognised)(reader), name, slot: this.#matches.length, options: 0})
  }

  #loadTarget(kind: 'jump' | 'goto'): void {
    const reader = this.#reader
    const name = reader.text()
    if (name === null) return
    if (this.#targetName !== '') return this.#spoilTarget()
    this.#targetName = name
    this.#targetText = reader.optionText()
    const isChain = this.#context.hasChain(name)
    const load =
      kind === 'goto' ? undefined : (STANDARD_TARGETS.get(name) ?? (isChain ? undefined : TARGET_MODULES.get(name)))
    if (load !== undefined) this.#extension = load()
    else if (isChain || reader.done || !reader.atOption()) {
      this.#verdict = {kind, chain: name}
      if (!isChain) this.#context.report('UNDECLARED_CHAIN', 'warning', `The table has no chain ${name}.`)
      return
    } else {
      // options behind a name that is no chain: an extension
      this.#extension = unknownTarget(name)
      this.#context.report('UNKNOWN_KEYWORD', 'warning', `The target ${name} is not known.`)
    }
    this.#loaded.push({match: null, name, slot: 0, options: 0})
  }

  #spoilTarget(): void {
    const reader = this.#reader
    reader.skipValues()
    if (!this.#targetSpoilt) {
      this.#context.report('BAD_VALUE', 'error', `\`${reader.optionText()}\` makes no sense for ${this.#targetName}.`)
    }
    this.#targetSpoilt = true
  }

  #finishMatches(): void {
    for (let i = this.#loaded.length - 1; i >= 0; i--) {
      const {match, name, slot, options, unsupported} = this.#loaded[i] as Loaded
      if (match === null || unsupported === true) continue
      if (match.needsOption && options === 0) {
        this.#matches.splice(slot, 0, {kind: 'unrecognised', negated: false, text: `-m ${name}`})
        this.#context.report(
          'VERSION_SKEW',
          'warning',
          `\`-m ${name}\` stands without its options: another iptables wrote them.`,
        )
        continue
      }
      const matches = match.finish?.()
      if (matches === undefined) continue
      if (matches !== null) this.#matches.splice(slot, 0, ...matches)
      else {
        this.#matches.splice(slot, 0, {kind: 'unrecognised', negated: false, text: `-m ${name}`})
        this.#context.report('BAD_VALUE', 'warning', `\`-m ${name}\` lacks an option that it cannot do without.`)
      }
    }
  }

  #finishTarget(): Target {
    if (this.#extension === null && !this.#targetSpoilt) return this.#verdict
    const target = this.#targetSpoilt ? null : (this.#extension?.finish(this.#targetText, this.#context.family) ?? null)
    if (target !== null) return target
    if (!this.#targetSpoilt) this.#context.report('BAD_VALUE', 'error', `\`${this.#targetText}\` lacks an option.`)
    return {kind: 'opaque', name: this.#targetName, text: this.#targetText, recognised: false}
  }

  /** `-c PACKETS BYTES`, as `iptables -vS` prints it. */
  #readCounters(): void {
    const packets = Number(this.#reader.text() ?? NaN)
    const bytes = Number(this.#reader.text() ?? NaN)
    if (Number.isSafeInteger(packets) && Number.isSafeInteger(bytes)) this.#counters = {packets, bytes}
    else this.#context.report('BAD_VALUE', 'info', 'The counters are no numbers.')
  }
}
