import type {JsonFinding, Severity} from '../model/index.js'

/** Worst first. */
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

/** @param mildest severity that counts, or `never` */
export function failsAudit(mildest: string): (finding: JsonFinding) => boolean {
  const limit = SEVERITIES.findIndex(severity => severity === mildest)
  return ({severity}) => SEVERITIES.indexOf(severity) <= limit
}
