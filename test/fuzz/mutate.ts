import type {Dice} from '../kernel/random/dice.js'

/** Characters and words that mean something to some grammar, or to those who read text. */
const SPLINTERS = [
  '\\', '"', "'", '{', '}', '[', ']', '(', ')', ':', '::', '/', '/33', '/129', '-', '--', '!', '! ', '@', '<', '>', ',', ';', '#', '*', '|', '=', '+', '.',
  '\t', '\r', '\n', '\r\n', '\n\n', '\0', ' ', '\u001b[1m', '\u001b]8;;', '\b', '\u00ef\u00bb\u00bf', '\u00ff\u00fe', '\u00e2\u0080\u00ae', '__proto__', 'constructor',
  '0', '-1', '0x', '0xffffffff', '4294967296', '99999999999999999999', '1e999', 'NaN', '0.0.0.0', '255.255.255.255', '999.1.1.1', 'default', 'null', 'true',
  ' via ', ' dev ', ' nexthop ', ' not ', ' encap ', ' lookup ', ' goto ', ' table ', 'inet ', 'inet6 ', ' -j ', ' -m ', ' -A ', '-N ', ':X - [0:0]', '*nat\n', 'COMMIT\n',
  ' --to-destination ', ' --match-set ', ' comment "', 'elements = { ', 'type ipv4_addr', 'vmap { ', ' counter ', 'jump ', '{"', '":', 'ENIs', 'src=', 'dport=', '[UNREPLIED]',
  'Chain X (policy ACCEPT', ' references)', '--More--', '&quot;', '```', '#### ekspath-capture/1 ', ' document ', ' exit 0 0',
] // prettier-ignore

/** Longest run that is put in: enough for a parser that recurses or backtracks, short enough for a million inputs. */
const RUN = 20_000

/**
 * One of the ways in which a document gets damaged, or is made to do damage. Bytes are characters (Latin-1).
 * @param other a document to take pieces from
 */
const WAYS: readonly ((text: string, other: string, dice: Dice) => string)[] = [
  (text, _, dice) => text.slice(0, place(text, dice)),
  (text, _, dice) => text.slice(place(text, dice)),
  (text, _, dice) => splice(text, place(text, dice), dice.between(1, 200), ''),
  (text, _, dice) => splice(text, place(text, dice), 1, String.fromCharCode(dice.between(0, 255))),
  (text, _, dice) => splice(text, place(text, dice), 0, dice.pick(SPLINTERS)),
  (text, _, dice) => splice(text, place(text, dice), dice.between(0, 8), dice.pick(SPLINTERS)),
  (text, _, dice) => splice(text, place(text, dice), 0, dice.pick(SPLINTERS).repeat(dice.between(1, RUN / 10))),
  (text, other, dice) => splice(text, place(text, dice), dice.between(0, 100), piece(other, dice)),
  (text, _, dice) => splice(text, place(text, dice), 0, piece(text, dice).repeat(dice.between(1, 20))),
  (text, _, dice) => mapLines(text, lines => swap(lines, dice)),
  (text, _, dice) => mapLines(text, lines => repeatLine(lines, dice)),
  (text, other, dice) => replaceWord(text, wordOf(other, dice), dice),
  (text, _, dice) => replaceWord(text, wordOf(text, dice), dice),
  (text, _, dice) => replaceWord(text, dice.pick(SPLINTERS), dice),
  (text, _, dice) =>
    text.replaceAll(dice.pick([' ', '\n', '"', '{', ':', '-', '/']), dice.pick(SPLINTERS)).slice(0, 4 * RUN),
]

/** @returns a damaged copy of `text`, by one to four ways */
export function mutate(text: string, other: string, dice: Dice): string {
  let result = text
  for (let left = dice.between(1, 4); left > 0; left--) result = dice.pick(WAYS)(result, other, dice)
  return result
}

function place(text: string, dice: Dice): number {
  return dice.between(0, text.length)
}

function splice(text: string, at: number, gone: number, put: string): string {
  return `${text.slice(0, at)}${put}${text.slice(at + gone)}`
}

function piece(text: string, dice: Dice): string {
  const at = place(text, dice)
  return text.slice(at, at + dice.between(1, 400))
}

function mapLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split('\n')
  change(lines)
  return lines.join('\n')
}

function swap(lines: string[], dice: Dice): void {
  const [a, b] = [dice.between(0, lines.length - 1), dice.between(0, lines.length - 1)]
  ;[lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? '']
}

function repeatLine(lines: string[], dice: Dice): void {
  const at = dice.between(0, lines.length - 1)
  const line = lines[at] ?? ''
  const times = dice.between(1, Math.max(1, Math.floor(RUN / (line.length + 1))))
  lines.splice(at, 0, ...Array.from({length: dice.chance(0.1) ? times : Math.min(times, 3)}, () => line))
}

/** A word begins and ends at blanks. */
function wordOf(text: string, dice: Dice): string {
  return /\S+/.exec(text.slice(place(text, dice)))?.[0] ?? ''
}

function replaceWord(text: string, word: string, dice: Dice): string {
  const at = place(text, dice)
  const found = /\S+/.exec(text.slice(at))
  return found === null ? text : splice(text, at + found.index, found[0].length, word)
}
