import type {NftElement, NftSet, NftSetListing, SourceRef, SourceText} from '../../model/index.js'
import {type Datatype, datatypeOf} from './datatype.js'
import {type ElementTypes, readElements} from './elements.js'
import {elementTexts} from './elementTexts.js'
import {ExpressionReader} from './expression.js'
import {Tokens} from './tokens.js'

/** Statements of an element, or of all of them, that may fail. */
export const MAY_FAIL = /\b(limit rate|quota|ct count)\b/

/** A set or map whose elements are parsed when they are first asked for. */
export class LazySet implements NftSet {
  readonly name: string
  readonly isMap: boolean
  readonly source: SourceRef
  readonly text: string
  type = ''
  dynamic = false
  conditional = false
  listed: NftSetListing = 'whole'
  #types: ElementTypes = {key: [], data: null}
  /** Offset behind the brace that opens the elements, and of the end of the last line, exclusive. */
  #from = 0
  #to = 0
  #line = 0
  readonly #body: SourceText
  #elements: readonly NftElement[] | undefined

  constructor(name: string, isMap: boolean, source: SourceRef, text: string, body: SourceText) {
    this.name = name
    this.isMap = isMap
    this.source = source
    this.text = text
    this.#body = body
  }

  /** `type ipv4_addr . inet_service : verdict`, `typeof ip saddr . tcp dport : meta mark` */
  setTypes(line: string): void {
    this.type = line
    const [keyText = '', dataText = ''] = line.replace(/^type(of)? /, '').split(' : ')
    const read = line.startsWith('typeof ') ? typesOfExpressions : typesOfNames
    const verdicts = dataText === '' || /(^|\s)verdict$/.test(dataText)
    this.#types = {key: read(keyText), data: verdicts ? null : read(dataText.replace(/^interval /, ''))}
  }

  /** @param line of `from` */
  setElements(from: number, to: number, line: number): void {
    if (MAY_FAIL.test(this.#body.text.slice(from, to))) this.conditional = true
    this.#from = from
    this.#to = to
    this.#line = line
  }

  /** Does the listing show elements of it? Does not parse them. */
  get showsElements(): boolean {
    return this.#to > this.#from
  }

  get elements(): readonly NftElement[] {
    return (this.#elements ??= this.#parse())
  }

  #parse(): readonly NftElement[] {
    const text = this.#body.text.slice(this.#from, this.#to)
    let line = this.#line
    let at = 0
    const locate = (offset: number): SourceRef => {
      for (let newline = text.indexOf('\n', at); newline >= 0 && newline < offset; newline = text.indexOf('\n', at)) {
        line++
        at = newline + 1
      }
      return {document: this.#body.name, line}
    }
    // a remark ends the elements, wherever it stands
    if (text.includes('#')) return readElements(new Tokens(text), this.#types, locate)
    const elements: NftElement[] = []
    for (const [from, to] of elementTexts(text)) {
      const tokens = new Tokens(text.slice(from, to))
      elements.push(...readElements(tokens, this.#types, offset => locate(from + offset)))
    }
    return elements
  }
}

function typesOfNames(text: string): readonly Datatype[] {
  return text.split(' . ').map(name => datatypeOf(name.trim()))
}

function typesOfExpressions(text: string): readonly Datatype[] {
  const key = new ExpressionReader(new Tokens(text), {document: '', line: 0}).readKey()
  return key?.map(({type}) => type) ?? []
}
