import type {Limits} from '../read/limits.js'
import {type ByteStream, collectBytes} from './byteStream.js'
import {InputError} from '../errors.js'

const CHUNK = 1 << 20

/** bzip2 is decoded in one go, since its decoder is synchronous: no more is unpacked than documents may be large. */
export async function* bunzip2(stream: ByteStream, limits: Limits): AsyncGenerator<Uint8Array> {
  const {default: bunzip} = await import('seek-bzip')
  const {bytes, failure} = await collectBytes(stream)
  const output = new ByteSink(limits.totalBytes)
  let damage: Error | null = failure === null ? null : new Error(failure)
  try {
    bunzip.decode(bytes, output)
  } catch (error) {
    if (error instanceof InputError) throw error
    damage ??= error as Error
  }
  yield* output.chunks()
  if (damage !== null) throw damage
}

/** What the decoder writes to, a byte at a time. */
class ByteSink {
  readonly #full: Buffer[] = []
  readonly #limit: number
  #chunk = Buffer.allocUnsafe(CHUNK)
  #at = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  writeByte(byte: number): void {
    if (this.#at === CHUNK) {
      this.#full.push(this.#chunk)
      if (this.#full.length * CHUNK >= this.#limit) {
        throw new InputError(
          `bzip2 data that unpacks to more than ${this.#limit >> 20} MiB: no capture of one node is so large.`,
        )
      }
      this.#chunk = Buffer.allocUnsafe(CHUNK)
      this.#at = 0
    }
    this.#chunk[this.#at++] = byte
  }

  chunks(): Buffer[] {
    return [...this.#full, this.#chunk.subarray(0, this.#at)]
  }
}
