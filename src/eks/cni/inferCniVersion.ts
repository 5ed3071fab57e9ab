import type {NodeState} from '../../model/index.js'
import {type Claim, proven} from '../claim.js'
import {findMarkers, type Marker} from './markers.js'
import {compareVersions, formatRange, intersect, type VersionRange, versionRange} from './versionRange.js'

const ANY = versionRange('≥ 1.0')

export interface CniVersion {
  /** Null where the traces contradict each other: those of an earlier version were left behind. */
  readonly range: VersionRange | null
  /** `1.2 – 1.2.1`; with contradicting traces `1.3 – 1.7 or ≥ 1.20`. */
  readonly text: string
  /** The traces that decide it, of each kind one. */
  readonly markers: readonly Marker[]
}

/** Which versions of the VPC CNI can have left this state; null where it left no trace. */
export function inferCniVersion(state: NodeState): Claim<CniVersion> | null {
  const markers = firstOfEach(findMarkers(state))
  if (markers.length === 0) return null
  const range = markers
    .map(({versions}) => versionRange(versions))
    .reduce<VersionRange | null>((common, next) => common && intersect(common, next), ANY)
  if (range !== null) {
    const deciding = markers.filter(({versions}) => decides(versionRange(versions), range))
    return proven({range, text: formatRange(range), markers: deciding}, 'the traces it left', evidenceOf(deciding))
  }
  const text = markers.map(({versions}) => versions).join(' or ')
  return proven({range, text, markers}, 'traces of more than one version', evidenceOf(markers))
}

/** A rule of each kind is enough as evidence. */
function firstOfEach(markers: Iterable<Marker>): Marker[] {
  const first = new Map<string, Marker>()
  for (const marker of markers) if (!first.has(marker.versions)) first.set(marker.versions, marker)
  return [...first.values()]
}

/** True where the result would be wider without this marker's bound. */
function decides(marker: VersionRange, result: VersionRange): boolean {
  const bounds = (end: 'min' | 'max'): boolean =>
    compareVersions(marker[end], ANY[end]) !== 0 && compareVersions(marker[end], result[end]) === 0
  return bounds('min') || bounds('max')
}

function evidenceOf(markers: readonly Marker[]): Marker['evidence'][] {
  return markers.map(({evidence}) => evidence)
}
