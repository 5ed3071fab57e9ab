/** Caps on what one capture may hold; beyond them reading stops with an error, since half a state gives wrong answers. */
export interface Limits {
  /** Bytes kept of all documents together, unpacked. */
  readonly totalBytes: number
  /** Bytes unpacked, kept or not: what a decompression bomb runs into. */
  readonly unpackedBytes: number
  /** Documents kept. */
  readonly documents: number
  /** Entries of an archive or a folder, kept or not. */
  readonly members: number
  /** Levels of folders. */
  readonly depth: number
}

const MIB = 1 << 20

export const DEFAULT_LIMITS: Limits = {
  totalBytes: 256 * MIB,
  unpackedBytes: 4096 * MIB,
  documents: 5_000,
  members: 500_000,
  depth: 16,
}
