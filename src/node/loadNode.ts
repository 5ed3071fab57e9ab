import {type Capture, readPath} from '../capture/index.js'
import type {NodeState} from '../model/index.js'
import {assembleNode} from './assemble/assembleNode.js'
import {readHostname} from './assemble/readHostname.js'
import {describeDocuments} from './describeDocuments.js'
import {DiagnosticSink} from './diagnosticSink.js'
import {nothingKnown} from './nothingKnown.js'
import {adoptOwnNamespace} from './ownNamespace.js'
import {readDocuments} from './readDocuments.js'
import type {RoleKind} from './recognise/role.js'
import {isWanted} from './wantedMember.js'

/**
 * Reads a capture: a folder or a file, or `sample:net410`.
 * @param whenRead told how many bytes its documents have, before they are parsed
 * @throws InputError where there is nothing to read or nothing in it is known
 */
export async function loadNode(from: string, whenRead?: (bytes: number) => void): Promise<NodeState> {
  const capture = await readPath(from, isWanted)
  whenRead?.(capture.documents.reduce((sum, {bytes}) => sum + bytes.length, 0))
  return nodeOf(capture)
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
  return {
    node: assembleNode(identity, adoptOwnNamespace(documents, sink), sink),
    layout: found?.layout.name ?? null,
    roles,
    ignored,
  }
}
