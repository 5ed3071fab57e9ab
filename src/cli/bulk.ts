import {createReadStream} from 'node:fs'
import type {Writable} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'
import {UsageError} from './usageError.js'
import {LineBuffer} from '../render/index.js'
import {keepsNothing, writeBytes} from './writeOutput.js'

/** Answers are written in pieces of about this many bytes. */
const PIECE = 1 << 17
/** Bytes read at a time. */
const READ_SIZE = 1 << 20

/**
 * Answers each line of the input with a line, in order. Blank lines are skipped.
 * @param makeAnswer given what answers go to: adds one line's answer, with its line end; must not throw
 * @returns how many lines were answered
 */
export async function answerLines(
  input: AsyncIterable<Buffer | string>,
  output: Writable,
  makeAnswer: (lines: LineBuffer) => (line: string) => void,
): Promise<number> {
  const decoder = new StringDecoder('utf8')
  const lines = new LineBuffer(2 * PIECE)
  const answer = makeAnswer(lines)
  let rest = ''
  let answered = 0
  const take = (line: string) => {
    if (line.trim() === '') return
    answer(line)
    answered++
  }
  for await (const chunk of input) {
    rest += typeof chunk === 'string' ? chunk : decoder.write(chunk)
    let from = 0
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', from)) {
      take(rest.slice(from, end))
      from = end + 1
      if (lines.length >= PIECE) await writeLines(output, lines)
    }
    rest = rest.slice(from)
  }
  take(rest + decoder.end())
  if (lines.length > 0) await writeLines(output, lines)
  return answered
}

async function writeLines(output: Writable, lines: LineBuffer): Promise<void> {
  await writeBytes(output, lines.take())
  if (!keepsNothing(output)) lines.renew()
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
