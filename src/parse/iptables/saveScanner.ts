import type {DiagnosticCode, IptablesRuleset, Parsed, Severity, SourceRef, SourceText} from '../../model/index.js'
import {DiagnosticList} from '../shared/diagnosticList.js'
import type {LazyChain} from './lazyChain.js'
import {LineIndex} from './lineIndex.js'
import type {IptablesSaveOptions} from './parseIptablesSave.js'
import {parseSaveHeader, type SaveHeader} from './saveHeader.js'
import {SaveRules} from './saveRules.js'
import {sameTable, TableBuilder, tableOfPolicies} from './tableBuilder.js'
import {isToolError} from '../shared/toolErrors.js'

const NEWLINE = 10
const TAB = 9
const RETURN = 13
const SPACE = 32
const HASH = 35
const STAR = 42
const DASH = 45
const COLON = 58
const BRACKET = 91
const BYTE_ORDER_MARK = 0xfeff

/** Name of the table of `-S` output that nothing tells. */
const UNKNOWN_TABLE = ''

type Unlisted = IptablesRuleset['unlisted'][number]

/** The one pass over a save. It looks at the first characters of each line, and takes only chain names out of the text. */
export class SaveScanner {
  readonly #text: string
  readonly #source: SourceText
  readonly #options: IptablesSaveOptions
  readonly #diagnostics: DiagnosticList
  readonly #index: LineIndex
  readonly #tables = new Map<string, TableBuilder>()
  readonly #unlisted: Unlisted[] = []
  #line: number
  #header: SaveHeader | null = null
  #otherBackend = false
  #table: TableBuilder | null = null
  #complete = true

  constructor(source: SourceText, options: IptablesSaveOptions) {
    this.#text = source.text
    this.#source = source
    this.#index = new LineIndex(source.text.length)
    this.#options = options
    this.#line = source.firstLine ?? 1
    this.#diagnostics = new DiagnosticList(source.name)
  }

  scan(): Parsed<IptablesRuleset> {
    const text = this.#text
    const {length} = text
    let at = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
    for (; at < length; this.#line++) {
      let end = text.indexOf('\n', at)
      if (end < 0) end = length
      this.#scanLine(at, end)
      at = end + 1
    }
    if (length > 0) this.#line-- // back on the last line
    this.#markCut(length > 0 && text.charCodeAt(length - 1) !== NEWLINE)
    this.#closeTable()
    return {value: this.#ruleset(), diagnostics: this.#diagnostics.all}
  }

  #scanLine(from: number, newline: number): void {
    const text = this.#text
    let at = from
    let end = newline
    while (end > at && isBlank(text.charCodeAt(end - 1))) end--
    while (at < end && isBlank(text.charCodeAt(at))) at++
    if (at === end) return
    switch (text.charCodeAt(at)) {
      case DASH:
        return this.#scanCommand(at, end)
      case BRACKET: {
        const rule = text.indexOf('] -A ', at)
        return rule > 0 && rule < end ? this.#addRule(at, rule + 2, end) : this.#unparsed(at, end)
      }
      case COLON:
        return this.#addChain(at, end)
      case HASH:
        return this.#readComment(text.slice(at, end))
      case STAR:
        return this.#openTable(text.slice(at + 1, end).trim())
      default:
        if (end - at === 6 && text.startsWith('COMMIT', at)) this.#commit()
        else this.#unparsed(at, end)
    }
  }

