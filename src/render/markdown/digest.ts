import {createHash} from 'node:crypto'
import type {JsonCapture} from '../../model/index.js'

/**
 * One digest for a whole capture: sha256 of the lines that `sha256sum` would print for its documents, in the order of their names.
 * @returns 64 hexadecimal digits
 */
export function digestCapture({documents}: JsonCapture): string {
  const lines = documents.map(({sha256, name}) => `${sha256}  ${name}\n`)
  return createHash('sha256').update(sortByName(lines).join('')).digest('hex')
}

/** By code units, so that no locale changes the digest. */
function sortByName(lines: readonly string[]): string[] {
  const name = (line: string) => line.slice(66)
  return [...lines].sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0))
}
