import type {DiagnosticCode, IptablesRuleset, Parsed, Severity, SourceRef, SourceText} from '../../../model/index.js'
import {DiagnosticList} from '../../shared/diagnosticList.js'
import {isToolError} from '../../shared/toolErrors.js'
import {LazyChain} from '../lazyChain.js'
import {LineIndex} from '../lineIndex.js'
import {tableOfPolicies} from '../tableBuilder.js'
import {ListRules} from './listRules.js'
import type {IptablesListOptions} from './parseIptablesList.js'

/** Chain INPUT (policy DROP 307K packets, 15M bytes) | Chain KUBE-SVC-X (3 references) */
const CHAIN = /^Chain (\S+) \((?:policy (\S+?)(?: [\dKMGTP]+ packets, [\dKMGTP]+ bytes)?|\d+ references)\)$/
/** The trailer of eks-log-collector. */
const TRAILER = /^(=+|Total Number of Rules: \d+)$/

/** The one pass over a listing: finds chains and the place of every rule. */
export class ListScanner {
  readonly #text: string
  readonly #document: string
  readonly #options: IptablesListOptions
  readonly #diagnostics: DiagnosticList
  readonly #index: LineIndex
  readonly #chains = new Map<string, LazyChain>()
  readonly #rules: ListRules
  #current: LazyChain | null = null
  #line: number
  /** Listed without -v. */
  #refused = false

  constructor(source: SourceText, options: IptablesListOptions) {
    this.#index = new LineIndex(source.text.length)
    this.#text = source.text
    this.#document = source.name
    this.#options = options
    this.#line = source.firstLine ?? 1
    this.#diagnostics = new DiagnosticList(source.name)
    this.#rules = new ListRules(source.text, source.name, options.family, this.#index, this.#diagnostics)
    this.#rules.hasChain = name => this.#chains.has(name)
  }

  scan(): Parsed<IptablesRuleset> {
    const text = this.#text
    let unended = false
    for (let at = 0; at < text.length && !this.#refused; this.#line++) {
      const newline = text.indexOf('\n', at)
      unended = newline < 0
      const end = unended ? text.length : newline
      this.#scanLine(at, end)
      at = end + 1
    }
    if (text.length > 0) this.#line-- // back on the last line
    if (unended && this.#current !== null) {
      this.#rules.cutRule = this.#current.last
      this.#current.cut = this.#here()
    }
    return {value: this.#ruleset(), diagnostics: this.#diagnostics.all}
  }

  #scanLine(at: number, end: number): void {
    const text = this.#text
    let start = at
    while (start < end && text.charCodeAt(start) <= 32) start++
    if (start === end) return
    const first = text.charCodeAt(start)
    if (first >= 48 && first <= 57) return this.#addRule(start, end)
    const line = text.slice(start, end).trimEnd()
    if (line.startsWith('Chain ')) this.#openChain(line)
    else if (line.startsWith('target ') || line.startsWith('pkts ') || line.startsWith('num ')) this.#readColumns(line)
    else if (/^# Warning: ip6?tables-legacy tables present/.test(line)) {
      this.#note(
        'OTHER_BACKEND',
        'warning',
        'The node has legacy iptables tables as well, which this listing leaves out.',
      )
    } else if (TRAILER.test(line)) this.#current = null
    else if (isToolError(line)) this.#note('TOOL_ERROR', 'error', `The tool failed: "${line}".`)
    else this.#note('UNPARSED_LINE', 'warning', `Not a line of iptables -L: "${line.slice(0, 200)}".`)
  }

  #addRule(at: number, end: number): void {
    const chain = this.#current
    if (chain === null)
      return this.#note('UNPARSED_LINE', 'warning', `A rule outside of any chain: "${this.#text.slice(at, end)}".`)
    const id = this.#index.add(at, this.#line)
    if (chain.last < 0) chain.first = id
    else this.#index.link(chain.last, id)
    chain.last = id
    chain.ruleCount++
  }

  #openChain(line: string): void {
    const words = CHAIN.exec(line)
    if (words === null) {
      this.#current = null
      return this.#note('UNPARSED_LINE', 'warning', `Not the head of a chain: "${line.slice(0, 200)}".`)
    }
    const [, name = '', policy] = words
    if (this.#chains.has(name))
      this.#note('DUPLICATE', 'warning', `The chain ${name} is listed twice: the last one counts.`)
    const chain = new LazyChain(name, this.#rules)
    chain.source = this.#here()
    chain.text = line
    if (policy === 'ACCEPT' || policy === 'DROP') chain.policy = policy
    else if (policy !== undefined) this.#note('BAD_VALUE', 'warning', `${policy} is no policy of the chain ${name}.`)
    this.#chains.set(name, chain)
    this.#current = chain
  }

  #readColumns(line: string): void {
    const columns = line.split(/\s+/)
    this.#rules.numbered = columns[0] === 'num'
    if (columns.includes('in') && columns.includes('out') && columns.includes('pkts')) return
    this.#refused = true
    const text =
      'Listed without -v: the interfaces are missing, so the rules would seem to match more than they do; use iptables -nvL.'
    this.#note('LOSSY_TOOL', 'error', text)
  }

  #ruleset(): IptablesRuleset {
    const {family, backend, table} = this.#options
    const name = table ?? tableOfPolicies(this.#chains.values())
    const tables: IptablesRuleset['tables'] =
      this.#chains.size === 0 || this.#refused || name === null
        ? new Map()
        : new Map([[name, {name, chains: this.#chains, source: [...this.#chains.values()][0]?.source ?? this.#here()}]])
    if (this.#chains.size === 0) {
      this.#diagnostics.add('EMPTY_DOCUMENT', 'warning', 'No iptables chain is listed: unknown, not empty.', null)
    } else if (name === null) {
      this.#diagnostics.add('UNRECOGNISED_DOCUMENT', 'error', 'Nothing says of which table this listing is.', null)
    }
    return {
      family,
      backend: backend ?? 'iptables-legacy',
      backendKnown: backend !== undefined,
      document: this.#document,
      version: null,
      savedAt: null,
      tables,
      unlisted: [],
      complete: false,
    }
  }

  #note(code: DiagnosticCode, severity: Severity, text: string): void {
    this.#diagnostics.add(code, severity, text, this.#line)
  }

  #here(): SourceRef {
    return {document: this.#document, line: this.#line}
  }
}
