import {DEFAULT_LIMITS} from '../read/limits.js'

/** Collects output up to a limit. */
export class OutputBuffer {
  readonly #chunks: Buffer[] = []
  readonly #limit: number
  #length = 0

  /** @param limit in bytes; null: what all documents together may have */
  constructor(limit: number | null) {
    this.#limit = limit ?? DEFAULT_LIMITS.totalBytes
  }

  get full(): boolean {
    return this.#length >= this.#limit
  }

  /** @returns false where the limit is reached: nothing more will be kept */
  add(chunk: Buffer): boolean {
    const room = this.#limit - this.#length
    if (room <= 0) return false
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk
    this.#chunks.push(kept)
    this.#length += kept.length
    return !this.full
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}
