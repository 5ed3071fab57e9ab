import type {Family} from '../../../net/index.js'
import type {ChainRule, DiagnosticCode, Match, Severity, Target} from '../../../model/index.js'
import type {DiagnosticList} from '../../shared/diagnosticList.js'
import type {RuleSource} from '../lazyChain.js'
import type {LineIndex} from '../lineIndex.js'
import {joinComments} from '../joinComments.js'
import {isSuspect, repairSkew} from '../versionSkew.js'
import {headerMatches} from './headerMatches.js'
import {markBesideState} from './markBesideState.js'
import {readCount, readRow} from './row.js'
import {readTail, type Tail} from './tail.js'

const unknownTarget = (text: string): Target => ({kind: 'opaque', name: '', text, recognised: false})
const SKEW = '[unsupported revision]'

/** Reads the rules of one `iptables -nvL` table out of its text. */
export class ListRules implements RuleSource {
  readonly #text: string
  readonly #document: string
  readonly #family: Family
  readonly #index: LineIndex
  readonly #diagnostics: DiagnosticList
  /** `--line-numbers`. */
  numbered = false
  /** Id of the rule in the middle of which the text ends. */
  cutRule = -1
  hasChain: (name: string) => boolean = () => false
  #line = 0

  constructor(text: string, document: string, family: Family, index: LineIndex, diagnostics: DiagnosticList) {
    this.#text = text
    this.#document = document
    this.#family = family
    this.#index = index
    this.#diagnostics = diagnostics
  }

  readRule(id: number, _chain: string, number: number): ChainRule {
    const text = this.readLine(id)
    this.#line = this.#index.line(id)
    const source = {document: this.#document, line: this.#line}
    const row = readRow(text, this.numbered)
    if (row === null || id === this.cutRule) {
      if (row !== null)
        this.#report('TRUNCATED', 'error', 'The text ends in the middle of the rule: what it does is unknown.')
      else
        this.#report(
          'UNPARSED_LINE',
          'error',
          'Not a rule of iptables -nvL: columns are missing, or names stand for numbers (-n).',
        )
      const matches: Match[] = [{kind: 'unrecognised', negated: false, text: text.trim()}]
      return {source, text, number, matches, target: unknownTarget(''), comment: null, counters: null}
    }
    const {target: name} = row
    const isChain = name !== null && this.hasChain(name)
    const tail = this.#settle(readTail(row.tail, {family: this.#family, target: name, isChain}), row.tail)
    if (tail.target.kind === 'jump' && !isChain) {
      this.#report('UNDECLARED_CHAIN', 'warning', `The table has no chain ${tail.target.chain}.`)
    }
    const matches = [...headerMatches(row, this.#family), ...markBesideState(tail.matches)]
    const counters = {packets: readCount(row.packets), bytes: readCount(row.bytes)}
    return {source, text, number, matches, target: tail.target, comment: joinComments(matches), counters}
  }

  sketchRule(): null {
    return null
  }

  needsChain(rule: ChainRule): boolean {
    return isSuspect(rule)
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
    return repairSkew(chain, rules, {family: this.#family, version: null, text: this.#text, report})
  }

  /** Readings that ask the same of a packet are one, whatever their comments. */
  #settle(readings: readonly Tail[], text: string): Tail {
    const [first] = readings as readonly [Tail, ...Tail[]]
    if (readings.some(reading => meaning(reading) !== meaning(first))) {
      this.#report(
        'AMBIGUOUS_TEXT',
        'error',
        'A comment holds an end of comment, and the rule can be read in two ways.',
      )
      return {matches: [{kind: 'unrecognised', negated: false, text}], target: unknownTarget(text), leftover: text}
    }
    const {leftover} = first
    if (leftover?.includes(SKEW) === true) {
      this.#report('VERSION_SKEW', 'error', 'Another version of iptables wrote the rule: this one could not print it.')
    } else if (leftover !== null)
      this.#report('UNKNOWN_KEYWORD', 'warning', `\`${leftover}\` is not known in a listing.`)
    for (const match of first.matches) {
      if (match.kind === 'opaque' && match.module === 'quota') {
        this.#report('AMBIGUOUS_TEXT', 'warning', 'A listing prints --quota and ! --quota alike.')
      }
    }
    return first
  }

  #report(code: DiagnosticCode, severity: Severity, text: string): void {
    this.#diagnostics.add(code, severity, text, this.#line)
  }
}

function meaning({matches, target}: Tail): string {
  const asked = matches.filter(match => match.kind !== 'comment')
  return JSON.stringify([asked, target], (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}
