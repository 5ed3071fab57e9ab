import type {JsonFinding, Severity} from '../../model/index.js'

const NAMES: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
}

/** `1 error · 2 warnings`; `nothing found`. */
export function countSeverities(findings: readonly JsonFinding[]): string {
  const counts = (['error', 'warning', 'info'] as const).flatMap(severity => {
    const count = findings.filter(finding => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${NAMES[severity][count === 1 ? 0 : 1]}`]
  })
  return counts.length === 0 ? 'nothing found' : counts.join(' · ')
}
