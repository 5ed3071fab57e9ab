import {documentsOf, type NodeDocument} from '../nodeDocument.js'

/** From `uname -n`, `uname -a` or /etc/hostname; null where none of them is there. */
export function readHostname(documents: readonly NodeDocument[]): string | null {
  for (const {source} of documentsOf(documents, 'hostname')) {
    const words = source.text.trim().split(/\s+/)
    const name = words[0] === 'Linux' && words.length > 2 ? words[1] : words[0] // Linux HOST 6.1.0-…
    if (name !== undefined && /^[\w.-]+$/.test(name)) return name
  }
  return null
}
