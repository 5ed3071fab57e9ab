import type {
  NftBase,
  NftFamily,
  NftHook,
  NftRule,
  NftRuleset,
  Parsed,
  SourceRef,
  SourceText,
} from '../../../model/index.js'
import {DiagnosticList} from '../../shared/diagnosticList.js'
import {LazyChain} from '../lazyChain.js'
import {LazySet} from '../lazySet.js'
import {markUnlisted} from '../markUnlisted.js'
import type {OpenTable} from '../openTable.js'
import {readRule} from '../ruleReader.js'
import {elementText, expressionText, isObject, nameText, type Value} from './expressionText.js'
import {type ListedObject, listedObjects} from './listedObjects.js'
import {statementText} from './statementText.js'

type Body = {readonly [key: string]: Value}

/** The output of `nft -j list ruleset`. Rules are printed back to text and read by the one grammar there is. */
export function parseNftJson(source: SourceText, terse: boolean | null): Parsed<NftRuleset> {
  return new JsonListing(source, terse).read()
}

const TABLE_FLAGS: ReadonlySet<Value> = new Set(['dormant', 'owner', 'persist'])

class JsonListing {
  readonly #source: SourceText
  readonly #diagnostics: DiagnosticList
  readonly #tables = new Map<string, OpenTable>()

  /** Tables that may be dormant. */
  readonly #unclear = new Set<string>()
  readonly #terse: boolean | null

  constructor(source: SourceText, terse: boolean | null) {
    this.#source = source
    this.#terse = terse
    this.#diagnostics = new DiagnosticList(source.name)
  }

  read(): Parsed<NftRuleset> {
    const objects = listedObjects(this.#source.text, this.#source.firstLine ?? 1)
    let next = objects.next()
    for (; next.done !== true; next = objects.next()) this.#readObject(next.value)
    const tables = [...this.#tables.values()]
    const cut = next.value ? this.#markCut(tables) : null
    markUnlisted(tables, this.#terse, this.#diagnostics)
    return {
      value: {document: this.#source.name, tables, complete: true, ...(cut === null ? {} : {cut})},
      diagnostics: this.#diagnostics.all,
    }
  }

  #readObject(place: ListedObject): void {
    const text = this.#text(place)
    // a rule is parsed when its chain is first read; here only its chain matters
    if (/^\{\s*"rule"/.test(text)) return this.#addRule(place, text)
    const value = parse(text)
    const [[kind, body] = ['', null] as const] = isObject(value) ? Object.entries(value) : []
    if (!isObject(body)) {
      this.#note('BAD_JSON', 'an object of the listing is not JSON of nft', place.line)
      return
    }
    const source = this.#at(place)
    if (kind === 'table') this.#addTable(body, source, text)
    else if (kind === 'chain') this.#addChain(body, source, text)
    else if (kind === 'set' || kind === 'map') this.#addSet(body, kind === 'map', source, text)
  }

  #addTable(body: Body, source: SourceRef, text: string): void {
    const {family, name, flags} = body
    const words: readonly Value[] = flags === undefined ? [] : Array.isArray(flags) ? flags : [flags]
    if (!words.every(word => TABLE_FLAGS.has(word))) {
      this.#note(
        'UNKNOWN_KEYWORD',
        'flags of a table are not understood: whether it is dormant is not known',
        source.line,
      )
      this.#unclear.add(`${nameText(family)} ${nameText(name)}`)
    }
    const dormant = words.includes('dormant')
    this.#tables.set(`${nameText(family)} ${nameText(name)}`, {
      family: family as NftFamily,
      name: nameText(name),
      source,
      text,
      dormant,
      ofIptables: false,
      chains: new Map(),
      sets: new Map(),
    })
  }

