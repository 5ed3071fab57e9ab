import type {CaptureDocument} from '../model/index.js'
import type {ReadText} from './readDocument.js'

/** One entry for each captured document, however many texts were found in it. */
export function describeDocuments(documents: readonly ReadText[]): CaptureDocument[] {
  const commands = new Map(documents.map(({contents, command}) => [contents, command]))
  return [...commands].map(([contents, command]) => ({
    name: contents.name,
    command,
    get sha256() {
      return contents.sha256
    },
    bytes: contents.bytes,
  }))
}
