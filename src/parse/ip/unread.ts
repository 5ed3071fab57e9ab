import type {Line} from './lines.js'
import type {Notes} from './notes.js'
import {isToolError} from './toolErrors.js'

/** Notes a line that a parser could not use. @param expected what it should have been: `a policy rule` */
export function noteUnread(line: Line, expected: string, notes: Notes): void {
  if (isToolError(line, notes)) return
  const remark = /^\s*(#|\/\/|<!--)/.test(line.text)
  notes.add(
    'UNPARSED_LINE',
    remark ? 'info' : 'warning',
    remark ? 'A remark was left out.' : `Not ${expected}.`,
    line.number,
  )
}
