import type {SysctlValue} from '../../model/index.js'
import {parseSysctl} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

/** All values of all listings; null where there is none. Of a key in two listings the first counts. */
export function readSysctl(
  documents: readonly NodeDocument[],
  sink: DiagnosticSink,
): ReadonlyMap<string, SysctlValue> | null {
  const values = new Map<string, SysctlValue>()
  for (const {source} of documentsOf(documents, 'sysctl')) {
    for (const [key, value] of sink.take(parseSysctl(source))) if (!values.has(key)) values.set(key, value)
  }
  return values.size === 0 ? null : values
}
