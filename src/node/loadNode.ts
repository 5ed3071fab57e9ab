import {createHash} from 'node:crypto'
import {type Capture, type CapturedDocument, decodeText, InputError, readPath} from '../capture/index.js'
import type {CaptureDocument, NodeState} from '../model/index.js'
import {assembleNode} from './assemble/assembleNode.js'
import {readHostname} from './assemble/readHostname.js'
import {DiagnosticSink} from './diagnosticSink.js'
import {type ReadCapture, readDocuments} from './readDocuments.js'
import type {RoleKind} from './recognise/role.js'
import {isWanted} from './wantedMember.js'

/**
 * Reads a capture: a folder or a file, or `sample:net410`.
 * @throws InputError where there is nothing to read or nothing in it is known
 */
export async function loadNode(from: string): Promise<NodeState> {
  return nodeOf(await readPath(from, isWanted))
}

/** The state of a node from documents that were read or collected. @throws InputError where none of them is known */
export function nodeOf(capture: Capture): NodeState {
  return inspect(capture).node
}

/** A capture, and what was made of it. */
export interface Inspection {
  readonly node: NodeState
  /** Name of the layout: `eks-log-collector`, `sos report` …; null: files somehow named. */
  readonly layout: string | null
  /** What each document was taken for, in the order of the capture; several where it holds several outputs. */
  readonly roles: ReadonlyMap<string, readonly RoleKind[]>
  /** Files that were looked at and are no output that is known. */
  readonly ignored: readonly string[]
}

/** Reads a capture, as loadNode does, and tells what each file was taken for. @throws InputError */
export async function inspectNode(from: string): Promise<Inspection> {
  return inspect(await readPath(from, isWanted))
}

function inspect(capture: Capture): Inspection {
  const sink = new DiagnosticSink(capture.diagnostics)
  const {found, index, documents, ignored} = readDocuments(capture, sink)
  if (documents.length === 0) throw nothingKnown(capture)
  const named = found?.layout.identify?.(found.root, capture.origin)
  const identity = {
    origin: capture.origin,
    hostname: capture.hostname ?? index?.hostname ?? named?.hostname ?? readHostname(documents),
    capturedAt: capture.capturedAt ?? index?.capturedAt ?? named?.capturedAt ?? null,
    documents: describeDocuments(documents),
  }
  const roles = new Map<string, RoleKind[]>()
  for (const {captured, role} of documents) roles.set(captured.name, [...(roles.get(captured.name) ?? []), role.kind])
  return {node: assembleNode(identity, documents, sink), layout: found?.layout.name ?? null, roles, ignored}
}

/** One entry for each captured document, however many texts were found in it. */
function describeDocuments(documents: ReadCapture['documents']): CaptureDocument[] {
  const commands = new Map(documents.map(({captured, command}) => [captured, command]))
  return [...commands].map(([captured, command]) => describeDocument(captured, command))
}

/** The digest of a large document takes time and most answers do not show it. */
function describeDocument({name, bytes}: CapturedDocument, command: string | null): CaptureDocument {
  let digest: string | undefined
  return {
    name,
    command,
    get sha256() {
      return (digest ??= createHash('sha256').update(bytes).digest('hex'))
    },
    bytes: bytes.length,
  }
}

/** `: it begins with "sudo: a password is required"` */
function firstLine(document: CapturedDocument | undefined): string {
  const text = document === undefined ? null : (decodeText(document.bytes)?.text ?? null)
  if (text === null) return ': it is no text'
  return `: it begins with ${JSON.stringify(text.trim().split('\n')[0]?.slice(0, 80) ?? '')}`
}

function nothingKnown({origin, documents}: Capture): InputError {
  const [first] = documents
  const held =
    documents.length === 0
      ? 'is empty'
      : documents.length > 1
        ? `has ${documents.length} files, none of which holds the output of a command that is known`
        : first?.bytes.length === 0
          ? 'is empty'
          : `does not hold the output of a command that is known${firstLine(first)}`
  return new InputError(
    `${origin} ${held}: expected \`ip rule\`, \`ip route show table all\`, \`iptables-save\` and the like, one file a command.`,
    {
      nextSteps: [
        '`ekspath capture -o node.tar.gz` on the node makes a capture.',
        '`--from sample:net410` is a bundled one.',
      ],
    },
  )
}
