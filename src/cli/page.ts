import type {Page} from '../render/index.js'
import {colourStyle, plainStyle} from '../render/index.js'

/** Columns where nobody says how wide the page is: a pipe, a file. */
const DEFAULT_WIDTH = 100
/** Narrower than this, no line of a save can be laid out: the terminal wraps. */
const LEAST_WIDTH = 40

interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
}

/**
 * The page that an output stream is.
 * @param colour what --color or --no-color says; undefined: FORCE_COLOR, NO_COLOR and the stream decide, in this order
 */
export function pageOf(stream: Terminal, environment: NodeJS.ProcessEnv, colour: boolean | undefined): Page {
  const width = stream.isTTY === true ? (stream.columns ?? DEFAULT_WIDTH) : DEFAULT_WIDTH
  return {
    width: Math.max(LEAST_WIDTH, width),
    style: (colour ?? wantsColour(stream, environment)) ? colourStyle : plainStyle,
  }
}

function wantsColour(stream: Terminal, {FORCE_COLOR, NO_COLOR, TERM}: NodeJS.ProcessEnv): boolean {
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  return stream.isTTY === true && TERM !== 'dumb'
}
