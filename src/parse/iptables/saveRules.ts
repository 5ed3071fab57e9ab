import type {Family} from '../../net/index.js'
import type {ChainRule, DiagnosticCode, Severity, SourceText} from '../../model/index.js'
import type {DiagnosticList} from '../shared/diagnosticList.js'
import type {RuleSource} from './lazyChain.js'
import type {LineIndex} from './lineIndex.js'
import {type RuleContext, RuleParser} from './ruleParser.js'
import {repairSkew} from './versionSkew.js'

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

  readLine(id: number): string {
    const start = this.#index.offset(id)
    const newline = this.#text.indexOf('\n', start)
    return this.#text.slice(start, newline < 0 ? undefined : newline).trimEnd()
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
