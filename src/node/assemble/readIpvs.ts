import type {IpvsState} from '../../model/index.js'
import {parseIpvs, settleIpvs} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

/** What all documents together say of IPVS. A save that printed nothing says that there are no services, if it is known to have succeeded. */
export function readIpvs(documents: readonly NodeDocument[], sink: DiagnosticSink): IpvsState {
  const all = documentsOf(documents, 'ipvs')
  const parsed = all.map(({source}) => sink.take(parseIpvs(source)))
  const {services, unread, unresolved} = settleIpvs(parsed.flatMap(({listings}) => listings))
  for (const {source, text} of unresolved.slice(0, MAX_NOTES)) {
    const words = text.length > 100 ? `${text.slice(0, 100)}…` : text
    const note = `A name stands in place of a number (\`${words}\`): collect \`ipvsadm --save --numeric\`.`
    sink.add('LOSSY_TOOL', 'warning', note, source.document, source.line)
  }
  return {
    services: services ?? (all.some(savedNothing) ? [] : null),
    connections: parsed.find(({connections}) => connections !== null)?.connections ?? null,
    unread,
  }
}

/** As many as a reader can do with. */
const MAX_NOTES = 20

function savedNothing({source, exitCode, command}: NodeDocument): boolean {
  return exitCode === 0 && !/\S/.test(source.text) && /\s(-\w*S|--save)\b/.test(command ?? '')
}
