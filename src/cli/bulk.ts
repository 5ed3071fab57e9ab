import {createReadStream} from 'node:fs'
import {StringDecoder} from 'node:string_decoder'
import {UsageError} from './usageError.js'
import type {ByteText} from '../render/index.js'
import {writeBytes} from './writeOutput.js'

/** Answers are written in pieces of about this many characters. */
const BUFFER = 1 << 17
/** Bytes read at a time. */
const READ_SIZE = 1 << 20

/**
 * Answers each line of the input with a line, in order. Blank lines are skipped.
 * @param answer one line's answer, without a line end; must not throw
 * @returns how many lines were answered
 */
export async function answerLines(
  input: AsyncIterable<Buffer | string>,
  output: NodeJS.WritableStream,
  answer: (line: string) => ByteText,
): Promise<number> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let buffer = ''
  let answered = 0
  const take = (line: string) => {
    if (line.trim() === '') return
    buffer += `${answer(line)}\n`
    answered++
  }
  for await (const chunk of input) {
    rest += typeof chunk === 'string' ? chunk : decoder.write(chunk)
    let from = 0
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', from)) {
      take(rest.slice(from, end))
      from = end + 1
      if (buffer.length < BUFFER) continue
      await writeBytes(output, buffer as ByteText)
      buffer = ''
    }
    rest = rest.slice(from)
  }
  take(rest + decoder.end())
  if (buffer !== '') await writeBytes(output, buffer as ByteText)
  return answered
}

/**
 * @param file path, or `-` for standard input
 * @throws UsageError while reading, where the file cannot be read
 */
export async function* openLines(file: string): AsyncGenerator<Buffer> {
  try {
    yield* file === '-' ? process.stdin : createReadStream(file, {highWaterMark: READ_SIZE})
  } catch (error) {
    throw new UsageError(
      `--flows ${file} cannot be read: ${(error as Error).message}. Give a file with one JSON flow a line, or - for standard input.`,
    )
  }
}
