import {displayWidth} from './displayWidth.js'
import {fill, wrapWords} from './wrap.js'

/** An option with its arguments; `!` belongs to what it negates, `-m NAME` to the option after it. Quoted arguments stay whole. */
//              blank   ! or not  -x or --xyz   arguments: quoted, or a word that begins no option
const OPTION = /(?:^|\s)((?:! )?--?[A-Za-z][\w-]*(?:\s(?:"(?:[^"\\]|\\.)*"|(?!--?[A-Za-z]|! )\S+))*)/g

/**
 * Wraps an iptables rule at its options.
 * @param hang columns that all lines but the first are indented by
 */
export function wrapRule(text: string, width: number, hang = 2): string[] {
  if (displayWidth(text) <= width) return [text]
  const options = splitOptions(text)
  return options === null ? wrapWords(text, width, hang) : fill(options, width, hang)
}

/**
 * The rule on one line where that can be: a comment gives way first, then `-m` modules that an option of their own follows. What decides — chain,
 * matches, target — always stays; a rule that is still too long is wrapped.
 */
export function elideRule(text: string, width: number, hang = 2): string[] {
  if (displayWidth(text) <= width) return [text]
  const options = splitOptions(text)
  if (options === null) return wrapWords(text, width, hang)
  const short = options.map(option =>
    /^-m comment --comment /.test(option) ? '…' : option.replace(/^-m (tcp|udp) (?=--)/, ''),
  )
  return fill(short, width, hang)
}

/** @returns null where the text is not a line of options */
function splitOptions(text: string): string[] | null {
  const options = [...text.matchAll(OPTION)].map(match => match[1] as string)
  if (options.join(' ') !== text.replace(/\s+/g, ' ').trim()) return null
  const joined: string[] = []
  for (const option of options) {
    const previous = joined.at(-1)
    if (previous !== undefined && /^-m \S+$/.test(previous) && option.replace('! ', '').startsWith('--'))
      joined[joined.length - 1] += ` ${option}`
    else joined.push(option)
  }
  return joined
}
