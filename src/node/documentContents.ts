import {createHash} from 'node:crypto'

/** What a document is known by when its bytes are gone. */
export interface DocumentContents {
  readonly name: string
  readonly bytes: number
  /** Hex digest of the raw bytes: of a large document it takes time, and most answers do not show it. */
  readonly sha256: string
}

/**
 * Keeps of a document what its digest is made of: the text, which parsers keep anyway, where its bytes are those of the text.
 * @param text what was decoded without any repair; null: bytes alone tell
 */
export function contentsOf(name: string, bytes: Uint8Array, text: string | null): DocumentContents {
  const raw = text !== null && Buffer.byteLength(text) === bytes.length ? text : bytes
  let digest: string | undefined
  return {
    name,
    bytes: bytes.length,
    get sha256() {
      return (digest ??= createHash('sha256').update(raw).digest('hex'))
    },
  }
}
