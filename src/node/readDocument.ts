import {type CapturedDocument, decodeText} from '../capture/index.js'
import type {SourceText} from '../model/index.js'
import type {DiagnosticSink} from './diagnosticSink.js'
import {contentsOf, type DocumentContents} from './documentContents.js'
import type {NodeDocument} from './nodeDocument.js'
import {emptyMeans} from './recognise/emptyMeans.js'
import {reconcileRole} from './recognise/reconcileRole.js'
import type {CommandRole, Role, RoleKind} from './recognise/role.js'
import {roleOfCommand} from './recognise/roleOfCommand.js'
import {roleOfName} from './recognise/roleOfName.js'
import {roleOfText} from './recognise/roleOfText.js'
import {splitNamespaces} from './recognise/splitNamespaces.js'
import {splitTranscript} from './recognise/splitTranscript.js'
import {repairText} from './repair/repairText.js'

/** A text of a document, with what it is and where it stands. */
export interface ReadText extends NodeDocument {
  readonly contents: DocumentContents
}

/** The texts of one document, with what they are; none where nothing tells. */
export function readDocument(captured: CapturedDocument, commandKnown: boolean, sink: DiagnosticSink): ReadText[] {
  const {name, command, exitCode} = captured
  const named = (command === null ? null : roleOfCommand(command)) ?? roleOfName(name)
  const read = readSource(captured, named, sink)
  if (read === null) return []
  const {source, contents} = read
  if (named !== null && (exitCode ?? 0) !== 0) noteFailure(captured, named.role, sink)
  const sections = splitTranscript(source)
  const texts =
    sections === null
      ? readSection(source, {command, commandKnown}, named, captured, sink)
      : sections.flatMap(section =>
          readSection(
            section.source,
            {command: section.command, commandKnown: true},
            roleOfCommand(section.command),
            captured,
            sink,
          ),
        )
  return texts.map(text => ({...text, contents}))
}

function readSource(
  {name, bytes}: CapturedDocument,
  named: CommandRole | null,
  sink: DiagnosticSink,
): {source: SourceText; contents: DocumentContents} | null {
  const decoded = decodeText(bytes)
  if (decoded === null) {
    if (named !== null) sink.add('NOT_TEXT', 'error', 'Not text: it holds bytes that no command prints.', name)
    return null
  }
  const {text, repairs} = repairText(decoded.text)
  const all = [...decoded.repairs, ...repairs]
  if (all.length > 0) sink.add('REPAIRED_TEXT', 'info', `Undone: ${all.join(', ')}.`, name)
  return {source: {name, text}, contents: contentsOf(name, bytes, all.length === 0 ? text : null)}
}

/** One command's output. */
function readSection(
  source: SourceText,
  ran: Pick<NodeDocument, 'command' | 'commandKnown'>,
  named: CommandRole | null,
  captured: CapturedDocument,
  sink: DiagnosticSink,
): NodeDocument[] {
  const reconciled = reconcileRole(named?.role ?? null, roleOfText(source.text))
  if (reconciled === null) return []
  const {role, contradicted} = reconciled
  const line = source.firstLine ?? 1
  if (contradicted !== null) {
    const text = `Named as ${contradicted.kind}, but it holds ${role.kind}: read as what it holds.`
    sink.add('UNRECOGNISED_DOCUMENT', 'warning', text, source.name, line)
  }
  const {exitCode, stderr, cut, asRoot} = captured
  const namespace = named?.namespace ?? null
  const document: NodeDocument = {source, role, namespace, ...ran, exitCode, stderr, cut, asRoot}
  if (!isUsable(document, sink)) return []
  if (namespace !== '*') return [document]
  return splitNamespaces(source).map(part => ({...document, ...part}))
}

/** A cut answer misleads. An empty one is an answer where it can mean "nothing"; after a failure it never does. */
function isUsable(document: NodeDocument, sink: DiagnosticSink): boolean {
  const {source, role, namespace, exitCode} = document
  if (document.cut && !SERVES_CUT.has(role.kind)) {
    const text =
      'Its output was cut: what is there cannot be told from what is missing, and the document counts as missing.'
    sink.add('TRUNCATED', 'error', text, source.name, source.firstLine ?? 1)
    return false
  }
  if (/\S/.test(source.text) || role.kind === 'iptables') return true
  if ((exitCode ?? 0) !== 0) return false
  if (namespace !== null || emptyMeans(role) === 'nothing') return true
  const text = 'Nothing in it: what it would have shown is unknown, not absent.'
  sink.add('EMPTY_DOCUMENT', 'warning', text, source.name, source.firstLine ?? 1)
  return false
}

/** Of these the beginning serves as well: their readers know which part is whole, or each record stands for itself. */
const SERVES_CUT: ReadonlySet<RoleKind> = new Set<RoleKind>([
  'routes',
  'iptables',
  'neighbours',
  'conntrack',
  'ipvs',
  'sysctl',
  'card-counters',
  'conntrack-counters',
  'unread',
])

/** Commands whose tools are not on every node, or that ask for what not every node has. */
const OPTIONAL: ReadonlySet<RoleKind> = new Set<RoleKind>([
  'ipamd',
  'unread',
  'nft',
  'ipset',
  'ipvs',
  'conntrack',
  'conntrack-counters',
  'card-counters',
  'instance',
  'rt-tables',
  'version',
  'legacy-tables',
])

function noteFailure({name, command, exitCode, stderr}: CapturedDocument, role: Role, sink: DiagnosticSink): void {
  const said = stderr.trim().split('\n')[0] ?? ''
  const reason = said === '' ? '' : `: ${said}`
  const severity = OPTIONAL.has(role.kind) ? 'info' : 'warning'
  sink.add('COMMAND_FAILED', severity, `\`${command ?? name}\` ended with exit code ${exitCode}${reason}`, name)
}
