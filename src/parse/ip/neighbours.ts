import type {Neighbour, Parsed, SourceText} from '../../model/index.js'
import {readArpLine} from './arpLine.js'
import {isJson, readJsonRecords} from './jsonRecords.js'
import {readLines} from './lines.js'
import {neighbourWordsOf} from './neighbourJson.js'
import {isNeighbourHeader, readNeighbourLine, readNeighbourWords} from './neighbourLine.js'
import {Notes} from './notes.js'
import {noteUnread} from './unread.js'
import {Words} from './words.js'

/**
 * The neighbour table, from whatever listed it: `ip neigh` (with -s, -j, `show proxy`), `arp -n|-e|-v`, `arp -a`, busybox arp, /proc/net/arp.
 * The tools do not mix in one document, but each line tells which wrote it.
 * arp knows no states: an entry with an address is COMPLETE, one without INCOMPLETE, though it may have FAILED.
 */
export function parseNeighbours(source: SourceText): Parsed<Neighbour[]> {
  const notes = new Notes(source.name)
  const neighbours: Neighbour[] = []
  if (isJson(source)) {
    for (const {value, line, text} of readJsonRecords(source, notes)) {
      const neighbour = readNeighbourWords(new Words(neighbourWordsOf(value)), {document: source.name, line}, text)
      if (neighbour !== null) neighbours.push(neighbour)
      else notes.add('BAD_JSON', 'warning', 'Not a neighbour: no "dst" and "state".', line)
    }
    return {value: neighbours, diagnostics: notes.diagnostics}
  }
  for (const line of readLines(source, notes)) {
    if (isNeighbourHeader(line.text)) continue
    const neighbour = readNeighbourLine(line, source.name) ?? readArpLine(line, source.name)
    if (neighbour !== null) neighbours.push(neighbour)
    else noteUnread(line, 'an entry of a neighbour table', notes)
  }
  return {value: neighbours, diagnostics: notes.diagnostics}
}
