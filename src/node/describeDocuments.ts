import {createHash} from 'node:crypto'
import type {CapturedDocument} from '../capture/index.js'
import type {CaptureDocument} from '../model/index.js'
import type {ReadCapture} from './readDocuments.js'

/** One entry for each captured document, however many texts were found in it. */
export function describeDocuments(documents: ReadCapture['documents']): CaptureDocument[] {
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
