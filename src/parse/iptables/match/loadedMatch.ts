import type {Match} from '../../../model/index.js'
import type {RuleReader} from '../ruleReader.js'

/**
 * What reading one option gave: a match, `undefined` where it is kept for `finish`, null where its value makes no sense.
 * A match that ignores the reader's `!` is taken as an error by the caller.
 */
export type OptionResult = Match | undefined | null

/** One `-m NAME` of a rule. */
export interface LoadedMatch {
  /** The module means nothing without an option: a rule that has none was printed by a tool that could not read it. */
  readonly needsOption: boolean
  has(option: string): boolean
  /** Called with the option's own word already read. */
  read(option: string, reader: RuleReader): OptionResult
  /** Called once behind the last word; null: an option that the module cannot do without is missing. */
  finish?(): readonly Match[] | null
}

/** Loads a module; `reader` stands behind its name. */
export type LoadMatch = (reader: RuleReader) => LoadedMatch

export type ReadOption = (reader: RuleReader) => Match | null

/** A module each of whose options is a match of its own. One object serves all rules. */
export function independentOptions(options: Readonly<Record<string, ReadOption>>, needsOption = false): LoadMatch {
  const table = new Map(Object.entries(options))
  const loaded: LoadedMatch = {
    needsOption,
    has: option => table.has(option),
    read: (option, reader) => (table.get(option) as ReadOption)(reader),
  }
  return () => loaded
}

/** The same for a module that means nothing without an option. */
export function neededOptions(options: Readonly<Record<string, ReadOption>>): LoadMatch {
  return independentOptions(options, true)
}
