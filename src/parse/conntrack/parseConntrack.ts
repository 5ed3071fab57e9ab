import type {ConntrackEntry, Parsed, SourceText} from '../../model/index.js'
import {DiagnosticList} from '../shared/diagnosticList.js'
import {isToolError} from '../shared/toolErrors.js'
import {readConntrack} from './readEntry.js'

/**
 * conntrack v1.4.7 (conntrack-tools): 11 flow entries have been shown.
 * *** Output of conntrack -L ***
 * cpu=0   	found=0 invalid=0 insert=0 …
 */
const OTHER = /^(conntrack v\S+ \(conntrack-tools\): \d+ flow entries|\*\*\* |cpu=\d+\s|entries\s|searched=)/

/** Reads `conntrack -L` (also `-o extended`, `-o id`, both families), /proc/net/nf_conntrack, and the same between the headers of bundles. */
export function parseConntrack(source: SourceText): Parsed<readonly ConntrackEntry[]> {
  const diagnostics = new DiagnosticList(source.name)
  const entries: ConntrackEntry[] = []
  const {text, name} = source
  let line = source.firstLine ?? 1
  for (let at = 0; at < text.length; line++) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline
    const record = text.slice(at, end).trim()
    at = end + 1
    if (record === '' || OTHER.test(record)) continue
    if (isToolError(record)) {
      diagnostics.add('TOOL_ERROR', 'error', `The tool failed: "${record}".`, line)
      continue
    }
    const entry = readConntrack(record)
    if (typeof entry !== 'string') entries.push({...entry, source: {document: name, line}, text: record})
    else if (newline < 0) diagnostics.add('TRUNCATED', 'warning', 'The last entry is cut.', line)
    else
      diagnostics.add(
        'UNPARSED_LINE',
        'warning',
        `No entry of conntrack: \`${entry.slice(0, 100)}\` makes no sense.`,
        line,
      )
  }
  return {value: entries, diagnostics: diagnostics.all}
}
