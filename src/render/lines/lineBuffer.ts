/** Methods of Node's Buffer that its types leave out: Buffer.write() chooses among them by the name of an encoding. */
interface Utf8Buffer extends Buffer {
  utf8Write(text: string, offset: number): number
}

/** UTF-8 takes no more than this for a unit of a JavaScript string. */
const MOST_BYTES = 3

/** Lines as bytes of UTF-8, one behind the other, until somebody takes them. */
export class LineBuffer {
  #bytes: Utf8Buffer
  #at = 0

  /** @param size in bytes, as which it begins; grows where what is added needs more */
  constructor(size: number) {
    this.#bytes = allocate(size)
  }

  /** In bytes. */
  get length(): number {
    return this.#at
  }

  text(text: string): void {
    this.#reserve(text.length * MOST_BYTES)
    this.#at += this.#bytes.utf8Write(text, this.#at)
  }

  /** UTF-8 that is there already. */
  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** What was added since the last time. Overwritten by what is added next, unless `renew` was called. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#at)
    this.#at = 0
    return taken
  }

  /** Goes on with memory of its own: what was taken stays as it is. */
  renew(): void {
    this.#bytes = allocate(this.#bytes.length)
  }

  #reserve(length: number): void {
    const wanted = this.#at + length
    if (wanted <= this.#bytes.length) return
    const larger = allocate(Math.max(wanted, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
}

function allocate(size: number): Utf8Buffer {
  return Buffer.allocUnsafeSlow(size) as Utf8Buffer
}
