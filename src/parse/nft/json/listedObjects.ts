/** Where an object of the listing stands. */
export interface ListedObject {
  readonly start: number
  /** Behind its closing brace. */
  readonly end: number
  readonly line: number
}

/**
 * The objects in the array of `{"nftables": [ … ]}`, found by their braces alone, so that a broken one does not take the others with it.
 * @returns whether the text ends within one, at the end
 */
export function* listedObjects(text: string, firstLine: number): Generator<ListedObject, boolean> {
  let line = firstLine
  let depth = 0
  let start = 0
  let startLine = line
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 10 /* newline */) line++
    else if (c === 34 /* " */) {
      for (i++; i < text.length && text.charCodeAt(i) !== 34; i++) if (text.charCodeAt(i) === 92 /* \ */) i++
    } else if (c === 123 /* { */) {
      if (depth++ === 1) {
        start = i
        startLine = line
      }
    } else if (c === 125 /* } */ && --depth === 1) yield {start, end: i + 1, line: startLine}
  }
  return depth > 0
}
