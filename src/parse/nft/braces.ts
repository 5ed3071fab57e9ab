/** Opening braces less closing ones, outside of quotes. nft's strings know no escape. */
export function braces(line: string): number {
  let count = 0
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    const c = line.charCodeAt(i)
    if (c === 34 /* " */) quoted = !quoted
    else if (quoted) continue
    else if (c === 123 /* { */) count++
    else if (c === 125 /* } */) count--
  }
  return count
}