  /** `-A CHAIN …`; `-P CHAIN POLICY` and `-N CHAIN` in listings. */
  #scanCommand(at: number, end: number): void {
    const text = this.#text
    if (text.charCodeAt(at + 2) !== SPACE) return this.#unparsed(at, end)
    switch (text[at + 1]) {
      case 'A':
        return this.#addRule(at, at, end)
      case 'P':
      case 'N': {
        const [, name = '', policy = '-'] = text.slice(at, end).split(' ')
        this.#declare(name, policy, at, end)
        return
      }
      default:
        this.#rejectChange(at, end)
    }
  }

  /** `-I CHAIN …` and other commands of a script for iptables-restore: they change what the lines before them said. */
  #rejectChange(at: number, end: number): void {
    const [command = '', name = ''] = this.#text.slice(at, end).split(' ')
    if (!/^-[IDRFXE]$/.test(command)) return this.#unparsed(at, end)
    this.#note(
      'UNPARSED_LINE',
      'error',
      `${command} stands in no output of iptables-save: the rules of ${name} are unknown.`,
    )
    const chain = (this.#table ?? this.#openListing()).chain(name)
    chain.cut = this.#here()
  }

  /** @param rule offset of `-A`, behind the counters */
  #addRule(at: number, rule: number, end: number): void {
    const table = this.#table ?? this.#openListing()
    const chain = this.#chainOf(table, rule + 3, end)
    const id = this.#index.add(at, this.#line)
    if (chain.last < 0) chain.first = id
    else this.#index.link(chain.last, id)
    chain.last = id
    chain.ruleCount++
    table.current = chain
  }

  /** Rules of one chain mostly stand together: comparing is cheaper than cutting out the name. */
  #chainOf(table: TableBuilder, at: number, end: number): LazyChain {
    const text = this.#text
    const {current} = table
    if (current !== null && text.startsWith(current.name, at)) {
      const behind = at + current.name.length
      if (behind >= end || text.charCodeAt(behind) === SPACE) return current
    }
    const space = text.indexOf(' ', at)
    const name = text.slice(at, space < 0 || space > end ? end : space)
    const chain = table.chain(name)
    if (chain.source === null && chain.ruleCount === 0) {
      this.#note('UNDECLARED_CHAIN', 'warning', `Rules of the chain ${name}, which the table does not declare.`)
    }
    return chain
  }

  /** :NAME POLICY [packets:bytes] */
  #addChain(at: number, end: number): void {
    const [name = '', policy = ''] = this.#text.slice(at + 1, end).split(' ')
    if (this.#table === null) return this.#unparsed(at, end)
    this.#declare(name, policy, at, end)
  }

  #declare(name: string, policy: string, at: number, end: number): void {
    const table = this.#table ?? this.#openListing()
    const chain = table.chain(name)
    if (chain.source !== null) this.#note('DUPLICATE', 'info', `The chain ${name} is declared twice.`)
    chain.source = this.#here()
    chain.text = this.#text.slice(at, end)
    if (policy === 'ACCEPT' || policy === 'DROP') chain.policy = policy
    else if (policy !== '-') this.#note('BAD_VALUE', 'warning', `${policy} is no policy of the chain ${name}.`)
  }

  #readComment(line: string): void {
    if (this.#table !== null && line.startsWith('# Completed on ')) this.#table.completed = true
    const header = parseSaveHeader(line)
    if (header !== null) return this.#readHeader(header)
    const incompatible = /^# Table [`'](\S+?)' (is incompatible|contains incompatible base-chains)/.exec(line)
    if (incompatible !== null) {
      const [, table = '', what = ''] = incompatible
      const whole = what === 'is incompatible'
      if (whole) this.#unlisted.push({table, source: this.#here(), text: line})
      const text = whole
        ? `iptables could not list the table ${table}: its rules are unknown, not absent.`
        : `The table ${table} has base chains that iptables could not list: they may drop or change packets.`
      this.#note('INCOMPATIBLE_TABLE', whole ? 'error' : 'warning', text)
    } else if (/^# Warning: ip6?tables-legacy tables present/.test(line)) {
      this.#otherBackend = true
      this.#note(
        'OTHER_BACKEND',
        'warning',
        'The node has legacy iptables tables as well, which this save does not list.',
      )
    }
  }

  #readHeader(header: SaveHeader): void {
    if (this.#header !== null && (this.#header.backend !== header.backend || this.#header.family !== header.family)) {
      this.#note('CONTRADICTION', 'error', 'Saves of two backends or families in one document: they are read as one.')
    }
    this.#header ??= header
  }

  #openTable(name: string): void {
    this.#closeTable()
    this.#table = this.#newTable(name, false)
  }

  /** A rule or chain outside of any table. */
  #openListing(): TableBuilder {
    return (this.#table = this.#newTable(this.#options.table ?? UNKNOWN_TABLE, true))
  }

  #newTable(name: string, listed: boolean): TableBuilder {
    const {family} = this.#header ?? this.#options
    const version = this.#header?.version ?? null
    const rules = new SaveRules(this.#source, family, version, this.#index, this.#diagnostics)
    return new TableBuilder(name, this.#here(), listed, rules)
  }

  #commit(): void {
    const table = this.#table
    if (table === null || table.listed) return this.#note('UNPARSED_LINE', 'warning', 'COMMIT without a table.')
    table.committed = true
    this.#closeTable()
  }

  /** @param unended the text lacks its last newline */
  #markCut(unended: boolean): void {
    const table = this.#table
    if (table === null || table.completed) return
    const midline = unended && this.#isLastRule(table, this.#line)
    if (!table.listed || midline) table.markCut(this.#here(), midline)
  }

  #isLastRule(table: TableBuilder, line: number): boolean {
    return table.current !== null && this.#index.line(table.current.last) === line
  }

  #closeTable(): void {
    const table = this.#table
    this.#table = null
    if (table === null) return
    if (table.listed) this.#complete = false
    else if (!table.committed) {
      this.#complete = false
      this.#note(
        'NO_COMMIT',
        'error',
        `The table ${table.name} ends without COMMIT: rules may be missing from its end.`,
      )
    }
    const name = table.name === UNKNOWN_TABLE ? (tableOfPolicies(table.chains.values()) ?? UNKNOWN_TABLE) : table.name
    if (name === UNKNOWN_TABLE) {
      this.#note('UNRECOGNISED_DOCUMENT', 'warning', 'Nothing says of which table these rules are.')
    }
    this.#keep(table, name)
  }

  /** A second table of a name replaces the first, as it does for iptables-restore. */
  #keep(table: TableBuilder, name: string): void {
    const earlier = this.#tables.get(name)
    if (earlier !== undefined) {
      if (sameTable(earlier, table))
        return this.#note('DUPLICATE', 'info', `The table ${name} stands twice, with the same rules.`)
      this.#note('CONTRADICTION', 'error', `The table ${name} stands twice with different rules: the last one counts.`)
    }
    table.name = name
    this.#tables.set(name, table)
  }

  /** A line that is none may be the rest of the rule before it, which a terminal or a mailer wrapped. */
  #unparsed(at: number, end: number): void {
    const line = this.#text.slice(at, Math.min(end, at + 200))
    if (isToolError(line)) return this.#note('TOOL_ERROR', 'error', `The tool failed: "${line}".`)
    this.#note('UNPARSED_LINE', 'warning', `Not a line of iptables-save: "${line}".`)
    if (this.#table !== null && this.#isLastRule(this.#table, this.#line - 1)) this.#table.markWrapped()
  }

  #note(code: DiagnosticCode, severity: Severity, text: string): void {
    this.#diagnostics.add(code, severity, text, this.#line)
  }

  #here(): SourceRef {
    return {document: this.#source.name, line: this.#line}
  }

  #ruleset(): IptablesRuleset {
    const header = this.#header
    const {backend, family} = this.#options
    if (this.#tables.size === 0 && this.#unlisted.length === 0) {
      this.#diagnostics.add('EMPTY_DOCUMENT', 'warning', 'No iptables table is listed: unknown, not empty.', null)
    }
    const known = header?.backend ?? (this.#otherBackend ? 'iptables-nft' : backend)
    return {
      family: header?.family ?? family,
      backend: known ?? 'iptables-legacy',
      backendKnown: known !== undefined,
      document: this.#source.name,
      version: header?.version ?? null,
      savedAt: header?.savedAt ?? null,
      tables: this.#tables,
      unlisted: this.#unlisted,
      complete: header !== null && this.#complete && this.#tables.size > 0,
    }
  }
}

function isBlank(c: number): boolean {
  return c === SPACE || c === RETURN || c === TAB
}
