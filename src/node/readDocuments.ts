import {type Capture, type CapturedDocument, decodeText} from '../capture/index.js'
import type {DiagnosticSink} from './diagnosticSink.js'
import {type CaptureIndex, commandAt, type IndexEntry} from './layouts/layout.js'
import {type FoundLayout, findLayout} from './layouts/index.js'
import type {NodeDocument} from './nodeDocument.js'
import {emptyMeans, whyEmpty} from './recognise/emptyMeans.js'
import {reconcileRole} from './recognise/reconcileRole.js'
import type {CommandRole} from './recognise/role.js'
import {roleOfCommand} from './recognise/roleOfCommand.js'
import {roleOfName} from './recognise/roleOfName.js'
import {roleOfText} from './recognise/roleOfText.js'

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
  const documents = capture.documents.flatMap(captured => readDocument(captured, found, index, sink) ?? [])
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
): ReadCapture['documents'][number] | null {
  const {name} = captured
  const path = found !== null && name.startsWith(found.root) ? name.slice(found.root.length) : name
  if (found?.layout.index?.path.test(path) === true) return null
  const entry = index?.documents.get(path)
  const command = captured.command ?? entry?.command ?? (found === null ? null : commandAt(found.layout, path))
  const named = (command === null ? null : roleOfCommand(command)) ?? roleOfName(path)
  const source = readSource(captured, named, sink)
  if (source === null) return null
  const reconciled = reconcileRole(named?.role ?? null, roleOfText(source.text))
  if (reconciled === null) return null
  if (reconciled.contradicted !== null) {
    const {contradicted, role} = reconciled
    sink.add(
      'UNRECOGNISED_DOCUMENT',
      'warning',
      `Named as ${contradicted.kind}, but it holds ${role.kind}: read as what it holds.`,
      name,
    )
  }
  const {exitCode, stderr, cut} = {...entry, ...known(captured, entry)}
  if (exitCode !== null && exitCode !== 0) noteFailure(name, command, exitCode, stderr, sink)
  if (source.text.trim() === '' && (emptyMeans(reconciled.role) === 'unknown' || (exitCode ?? 0) !== 0)) {
    sink.add('EMPTY_DOCUMENT', 'warning', `Nothing in it. ${whyEmpty(reconciled.role)}`, name)
    // that a save printed nothing is worth knowing: the answer may say what follows if there are no rules
    if (reconciled.role.kind !== 'iptables' || (exitCode ?? 0) !== 0) return null
  }
  return {source, role: reconciled.role, namespace: named?.namespace ?? null, command, exitCode, stderr, cut, captured}
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

/** What the source of the capture knows goes before what its index says. */
function known(captured: CapturedDocument, entry: IndexEntry | undefined): Omit<IndexEntry, 'command'> {
  return {
    exitCode: captured.exitCode ?? entry?.exitCode ?? null,
    stderr: captured.stderr === '' ? (entry?.stderr ?? '') : captured.stderr,
    cut: captured.cut || entry?.cut === true,
  }
}

function noteFailure(
  name: string,
  command: string | null,
  exitCode: number,
  stderr: string,
  sink: DiagnosticSink,
): void {
  const said = stderr.trim().split('\n')[0] ?? ''
  const reason = said === '' ? '' : `: ${said}`
  sink.add('COMMAND_FAILED', 'warning', `\`${command ?? name}\` ended with exit code ${exitCode}${reason}.`, name)
}
