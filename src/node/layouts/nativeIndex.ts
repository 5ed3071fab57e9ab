import type {CaptureIndex, IndexEntry} from './layout.js'
import {objectsIn, parseObject, stringOr} from './readJson.js'

/** `capture.json`: every key but `commands` may be missing. @returns null where it is none */
export function readNativeIndex(text: string): CaptureIndex | null {
  const index = parseObject(text)
  const commands = index?.['commands']
  if (index === null || !Array.isArray(commands)) return null
  const documents = new Map<string, IndexEntry>()
  for (const entry of commands.map(objectsIn)) {
    const document = stringOr(entry['document'])
    if (document === null) continue
    const command = stringOr(entry['command'])
    documents.set(document, {
      command,
      exitCode: typeof entry['exitCode'] === 'number' ? entry['exitCode'] : null,
      stderr: stringOr(entry['stderr']) ?? '',
      cut: entry['cut'] === true,
      asRoot: entry['root'] === true,
    })
  }
  const lost = Array.isArray(index['lost']) ? index['lost'].map(objectsIn) : []
  return {
    hostname: stringOr(index['host']),
    capturedAt: stringOr(index['capturedAt']),
    documents,
    lost: lost.map(({document, text: said}) => ({document: stringOr(document), text: stringOr(said) ?? ''})),
  }
}
