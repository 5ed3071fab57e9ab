import {type Capture, type CapturedDocument, decodeText} from '../capture/index.js'
import type {DiagnosticSink} from './diagnosticSink.js'
import {type FoundLayout, findLayout} from './layouts/index.js'
import {type CaptureIndex, commandAt, type IndexEntry} from './layouts/layout.js'
import {readDocument, type ReadText} from './readDocument.js'

export interface ReadCapture {
  readonly found: FoundLayout | null
  readonly index: CaptureIndex | null
  /** Documents with a role. None keeps the bytes of the capture where its text tells the same. */
  readonly documents: readonly ReadText[]
  /** Names of the documents that are none of these. */
  readonly ignored: readonly string[]
}

/** Decodes the documents of a capture and finds out what each is. Their names are paths below the layout's root. */
export function readDocuments(capture: Capture, sink: DiagnosticSink): ReadCapture {
  const found = findLayout(capture.documents.map(({name}) => name))
  const relative =
    found === null ? capture.documents : capture.documents.map(document => belowRoot(document, found.root))
  const isIndex = (path: string): boolean => found?.layout.index?.path.test(path) === true
  const index = readIndex(
    relative.find(({name}) => isIndex(name)),
    found,
  )
  for (const {document, text} of index?.lost ?? []) sink.add('TRUNCATED', 'error', text, document)
  const documents = relative
    .filter(({name}) => !isIndex(name))
    .flatMap(document => {
      const entry = index?.documents.get(document.name)
      const captured = describe(document, found, entry)
      const commandKnown = (document.command ?? entry?.command) != null || found?.layout.handNamed !== true
      return readDocument(captured, commandKnown && captured.command !== null, sink)
    })
  const known = new Set(documents.map(({contents}) => contents.name))
  const ignored = relative.map(({name}) => name).filter(name => !known.has(name) && !isIndex(name))
  return {found, index, documents, ignored}
}

function belowRoot(document: CapturedDocument, root: string): CapturedDocument {
  return document.name.startsWith(root) ? {...document, name: document.name.slice(root.length)} : document
}

function readIndex(document: CapturedDocument | undefined, found: FoundLayout | null): CaptureIndex | null {
  const text = document === undefined ? undefined : decodeText(document.bytes)?.text
  return text === undefined ? null : (found?.layout.index?.read(text) ?? null)
}

/** Adds what the index and the table of the layout say; what the source of the capture knows goes before it. */
function describe(
  document: CapturedDocument,
  found: FoundLayout | null,
  entry: IndexEntry | undefined,
): CapturedDocument {
  return {
    ...document,
    command: document.command ?? entry?.command ?? (found === null ? null : commandAt(found.layout, document.name)),
    exitCode: document.exitCode ?? entry?.exitCode ?? null,
    stderr: document.stderr === '' ? (entry?.stderr ?? '') : document.stderr,
    cut: document.cut || entry?.cut === true,
    asRoot: document.asRoot || entry?.asRoot === true || found?.layout.asRoot === true,
  }
}
