import {EditCommand} from './command.js'
import {EditError} from './editError.js'
import {splitWords, type Word} from './word.js'

/**
 * Edits as commands: each text may hold several, separated by `;` or line ends outside of quotes. They are numbered through.
 * @throws EditError where a quote is not closed or a text holds no edit
 */
export function splitEdits(texts: readonly string[]): EditCommand[] {
  const commands: EditCommand[] = []
  for (const text of texts) {
    const {words, closed} = splitWords(text)
    if (!closed) throw new EditError(`--what-if "${text}": a quote is not closed.`)
    const before = commands.length
    for (const run of splitRuns(words)) {
      const first = run[0] as Word
      const from = first.column - 1
      const own = run.map(word => ({...word, column: word.column - from}))
      commands.push(new EditCommand(commands.length + 1, textOf(text, from, words), own))
    }
    if (commands.length === before)
      throw new EditError('--what-if is empty: give an edit, such as "ip rule add from 10.0.5.77 lookup 2".')
  }
  return commands
}

function isSeparator({text, quoted}: Word): boolean {
  return text === ';' && !quoted
}

function splitRuns(words: readonly Word[]): Word[][] {
  const runs: Word[][] = [[]]
  for (const word of words) {
    if (isSeparator(word)) runs.push([])
    else runs.at(-1)?.push(word)
  }
  return runs.filter(run => run.length > 0)
}

/** From a word to before the separator that ends its edit. */
function textOf(text: string, from: number, words: readonly Word[]): string {
  const end = words.find(word => isSeparator(word) && word.column - 1 >= from)
  return text.slice(from, end === undefined ? undefined : end.column - 1).trim()
}
