import type {Family} from '../../net/index.js'
import type {ChainRule, DiagnosticCode, RuleSketch, Severity, SourceText} from '../../model/index.js'
import type {DiagnosticList} from '../shared/diagnosticList.js'
import type {RuleSource} from './lazyChain.js'
import type {LineIndex} from './lineIndex.js'
import {type RuleContext, RuleParser} from './ruleParser.js'
import {RuleSketcher} from './ruleSketcher.js'
import {isSuspect, repairSkew} from './versionSkew.js'

/** Space, tab, carriage return. */
const BLANKS: readonly number[] = [32, 9, 13]

/** Reads the rules of one table out of the text of a save. */
export class SaveRules implements RuleSource, RuleContext {
  readonly family: Family
  /** Of the iptables that printed the text. */
  readonly version: string | null
  /** Ids of the rules whose lines end in the middle. */
  readonly cut = new Set<number>()
  hasChain: (name: string) => boolean = () => false
  readonly #text: string
  readonly #document: string
  readonly #index: LineIndex
  readonly #diagnostics: DiagnosticList
  readonly #parser: RuleParser
  readonly #sketcher: RuleSketcher
  #line = 0

  constructor(
    source: SourceText,
    family: Family,
    version: string | null,
    index: LineIndex,
    diagnostics: DiagnosticList,
  ) {
    this.#text = source.text
    this.#document = source.name
    this.family = family
    this.version = version
    this.#index = index
    this.#diagnostics = diagnostics
    this.#parser = new RuleParser(this)
    this.#sketcher = new RuleSketcher(source.text, name => this.hasChain(name))
  }

  report(code: DiagnosticCode, severity: Severity, text: string): void {
    this.#diagnostics.add(code, severity, text, this.#line)
  }

  /** `[packets:bytes] -A CHAIN …`, the counters only with `iptables-save -c`. */
  readRule(id: number, chain: string, number: number): ChainRule {
    const text = this.readLine(id)
    this.#line = this.#index.line(id)
    const command = text.startsWith('[') ? text.indexOf('] -A ') + 2 : 0
    const rule = this.#parser.parse(text, command + 3 + chain.length, this.cut.has(id))
    const counters = command > 0 ? readCounters(text.slice(1, command - 2)) : rule.counters
    const {matches, target, comment} = rule
    return {source: {document: this.#document, line: this.#line}, text, number, matches, target, comment, counters}
  }

  sketchRule(id: number, chain: string): RuleSketch | null {
    if (this.family === 6 || this.cut.has(id)) return null
    const text = this.#text
    const start = this.#index.offset(id)
    if (text[start] === '[') return null
    return this.#sketcher.sketch(start + 3 + chain.length, this.#endOf(start))
  }

  needsChain(rule: ChainRule): boolean {
    return isSuspect(rule)
  }

  readLine(id: number): string {
    const start = this.#index.offset(id)
    const newline = this.#text.indexOf('\n', start)
    return this.#text.slice(start, newline < 0 ? undefined : newline).trimEnd()
  }

  /** Behind the last character of the line that is no blank. */
  #endOf(start: number): number {
    const newline = this.#text.indexOf('\n', start)
    let end = newline < 0 ? this.#text.length : newline
    while (end > start && BLANKS.includes(this.#text.charCodeAt(end - 1))) end--
    return end
  }

  nextRule(id: number): number {
    return this.#index.next(id)
  }

  repair(chain: string, rules: readonly ChainRule[]): readonly ChainRule[] {
    const report = (rule: ChainRule, severity: Severity, text: string): void => {
      this.#diagnostics.add('VERSION_SKEW', severity, text, rule.source.line)
    }
    return repairSkew(chain, rules, {family: this.family, version: this.version, text: this.#text, report})
  }
}

function readCounters(text: string): ChainRule['counters'] {
  const [packets, bytes] = text.split(':').map(Number)
  return packets !== undefined && bytes !== undefined && packets >= 0 && bytes >= 0 ? {packets, bytes} : null
}
