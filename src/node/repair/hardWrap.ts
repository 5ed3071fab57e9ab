import type {Repair} from './repair.js'

/** What a line of iptables-save, `iptables -S` or `ipvsadm -S` begins with; anything else is the rest of the line before it. */
const BEGINS = /^(-[APNa] |:|\*|#|\[\d+:\d+\] -A |COMMIT\b|\s*$)/

/** What may be longer than a terminal is wide. */
const CONTINUES = /^(-[Aa] |:|# Generated|\[\d+:\d+\] -A )/

/** Terminals are wider than this, and saves without a wrap have longer lines. */
const NARROWEST = 40

/** A terminal or an editor broke all lines at one width: what was cut off stands on lines of its own, which begin like no line of a save. */
export const hardWrap: Repair = {
  name: 'lines broken at the width of a terminal',
  apply: text => {
    if (!/^(\*(raw|mangle|nat|filter|security)\b|-A \S)/m.test(text)) return text
    const lines = text.split('\n')
    const width = lines.reduce((max, line) => Math.max(max, line.length), 0)
    if (width < NARROWEST) return text
    let joined = false
    let head = -1 // the line that continues
    let full = false // the piece before is as long as a line can be
    for (const [at, line] of lines.entries()) {
      if (BEGINS.test(line) || !full || head < 0) head = CONTINUES.test(line) ? at : -1
      else {
        lines[head] += line
        lines[at] = ''
        joined = true
      }
      full = line.length === width
    }
    return joined ? lines.join('\n') : text
  },
}
