import type {NftFamily, NftRule, NftRuleset, Parsed, SourceRef, SourceText} from '../../model/index.js'
import {DiagnosticList} from '../shared/diagnosticList.js'
import {isToolError} from '../shared/toolErrors.js'
import {isBaseLine, parseBaseChain} from './baseChain.js'
import {braces} from './braces.js'
import {LazyChain} from './lazyChain.js'
import {LazySet, MAY_FAIL} from './lazySet.js'
import {markUnlisted} from './markUnlisted.js'
import type {OpenTable} from './openTable.js'
import {PlainChains} from './plainChains.js'
import {readRule} from './ruleReader.js'
import {blockName} from './verdict.js'

//                       family                              name        `# handle 3`, `# progname firewalld`
const TABLE = /^table (ip6?|inet|arp|bridge|netdev) (\S+) \{(?: #.*)?$/
const CHAIN = /^chain (\S+) \{(?: #.*)?$/
const SET = /^(set|map|meter) (\S+) \{(?: #.*)?$/
/** A rule that goes on in a chain of its own, written where it is entered: `… jump {`. */
const BLOCK = /(?:^|\s)(?:jump|goto) \{$/

/** The one pass over `nft list ruleset`. It follows braces and takes names and base chains out of the text; rules stay where they are. */
export class RulesetScanner {
  readonly #source: SourceText
  readonly #text: string
  readonly #document: string
  readonly #diagnostics: DiagnosticList
  readonly #plain: PlainChains
  readonly #tables: OpenTable[] = []
  #line: number
  #table: OpenTable | null = null
  #chain: LazyChain | null = null
  #set: LazySet | null = null
  /** The chains that go on behind the block that is being read, and where their rules began. */
  readonly #outer: {readonly chain: LazyChain; readonly at: number; readonly line: number}[] = []
  /** Open braces of a block that is neither table, chain nor set (counter, flowtable …), or of a rule or elements over several lines. */
  #depth = 0
  /** Where the rule, or the elements, that are still open began. */
  #open: {readonly at: number; readonly line: number} | null = null
  #warned = false

  readonly #terse: boolean | null

  /** @param terse whether `nft -t` printed it; null: not known */
  constructor(source: SourceText, terse: boolean | null) {
    this.#source = source
    this.#terse = terse
    this.#text = source.text
    this.#document = source.name
    this.#line = source.firstLine ?? 1
    this.#diagnostics = new DiagnosticList(source.name)
    this.#plain = new PlainChains(source.text)
  }

  scan(): Parsed<NftRuleset> {
    this.#scanLines(0, this.#text.length)
    const cut = this.#markCut()
    markUnlisted(this.#tables, this.#terse, this.#diagnostics)
    return {
      value: {document: this.#document, tables: this.#tables, complete: true, ...(cut === null ? {} : {cut})},
      diagnostics: this.#diagnostics.all,
    }
  }

  #scanLines(from: number, to: number): void {
    for (let at = from; at < to; this.#line++) {
      const behind = this.#takePlain(at)
      const newline = behind < 0 ? this.#text.indexOf('\n', at) : behind
      const end = newline < 0 ? to : newline
      if (behind < 0) this.#scanLine(at, end)
      at = end + 1
    }
  }

  /** Takes a chain with nothing in it that matters before a packet enters it. @returns offset of the end of its last line, -1: none begins here */
  #takePlain(at: number): number {
    if (this.#table === null || this.#chain !== null || this.#set !== null || this.#depth > 0) return -1
    const found = this.#plain.find(at)
    if (found === null) return -1
    const {name, from, to, lines} = found
    const chain = new LazyChain(name, this.#here(), this.#text.slice(at + 1, from - 1), this.#readRule)
    chain.setBody(from, to, this.#addRules)
    this.#table.chains.set(name, chain)
    this.#line += lines
    return to + 2
  }

  readonly #addRules = (chain: LazyChain, from: number, to: number, line: number): void => {
    this.#chain = chain
    this.#line = line
    this.#depth = 0
    this.#open = null
    this.#scanLines(from, to)
    this.#chain = null
  }

  #scanLine(from: number, newline: number): void {
    const raw = this.#text.slice(from, newline)
    const line = raw.trim()
    if (line === '') return
    const at = from + raw.indexOf(line)
    const end = at + line.length
    if (this.#chain !== null) this.#inChain(this.#chain, line, at, end)
    else if (this.#set !== null) this.#inSet(this.#set, line, at, end)
    else if (this.#depth > 0) this.#depth += braces(line)
    else if (this.#table !== null) this.#inTable(this.#table, line)
    else this.#outside(line)
  }

  #outside(line: string): void {
    const found = TABLE.exec(line)
    if (found !== null) {
      const [, family = '', name = ''] = found
      const place = {source: this.#here(), text: line, dormant: false, ofIptables: this.#warned}
      this.#table = {family: family as NftFamily, name, ...place, chains: new Map(), sets: new Map()}
      this.#warned = false
    } else if (/^# Warning: table .* is managed by iptables-nft/.test(line)) this.#warned = true
    else if (isToolError(line)) this.#note('TOOL_ERROR', 'error', line)
    else if (!line.startsWith('#')) this.#note('UNPARSED_LINE', 'warning', `no table begins here: ${line}`)
  }

  #inTable(table: OpenTable, line: string): void {
    const chain = CHAIN.exec(line)
    const set = SET.exec(line)
    if (set !== null) {
      const [, kind, name = ''] = set
      this.#set = new LazySet(name, kind === 'map', this.#here(), line, this.#source)
      table.sets.set(name, this.#set)
    } else if (chain !== null) {
      this.#beginChain(table, chain[1] ?? '', line)
    } else if (line === '}') this.#closeTable(table)
    else if (line.startsWith('flags ')) table.dormant = /\bdormant\b/.test(line)
    else this.#depth = Math.max(0, braces(line))
  }

  #inChain(chain: LazyChain, line: string, at: number, end: number): void {
    if (this.#open === null && BLOCK.test(line)) return this.#openBlock(chain, line, at)
    if (this.#open !== null) {
      this.#depth += braces(line)
      if (this.#depth > 0) return
      chain.add(this.#open.at, end, this.#open.line)
      this.#open = null
      return
    }
    if (line.startsWith('}')) return this.#closeChain(end)
    if (isBaseLine(line)) return this.#makeBase(chain, line)
    if (/^policy (accept|drop);$/.test(line) && chain.base !== null) {
      chain.base = {...chain.base, policy: line === 'policy drop;' ? 'drop' : 'accept'}
      return
    }
    if (/^comment "[^"]*"$/.test(line) && chain.ruleCount === 0) return
    this.#depth = braces(line)
    if (this.#depth > 0) this.#open = {at, line: this.#line}
    else chain.add(at, end, this.#line)
    if (this.#table !== null && /(^|\s)xt (match|target) /.test(line)) this.#table.ofIptables = true
    if (line.includes(' @') && MAY_FAIL.test(line)) this.#noteConditional(line)
  }

  #inSet(set: LazySet, line: string, at: number, end: number): void {
    if (this.#open !== null) {
      this.#depth += braces(line)
      if (this.#depth > 0) return
      set.setElements(this.#open.at, end, this.#open.line)
      this.#open = null
      return
    }
    if (line === '}') this.#set = null
    else if (/^type(of)? /.test(line)) set.setTypes(line)
    else if (MAY_FAIL.test(line) && !line.startsWith('elements') && !line.startsWith('comment')) set.conditional = true
    else if (line.startsWith('flags ')) set.dynamic = /\b(dynamic|timeout)\b/.test(line)
    else if (line.startsWith('elements = {')) {
      const from = at + 'elements = {'.length
      this.#depth = braces(line)
      if (this.#depth > 0) this.#open = {at: from, line: this.#line}
      else set.setElements(from, end, this.#line)
    }
  }

  /** `update @clients { ip saddr limit rate 5/second }`: the set stands before the chains. */
  #noteConditional(line: string): void {
    const [, name = ''] = /(?:^|\s)(?:add|update) @(\S+) \{/.exec(line) ?? []
    const set = this.#table?.sets.get(name)
    if (set !== undefined) set.conditional = true
  }

  #beginChain({chains}: OpenTable, name: string, line: string): void {
    this.#chain = new LazyChain(name, this.#here(), line, this.#readRule)
    chains.set(name, this.#chain)
  }

  /** The rules of the block are a chain of their own, which has no name: it gets that of its place. */
  #openBlock(outer: LazyChain, line: string, at: number): void {
    if (this.#table !== null) this.#beginChain(this.#table, blockName(this.#line), line)
    this.#outer.push({chain: outer, at, line: this.#line})
  }

  /** `}`, behind a block also `} # handle 4`. */
  #closeChain(end: number): void {
    const outer = this.#outer.pop()
    this.#chain = outer?.chain ?? null
    outer?.chain.add(outer.at, end, outer.line)
  }

  #makeBase(chain: LazyChain, line: string): void {
    chain.base = parseBaseChain(line, this.#table?.family ?? 'ip')
    if (chain.base !== null) return
    chain.misplaced = true
    this.#note('UNKNOWN_KEYWORD', 'error', `where this chain hooks in is not understood: ${line}`)
  }

  #closeTable(table: OpenTable): void {
    this.#tables.push(table)
    this.#table = null
  }

  /** A listing that ends within a table: what follows is unknown. */
  #markCut(): SourceRef | null {
    const table = this.#table
    if (table === null) return null
    // within a line: that one
    if (!this.#text.endsWith('\n')) this.#line--
    this.#note('TRUNCATED', 'error', `the listing ends within the table ${table.family} ${table.name}`)
    for (const chain of [this.#chain, ...this.#outer.map(outer => outer.chain)])
      if (chain !== null) chain.cut = this.#here()
    if (this.#set !== null) {
      this.#set.listed = 'part'
      if (this.#open !== null) this.#set.setElements(this.#open.at, this.#text.length, this.#open.line)
    }
    this.#closeTable(table)
    return this.#here()
  }

  readonly #readRule = (from: number, to: number, line: number, number: number): NftRule => {
    const rule = readRule(this.#text.slice(from, to), {document: this.#document, line}, number)
    for (const statement of rule.statements) {
      if (statement.kind === 'unknown')
        this.#diagnostics.add(
          'UNKNOWN_KEYWORD',
          'warning',
          `not understood in a rule of nftables: ${statement.text}`,
          line,
        )
    }
    return rule
  }

  #here(): SourceRef {
    return {document: this.#document, line: this.#line}
  }

  #note(code: Parameters<DiagnosticList['add']>[0], severity: 'error' | 'warning', text: string): void {
    this.#diagnostics.add(code, severity, text, this.#line)
  }
}
