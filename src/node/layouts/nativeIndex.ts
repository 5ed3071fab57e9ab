import type {CaptureIndex, IndexEntry} from './layout.js'

/** `capture.json`: every key but `commands` may be missing. @returns null where it is none */
export function readNativeIndex(text: string): CaptureIndex | null {
  const index = parseObject(text)
  const commands = index?.['commands']
  if (index === null || !Array.isArray(commands)) return null
  const documents = new Map<string, IndexEntry>()
  for (const command of commands as unknown[]) {
    if (typeof command !== 'object' || command === null) continue
    const entry = command as Record<string, unknown>
    if (typeof entry['document'] !== 'string') continue
    documents.set(entry['document'], {
      command: stringOr(entry['command']),
      exitCode: typeof entry['exitCode'] === 'number' ? entry['exitCode'] : null,
      stderr: stringOr(entry['stderr']) ?? '',
      cut: entry['cut'] === true,
      asRoot: index['uid'] === 0 || stringOr(entry['command'])?.startsWith('sudo ') === true,
    })
  }
  return {hostname: stringOr(index['host']), capturedAt: stringOr(index['capturedAt']), documents}
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function stringOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
