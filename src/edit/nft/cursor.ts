import type {EditCommand} from '../command.js'

/** The words of nft, which takes its arguments as one text: what a shell split is joined again. */
export class NftCursor {
  readonly command: EditCommand
  #rest: string

  constructor(command: EditCommand, text: string) {
    this.command = command
    this.#rest = text.trim()
  }

  get done(): boolean {
    return this.#rest === ''
  }

  /** The next word, which stays; empty at the end. */
  peek(): string {
    return /^(?:[{}]|[^\s{}]+)/.exec(this.#rest)?.[0] ?? ''
  }

  /** @throws EditError at the end */
  need(expected: string): string {
    const word = this.peek()
    if (word === '') this.fail(expected)
    this.#rest = this.#rest.slice(word.length).trimStart()
    return word
  }

  /** Takes the next word if it is one of these. */
  take<Word extends string>(...words: readonly Word[]): Word | null {
    const word = this.peek()
    const found = words.find(each => each === word)
    if (found !== undefined) this.need(found)
    return found ?? null
  }

  /** All that follows. */
  rest(): string {
    const rest = this.#rest
    this.#rest = ''
    return rest
  }

  /** What stands in the braces that come next, up to the end. @throws EditError where none do */
  block(expected: string): string {
    const text = this.rest()
    const [, inside] = /^\{(.*)\}$/s.exec(text) ?? []
    if (inside === undefined) return this.command.refuse(`expected ${expected} in braces, not "${text}".`)
    return inside.trim()
  }

  /** @throws EditError where something is left */
  end(): void {
    if (!this.done) this.command.refuse(`expected its end, not "${this.#rest}".`)
  }

  fail(expected: string): never {
    const where = this.done ? 'at its end' : `at "${this.peek()}"`
    return this.command.refuse(`${where}: expected ${expected}.`)
  }
}

/** Parts between semicolons and line ends, outside of braces and quotes; nft's strings know no escape. Empty ones are left out. */
export function splitStatements(text: string): string[] {
  const parts = ['']
  let depth = 0
  let quoted = false
  for (const c of text) {
    if (c === '"') quoted = !quoted
    else if (!quoted && c === '{') depth++
    else if (!quoted && c === '}') depth--
    if (!quoted && depth === 0 && (c === ';' || c === '\n')) parts.push('')
    else parts[parts.length - 1] += c
  }
  return parts.map(part => part.trim()).filter(part => part !== '')
}
