import type {Neighbour, Parsed, SourceText} from '../../model/index.js'
import {readArpLine} from './arpLine.js'
import {readLines} from './lines.js'
import {isNeighbourHeader, readNeighbourLine} from './neighbourLine.js'
import {Notes} from './notes.js'
import {isToolError} from './toolErrors.js'

/**
 * The neighbour table, from whatever listed it: `ip neigh` (with -s, `show proxy`), `arp -n|-e|-v`, `arp -a`, busybox arp, /proc/net/arp.
 * The tools do not mix in one document, but each line tells which wrote it.
 * arp knows no states: an entry with an address is COMPLETE, one without INCOMPLETE, though it may have FAILED.
 */
export function parseNeighbours(source: SourceText): Parsed<Neighbour[]> {
  const notes = new Notes(source.name)
  const neighbours: Neighbour[] = []
  for (const line of readLines(source, notes)) {
    if (isNeighbourHeader(line.text)) continue
    const neighbour = readNeighbourLine(line, source.name) ?? readArpLine(line, source.name)
    if (neighbour !== null) neighbours.push(neighbour)
    else if (!isToolError(line, notes))
      notes.add('UNPARSED_LINE', 'warning', 'Not an entry of a neighbour table.', line.number)
  }
  return {value: neighbours, diagnostics: notes.diagnostics}
}
