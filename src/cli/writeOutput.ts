import {once} from 'node:events'
import {writeFile} from 'node:fs/promises'
import {UsageError} from './usageError.js'

/**
 * Writes the answer.
 * @param file null: standard output
 * @throws UsageError where the file cannot be written
 */
export async function writeOutput(text: string, file: string | null): Promise<void> {
  if (file === null) return writeStream(process.stdout, text)
  try {
    await writeFile(file, text)
  } catch (error) {
    throw new UsageError(
      `--output ${file} cannot be written: ${(error as Error).message}. Give a file in a folder that exists and is yours.`,
    )
  }
}

/** Waits where the reader is slow, so that nothing piles up in memory. */
export async function writeStream(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain')
}
