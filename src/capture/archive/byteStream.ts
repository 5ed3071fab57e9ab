import {InputError} from '../errors.js'

/** Bytes as they come, of a file, a pipe or an unpacker. */
export type ByteStream = AsyncIterable<Uint8Array>

/** The first bytes of a stream, at least `length` of them where it has so many, and the whole stream again. */
export async function peek(stream: ByteStream, length: number): Promise<{head: Buffer; whole: ByteStream}> {
  const iterator = stream[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let size = 0
  let failure: {error: unknown} | null = null
  while (size < length) {
    try {
      const next = await iterator.next()
      if (next.done === true) break
      chunks.push(next.value)
      size += next.value.length
    } catch (error) {
      failure = {error} // whoever reads the whole stream meets it where it happened
      break
    }
  }
  return {head: Buffer.concat(chunks), whole: replay(chunks, failure, iterator)}
}

async function* replay(
  chunks: readonly Uint8Array[],
  failure: {error: unknown} | null,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
    if (failure !== null) throw failure.error
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.() // whoever reads no further closes what is behind it, too
  }
}

/** Closes a stream that nobody is going to read. */
export async function discard(stream: ByteStream): Promise<void> {
  for await (const _ of stream) break
}

/** The same stream, which fails when more than `limit` bytes come out of it. */
export async function* capBytes(stream: ByteStream, limit: number, origin: string): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > limit) throw unpacksToMore(limit, origin)
    yield chunk
  }
}

/** @param limit in bytes */
export function unpacksToMore(limit: number, origin: string): InputError {
  return new InputError(
    `${origin} unpacks to more than ${Math.floor(limit / (1 << 20))} MiB: no capture of one node is so large. Nothing of it is used.`,
  )
}

/** All bytes of a stream; where it fails on the way, those until then and why. */
export async function collectBytes(stream: ByteStream): Promise<{bytes: Buffer; failure: string | null}> {
  const chunks: Uint8Array[] = []
  let failure: string | null = null
  try {
    for await (const chunk of stream) chunks.push(chunk)
  } catch (error) {
    if (error instanceof InputError) throw error
    failure = (error as Error).message
  }
  return {bytes: Buffer.concat(chunks), failure}
}
