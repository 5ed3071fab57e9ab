import type {NodeState, SourceRef} from '../model/index.js'
import {EditError} from './editError.js'
import type {Word} from './word.js'

/** What the lines are cited by that edits bring in: `--what-if:2` is the second edit. */
export const EDIT_DOCUMENT = '--what-if'

/** A node as an edit leaves it, and what the edit did. */
export interface Edited {
  readonly state: NodeState
  /** In a few words: `added`, `deleted ip-rule.txt:7`. */
  readonly effect: string
}

/** One edit, read word by word. */
export class EditCommand {
  readonly source: SourceRef
  /** As it was given. */
  readonly text: string
  readonly words: readonly Word[]
  #next = 0

  /** @param number of the edit, from 1 */
  constructor(number: number, text: string, words: readonly Word[]) {
    this.source = {document: EDIT_DOCUMENT, line: number}
    this.text = text
    this.words = words
  }

  /** The next word, which stays where it is. */
  peek(): string | undefined {
    return this.words[this.#next]?.text
  }

  take(): string | undefined {
    return this.words[this.#next++]?.text
  }

  /** The next word. @throws EditError where there is none */
  need(expected: string): string {
    const word = this.take()
    if (word === undefined) this.fail(expected)
    return word
  }

  skip(word: string): boolean {
    const skips = this.peek() === word
    if (skips) this.#next++
    return skips
  }

  /** All that follow. */
  rest(): readonly Word[] {
    const rest = this.words.slice(this.#next)
    this.#next = this.words.length
    return rest
  }

  /** @throws EditError where words are left */
  end(): void {
    const word = this.take()
    if (word !== undefined) this.fail('the end of the edit')
  }

  /** What cannot be read stands where the word taken last is. */
  fail(expected: string): never {
    const word = this.words[Math.min(this.#next, this.words.length) - 1]
    const past = this.#next > this.words.length || word === undefined
    const where = past ? 'at its end' : `at "${word.text}" (column ${word.column})`
    throw new EditError(`${this.#name()} ${where}: expected ${expected}.`)
  }

  /** The edit reads well, and this node would not take it. */
  refuse(why: string): never {
    throw new EditError(`${this.#name()} ${why}`)
  }

  #name(): string {
    return `${EDIT_DOCUMENT} ${this.source.line}, "${this.text}":`
  }
}
