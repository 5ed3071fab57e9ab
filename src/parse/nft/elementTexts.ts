const QUOTE = 34
const COMMA = 44
const CLOSING = 125 /* } */

/**
 * The elements of a set or map one by one, up to its closing brace: it has thousands, and the words of all of them at once would take ten times
 * its text.
 * @returns offsets of the first character of each, and behind the last
 */
export function* elementTexts(text: string): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < text.length;) {
    const to = endOf(text, from)
    yield [from, to]
    if (text.charCodeAt(to) === CLOSING) return
    from = to + 1
  }
}

/** Offset of the comma or brace behind an element; what is quoted has none. */
function endOf(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === COMMA || code === CLOSING) return at
    if (code === QUOTE) at = Math.max(at, text.indexOf('"', at + 1))
  }
  return text.length
}
