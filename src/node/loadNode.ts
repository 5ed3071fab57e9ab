import {type Capture, readPath} from '../capture/index.js'
import type {NodeState} from '../model/index.js'
import {assembleNode, type NodeIdentity} from './assemble/assembleNode.js'
import {readHostname} from './assemble/readHostname.js'
import {describeDocuments} from './describeDocuments.js'
import {DiagnosticSink} from './diagnosticSink.js'
import {nothingKnown} from './nothingKnown.js'
import {adoptOwnNamespace} from './ownNamespace.js'
import {type ReadCapture, readDocuments} from './readDocuments.js'
import type {RoleKind} from './recognise/role.js'
import {isWanted} from './wantedMember.js'

/**
 * Reads a capture: a folder or a file, or `sample:net410`.
 * @param whenRead told how many bytes its documents have, before they are parsed
 * @throws InputError where there is nothing to read or nothing in it is known
 */
export async function loadNode(from: string, whenRead?: (bytes: number) => void): Promise<NodeState> {
  return inspect(await readFrom(from, whenRead)).node
}

/** By itself, so that the bytes of the capture are gone when its texts are parsed. */
async function readFrom(from: string, whenRead?: (bytes: number) => void): Promise<Read> {
  const capture = await readPath(from, isWanted)
  whenRead?.(capture.documents.reduce((sum, {bytes}) => sum + bytes.length, 0))
  return read(capture)
}

/** The state of a node from documents that were read or collected. @throws InputError where none of them is known */
export function nodeOf(capture: Capture): NodeState {
  return inspect(read(capture)).node
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
  return inspect(await readFrom(from))
}

/** The texts of a capture, not parsed yet. */
interface Read extends Pick<ReadCapture, 'found' | 'documents' | 'ignored'> {
  readonly identity: NodeIdentity
  readonly sink: DiagnosticSink
}

function read(capture: Capture): Read {
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
  return {identity, found, documents, ignored, sink}
}

function inspect({identity, found, documents, ignored, sink}: Read): Inspection {
  const roles = new Map<string, RoleKind[]>()
  for (const {contents, role} of documents) roles.set(contents.name, [...(roles.get(contents.name) ?? []), role.kind])
  return {
    node: assembleNode(identity, adoptOwnNamespace(documents, sink), sink),
    layout: found?.layout.name ?? null,
    roles,
    ignored,
  }
}
