import type {Page} from '../render/index.js'
import {colourStyle, plainStyle} from '../render/index.js'
import {pageWidth, type Terminal} from './pageWidth.js'

/**
 * The page that an output stream is.
 * @param colour what --color or --no-color says; undefined: FORCE_COLOR, NO_COLOR and the stream decide, in this order
 */
export function pageOf(stream: Terminal, environment: NodeJS.ProcessEnv, colour: boolean | undefined): Page {
  return {
    width: pageWidth(stream),
    style: (colour ?? wantsColour(stream, environment)) ? colourStyle : plainStyle,
  }
}

function wantsColour(stream: Terminal, {FORCE_COLOR, NO_COLOR, TERM}: NodeJS.ProcessEnv): boolean {
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  return stream.isTTY === true && TERM !== 'dumb'
}
