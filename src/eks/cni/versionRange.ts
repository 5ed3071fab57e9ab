/** A version as three numbers; patch Infinity: the last of its minor. */
export type Version = readonly [major: number, minor: number, patch: number]

/** All versions from `min` to `max`, both included. */
export interface VersionRange {
  readonly min: Version
  readonly max: Version
}

const OPEN: Version = [Infinity, Infinity, Infinity]
const FIRST: Version = [1, 0, 0]

/**
 * `1.3 – 1.5` (all of 1.5), `1.20.3 – 1.21`, `1.22`, `≥ 1.12.6`, `≤ 1.16.1`.
 * @throws RangeError on anything else: ranges are written in this house, not read from a capture
 */
export function versionRange(text: string): VersionRange {
  const [, sign, low, high] = /^([≥≤]?) ?(\d+\.\d+(?:\.\d+)?)(?: – (\d+\.\d+(?:\.\d+)?))?$/.exec(text) ?? []
  if (low === undefined) throw new RangeError(`not a version range: ${text}`)
  if (sign === '≥') return {min: parseVersion(low, 0), max: OPEN}
  if (sign === '≤') return {min: FIRST, max: parseVersion(low, Infinity)}
  return {min: parseVersion(low, 0), max: parseVersion(high ?? low, Infinity)}
}

function parseVersion(text: string, patch: number): Version {
  const [major = 0, minor = 0, third = patch] = text.split('.').map(Number)
  return [major, minor, third]
}

/** Null where they have no version in common. */
export function intersect(a: VersionRange, b: VersionRange): VersionRange | null {
  const min = compareVersions(a.min, b.min) < 0 ? b.min : a.min
  const max = compareVersions(a.max, b.max) < 0 ? a.max : b.max
  return compareVersions(min, max) <= 0 ? {min, max} : null
}

export function compareVersions(a: Version, b: Version): number {
  for (const i of [0, 1, 2] as const) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1
  return 0
}

/** As `versionRange` reads it. */
export function formatRange({min, max}: VersionRange): string {
  const low = formatVersion(min, 0)
  if (max[0] === Infinity) return `≥ ${low}`
  const high = formatVersion(max, Infinity)
  if (compareVersions(min, FIRST) === 0) return `≤ ${high}`
  return low === high ? low : `${low} – ${high}`
}

/** @param implied the patch that goes without saying: 0 where a range begins, the last one where it ends */
function formatVersion([major, minor, patch]: Version, implied: number): string {
  return patch === implied ? `${major}.${minor}` : `${major}.${minor}.${patch}`
}