  #tableOf({family, table}: Body, line: number): OpenTable | null {
    const found = this.#tables.get(`${nameText(family)} ${nameText(table)}`) ?? null
    if (found === null)
      this.#note('UNPARSED_LINE', `of a table that the listing does not have: ${nameText(table)}`, line)
    return found
  }

  #addChain(body: Body, source: SourceRef, text: string): void {
    const read = (from: number, to: number, line: number, number: number): NftRule => this.#rule(from, to, line, number)
    const chain = new LazyChain(nameText(body['name']), source, text, read)
    if (body['hook'] !== undefined) {
      chain.base = this.#unclear.has(`${nameText(body['family'])} ${nameText(body['table'])}`) ? null : baseOf(body)
      chain.misplaced = chain.base === null
    }
    this.#tableOf(body, source.line)?.chains.set(chain.name, chain)
  }

  #addSet(body: Body, isMap: boolean, source: SourceRef, text: string): void {
    const elements = Array.isArray(body['elem']) ? (body['elem'] as readonly Value[]) : []
    const printed = elements.length === 0 ? '' : `${elements.map(elementText).join(', ')} }`
    const set = new LazySet(nameText(body['name']), isMap, source, text, {name: this.#source.name, text: printed})
    set.setTypes(typesOf(body))
    set.setElements(0, printed.length, source.line)
    set.dynamic = Array.isArray(body['flags']) && body['flags'].some(flag => flag === 'dynamic' || flag === 'timeout')
    this.#tableOf(body, source.line)?.sets.set(set.name, set)
  }

  #addRule(place: ListedObject, text: string): void {
    const names = {
      family: member(text, 'family'),
      table: member(text, 'table'),
    }
    const table = this.#tableOf(names, place.line)
    const chain = table?.chains.get(member(text, 'chain'))
    if (table === null || chain === undefined) return
    chain.add(place.start, place.end, place.line)
    if (text.includes('"xt"')) table.ofIptables = true
    // older versions do not print the flag of sets that rules change
    const changed = /"(?:set|map)"\s*:\s*\{\s*"op"[^]*?"@([^"]+)"/.exec(text)?.[1]
    const set = changed === undefined ? undefined : table.sets.get(changed)
    if (set === undefined) return
    set.dynamic = true
    if (/"(limit|quota|ct count)"\s*:/.test(text)) set.conditional = true
  }

  #rule(from: number, to: number, line: number, number: number): NftRule {
    const text = this.#source.text.slice(from, to).replace(/\s*\n\s*/g, ' ')
    const value = parse(text)
    const body = isObject(value) && isObject(value['rule']) ? value['rule'] : {}
    const statements = Array.isArray(body['expr']) ? (body['expr'] as readonly Value[]) : []
    const printed = statements.map(statementText).join(' ')
    const rule = readRule(printed, {document: this.#source.name, line}, number)
    const {handle, comment} = body
    if (rule.statements.some(({kind}) => kind === 'unknown'))
      this.#note('UNKNOWN_KEYWORD', `not understood in a rule of nftables: ${printed}`, line)
    return {
      ...rule,
      text,
      handle: typeof handle === 'number' ? handle : null,
      comment: typeof comment === 'string' ? comment : null,
    }
  }

  /** What follows the last whole object is unknown: rules of the last chain, at least. */
  #markCut(tables: readonly OpenTable[]): SourceRef {
    const source = {document: this.#source.name, line: this.#source.text.split('\n').length}
    this.#note('TRUNCATED', 'the listing ends within an object', source.line)
    for (const table of tables) for (const chain of table.chains.values()) chain.cut = source
    return source
  }

  #text({start, end}: ListedObject): string {
    return this.#source.text.slice(start, end)
  }

  #at({line}: ListedObject): SourceRef {
    return {document: this.#source.name, line}
  }

  #note(code: Parameters<DiagnosticList['add']>[0], text: string, line: number): void {
    this.#diagnostics.add(code, 'warning', text, line)
  }
}

function parse(text: string): Value {
  try {
    return JSON.parse(text) as Value
  } catch {
    return null
  }
}

/** A member that stands before the statements of a rule. */
function member(text: string, key: string): string {
  return new RegExp(`"${key}"\\s*:\\s*"([^"]*)"`).exec(text)?.[1] ?? ''
}

function baseOf({type, hook, prio, policy, dev}: Body): NftBase | null {
  if (typeof type !== 'string' || typeof hook !== 'string' || typeof prio !== 'number') return null
  const devices = Array.isArray(dev) ? dev.map(String) : typeof dev === 'string' ? [dev] : null
  return {
    type: type as NftBase['type'],
    hook: hook as NftHook,
    devices: devices ?? (hook === 'ingress' || hook === 'egress' ? null : []),
    priority: prio,
    policy: policy === 'drop' ? 'drop' : 'accept',
  }
}

/** `type ipv4_addr . inet_service : verdict`; newer versions print `typeof` as expressions. */
function typesOf({type, map}: Body): string {
  const [word, key] = isObject(type) ? ['typeof', expressionText(type['typeof'])] : ['type', namesOf(type)]
  return `${word} ${key}${map === undefined ? '' : ` : ${isObject(map) ? expressionText(map['typeof']) : namesOf(map)}`}`
}

function namesOf(value: Value | undefined): string {
  return Array.isArray(value) ? value.join(' . ') : nameText(value)
}
