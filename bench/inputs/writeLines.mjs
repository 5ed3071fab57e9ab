import {closeSync, openSync, writeSync} from 'node:fs'

/** Characters that are written at a time. */
const PIECE = 1 << 20

/** Writes lines to a file without ever holding all of them. @param {Iterable<string>} lines */
export function writeLines(file, lines) {
  const descriptor = openSync(file, 'w')
  let piece = ''
  for (const line of lines) {
    piece += `${line}\n`
    if (piece.length < PIECE) continue
    writeSync(descriptor, piece)
    piece = ''
  }
  writeSync(descriptor, piece)
  closeSync(descriptor)
}
