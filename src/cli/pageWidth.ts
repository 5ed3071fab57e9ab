/** Columns where nobody says how wide the page is: a pipe, a file, a serial console (which says 0). */
const DEFAULT_WIDTH = 100

/** Narrower than this, no line of a save can be laid out: the terminal wraps. */
const LEAST_WIDTH = 40

export interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** How many columns the page of an output stream has. */
export function pageWidth({isTTY, columns}: Terminal): number {
  return isTTY === true && columns !== undefined && columns > 0 ? Math.max(LEAST_WIDTH, columns) : DEFAULT_WIDTH
}
