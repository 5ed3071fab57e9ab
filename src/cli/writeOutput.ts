import {once} from 'node:events'
import {createWriteStream} from 'node:fs'
import {finished} from 'node:stream/promises'
import type {ByteText} from '../render/index.js'
import {UsageError} from './usageError.js'

/**
 * Hands out where the answer goes, and waits until it is there.
 * @param file undefined: standard output
 * @throws UsageError where the file cannot be written
 */
export async function withOutput<T>(
  file: string | undefined,
  write: (output: NodeJS.WritableStream) => Promise<T>,
): Promise<T> {
  if (file === undefined) return write(process.stdout)
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
export async function writeText(output: NodeJS.WritableStream, text: string): Promise<void> {
  if (!output.write(text)) await once(output, 'drain')
}

/** The same for UTF-8 that is encoded already. */
export async function writeBytes(output: NodeJS.WritableStream, text: ByteText): Promise<void> {
  if (!output.write(Buffer.from(text, 'latin1'))) await once(output, 'drain')
}
