import {once} from 'node:events'
import {createWriteStream, WriteStream} from 'node:fs'
import type {Writable} from 'node:stream'
import {finished} from 'node:stream/promises'
import {standardStream} from './standardStream.js'
import {UsageError} from './usageError.js'

/**
 * Hands out where the answer goes, and waits until it is there.
 * @param file undefined: standard output
 * @throws UsageError where the file cannot be written
 */
export async function withOutput<T>(file: string | undefined, write: (output: Writable) => Promise<T>): Promise<T> {
  if (file === undefined) return write(standardStream())
  const output = createWriteStream(file)
  try {
    await once(output, 'open')
    const result = await write(output)
    output.end()
    await finished(output)
    return result
  } catch (error) {
    if ((error as NodeJS.ErrnoException).path !== file) throw error
    throw new UsageError(
      `--output ${file} cannot be written: ${(error as Error).message}. Give a file in a folder that exists and is yours.`,
    )
  }
}

/** Waits where the reader is slow, so that nothing piles up in memory. */
export async function writeText(output: Writable, text: string): Promise<void> {
  if (!output.write(text)) await once(output, 'drain')
}

/** The same for UTF-8 that is encoded already. */
export async function writeBytes(output: Writable, bytes: Uint8Array): Promise<void> {
  if (!output.write(bytes)) await once(output, 'drain')
}

/** True where bytes that were given to a stream are with the kernel, and their memory may be used again. A stream of another kind may hand the very bytes on. */
export function keepsNothing(output: Writable): boolean {
  return output.writableLength === 0 && (output === process.stdout || output instanceof WriteStream)
}
