import type {CaptureIndex, IndexEntry} from './layout.js'
import {objectsIn, parseObject, stringOr} from './readJson.js'

/** `sos_reports/manifest.json` (sos 4.0 and later): which command wrote which file, and how it ended. stderr is in the file itself. */
export function readSosManifest(text: string): CaptureIndex | null {
  const manifest = parseObject(text)
  const plugins = objectsIn(objectsIn(objectsIn(manifest?.['components'])['report'])['plugins'])
  const documents = new Map<string, IndexEntry>()
  for (const plugin of Object.values(plugins)) {
    const commands = objectsIn(plugin)['commands']
    for (const command of Array.isArray(commands) ? commands : []) {
      const {filepath, exec, return_code: code, truncated} = objectsIn(command)
      const path = stringOr(filepath)
      if (path === null) continue
      const exitCode = typeof code === 'number' ? code : null
      documents.set(path, {command: stringOr(exec), exitCode, stderr: '', cut: truncated === true, asRoot: true})
    }
  }
  if (documents.size === 0) return null
  // 2026-11-20 19:47:21.504970, the node's local time
  const began = stringOr(manifest?.['start_time'])?.replace(' ', 'T').replace(/\..*$/, '') ?? null
  return {hostname: null, capturedAt: began, documents}
}
