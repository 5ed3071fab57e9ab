import {displayWidth} from './displayWidth.js'

/**
 * Fills lines with pieces, each of which stays whole where it fits a line.
 * @param width columns of a line
 * @param hang columns that all lines but the first are indented by
 * @param glue what stands between two pieces of a line
 */
export function fill(pieces: readonly string[], width: number, hang = 0, glue = ' '): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces.flatMap(whole => breakPiece(whole, width - hang))) {
    if (line === '') line = piece
    else if (displayWidth(line) + glue.length + displayWidth(piece) <= width) line += glue + piece
    else {
      lines.push(line)
      line = ' '.repeat(hang) + piece
    }
  }
  return line === '' ? lines : [...lines, line]
}

/** Wraps at blanks. */
export function wrapWords(text: string, width: number, hang = 0): string[] {
  return fill(
    text.split(' ').filter(word => word !== ''),
    width,
    hang,
  )
}

/** A piece that fits no line is cut at its blanks, and a word that fits none wherever the line ends. */
function breakPiece(piece: string, width: number): string[] {
  if (displayWidth(piece) <= width) return [piece]
  if (piece.includes(' ')) return wrapWords(piece, width)
  const parts: string[] = []
  let part = ''
  for (const character of piece) {
    if (displayWidth(part + character) > width) {
      parts.push(part)
      part = ''
    }
    part += character
  }
  return [...parts, part]
}
