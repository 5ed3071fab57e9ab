import type {Evidence} from '../model/index.js'

/** Something that was worked out from the capture, why, and the lines that say so. */
export interface Claim<T> {
  readonly value: T
  /** In words, to follow "because of": `ipamd's RouteTableID`, `the rules of its pods`. */
  readonly basis: string
  readonly evidence: readonly Evidence[]
  /** False where it follows from a convention of the CNI, and no line of the capture says so. */
  readonly proven: boolean
}

export function proven<T>(value: T, basis: string, evidence: readonly Evidence[]): Claim<T> {
  return {value, basis, evidence, proven: true}
}

export function supposed<T>(value: T, basis: string, evidence: readonly Evidence[]): Claim<T> {
  return {value, basis, evidence, proven: false}
}
