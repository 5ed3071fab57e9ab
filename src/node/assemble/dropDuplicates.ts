import type {Evidence} from '../../model/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'

/** Leaves out records that stand twice, with one diagnostic for all of them: collectors append to the file of their last run. */
export function dropDuplicates<T extends Evidence>(
  records: readonly T[],
  keyOf: (record: T) => string,
  sink: DiagnosticSink,
): readonly T[] {
  const seen = new Map<string, T>()
  const dropped: T[] = []
  for (const record of records) {
    const key = keyOf(record)
    if (seen.has(key)) dropped.push(record)
    else seen.set(key, record)
  }
  const first = dropped[0]
  if (first === undefined) return records
  const {document, line} = first.source
  const rest = dropped.length === 1 ? '' : ` and ${dropped.length - 1} others`
  sink.add('DUPLICATE', 'info', `"${first.text.trim()}"${rest} stand twice: counted once.`, document, line)
  return [...seen.values()]
}
