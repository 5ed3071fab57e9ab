import {fstatSync, type Stats, statSync, writeSync} from 'node:fs'
import type {Terminal} from './pageWidth.js'
import {standardStream} from './standardStream.js'
import {writeBytes} from './writeOutput.js'

const DESCRIPTOR = 1

/**
 * Where an answer goes without --output. A file, a pipe and /dev/null are written to as they are: to set up `process.stdout` takes Node
 * longer than to write an answer.
 */
export class StandardOutput {
  readonly #bare: boolean

  /** @param owned nobody else in this process writes to process.stdout, or listens to it */
  constructor(owned: boolean) {
    this.#bare = owned && process.platform !== 'win32' && isBare(fstatSync(DESCRIPTOR))
  }

  get terminal(): Terminal {
    return this.#bare ? {} : process.stdout
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text)
    const written = this.#bare ? writeReady(bytes) : 0
    if (written < bytes.length) await writeBytes(standardStream(), bytes.subarray(written))
  }
}

function isBare(stats: Stats): boolean {
  return stats.isFile() || stats.isFIFO() || stats.rdev === statSync('/dev/null').rdev
}

/** @returns how many bytes were written: not all where the reader is slow and whoever made the pipe does not let writers wait */
function writeReady(bytes: Uint8Array): number {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(DESCRIPTOR, bytes, written)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
  }
  return written
}
