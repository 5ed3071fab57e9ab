import {type Capture, type CapturedDocument, decodeText} from '../capture/index.js'
import type {DiagnosticSink} from './diagnosticSink.js'
import {type CaptureIndex, commandAt, type IndexEntry} from './layouts/layout.js'
import {type FoundLayout, findLayout} from './layouts/index.js'
import type {NodeDocument} from './nodeDocument.js'
import {emptyMeans} from './recognise/emptyMeans.js'
import {reconcileRole} from './recognise/reconcileRole.js'
import type {CommandRole, Role, RoleKind} from './recognise/role.js'
import {roleOfCommand} from './recognise/roleOfCommand.js'
import {roleOfName} from './recognise/roleOfName.js'
import {roleOfText} from './recognise/roleOfText.js'
import {splitNamespaces} from './recognise/splitNamespaces.js'

export interface ReadCapture {
  readonly found: FoundLayout | null
  readonly index: CaptureIndex | null
  /** Documents with a role, each with the captured document that holds it. */
  readonly documents: readonly (NodeDocument & {readonly captured: CapturedDocument})[]
}

/** Decodes the documents of a capture and finds out what each is. */
export function readDocuments(capture: Capture, sink: DiagnosticSink): ReadCapture {
  const found = findLayout(capture.documents.map(({name}) => name))
  const index = readIndex(capture, found)
  const documents = capture.documents.flatMap(captured => readDocument(captured, found, index, sink))
  return {found, index, documents}
}

function readIndex({documents}: Capture, found: FoundLayout | null): CaptureIndex | null {
  const pattern = found?.layout.index
  if (found === null || pattern === undefined) return null
  const document = documents.find(
    ({name}) => name.startsWith(found.root) && pattern.path.test(name.slice(found.root.length)),
  )
  const text = document === undefined ? null : decodeText(document.bytes)?.text
  return text == null ? null : pattern.read(text)
}

function readDocument(
  captured: CapturedDocument,
  found: FoundLayout | null,
  index: CaptureIndex | null,
  sink: DiagnosticSink,
): ReadCapture['documents'] {
  const {name} = captured
  const path = found !== null && name.startsWith(found.root) ? name.slice(found.root.length) : name
  if (found?.layout.index?.path.test(path) === true) return []
  const entry = index?.documents.get(path)
  const command = captured.command ?? entry?.command ?? (found === null ? null : commandAt(found.layout, path))
  const named = (command === null ? null : roleOfCommand(command)) ?? roleOfName(path)
  const source = readSource(captured, named, sink)
  if (source === null) return []
  const reconciled = reconcileRole(named?.role ?? null, roleOfText(source.text))
  if (reconciled === null) return []
  if (reconciled.contradicted !== null) {
    const {contradicted, role} = reconciled
    sink.add(
      'UNRECOGNISED_DOCUMENT',
      'warning',
      `Named as ${contradicted.kind}, but it holds ${role.kind}: read as what it holds.`,
      name,
    )
  }
  const outcome = outcomeOf(captured, entry)
  const failed = (outcome.exitCode ?? 0) !== 0
  const isEmpty = !/\S/.test(source.text)
  if (failed) noteFailure(name, command, outcome, reconciled.role, sink)
  if (isEmpty && reconciled.role.kind !== 'iptables' && (failed || emptyMeans(reconciled.role) === 'unknown')) {
    if (!failed)
      sink.add('EMPTY_DOCUMENT', 'warning', 'Nothing in it: what it would have shown is unknown, not absent.', name)
    return []
  }
  const namespace = named?.namespace ?? null
  const document = {source, role: reconciled.role, namespace, command, captured, ...outcome}
  if (document.namespace !== '*') return [document]
  return splitNamespaces(source).map(part => ({...document, ...part}))
}

function readSource(
  {name, bytes}: CapturedDocument,
  named: CommandRole | null,
  sink: DiagnosticSink,
): {name: string; text: string} | null {
  const decoded = decodeText(bytes)
  if (decoded === null) {
    if (named !== null) sink.add('NOT_TEXT', 'error', 'Not text: it holds bytes that no command prints.', name)
    return null
  }
  if (decoded.repairs.length > 0) sink.add('REPAIRED_TEXT', 'info', `Undone: ${decoded.repairs.join(', ')}.`, name)
  return {name, text: decoded.text}
}

type Outcome = Omit<IndexEntry, 'command'>

/** What the source of the capture knows goes before what its index says. */
function outcomeOf(captured: CapturedDocument, entry: IndexEntry | undefined): Outcome {
  return {
    exitCode: captured.exitCode ?? entry?.exitCode ?? null,
    stderr: captured.stderr === '' ? (entry?.stderr ?? '') : captured.stderr,
    cut: captured.cut || entry?.cut === true,
    asRoot: captured.asRoot || entry?.asRoot === true,
  }
}

/** Commands whose tools are not on every node, or that ask for what not every node has. */
const OPTIONAL: ReadonlySet<RoleKind> = new Set<RoleKind>([
  'ipamd',
  'unread',
  'nft',
  'ipset',
  'conntrack',
  'rt-tables',
  'version',
])

function noteFailure(name: string, command: string | null, outcome: Outcome, role: Role, sink: DiagnosticSink): void {
  const said = outcome.stderr.trim().split('\n')[0] ?? ''
  const reason = said === '' ? '' : `: ${said}`
  const severity = OPTIONAL.has(role.kind) ? 'info' : 'warning'
  sink.add('COMMAND_FAILED', severity, `\`${command ?? name}\` ended with exit code ${outcome.exitCode}${reason}`, name)
}
