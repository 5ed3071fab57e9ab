/** What has a meaning of its own in an expression. */
const SPECIAL = '\\^$.|?*+()[]{}'
/** What makes the character before it one that may be missing. */
const OPTIONAL = '?*{|'

/**
 * Compares the plain characters that an expression begins with: of a hundred that differ in them, a few need to be compiled.
 * @param expression without flags, without `|` outside of groups
 * @returns false only where the expression does not match
 */
export function mayMatch({source}: RegExp, path: string): boolean {
  if (!source.startsWith('^')) return true
  for (let at = 1, read = 0; at < source.length; at++, read++) {
    const escaped = source[at] === '\\'
    const character = source[escaped ? ++at : at] ?? ''
    const plain = escaped
      ? SPECIAL.includes(character) || character === '/' || character === '-'
      : !SPECIAL.includes(character)
    if (!plain || OPTIONAL.includes(source[at + 1] ?? ' ')) return true
    if (path[read] !== character) return false
  }
  return true
}
