import {Readable} from 'node:stream'
import {createGunzip} from 'node:zlib'
import type {Limits} from '../read/limits.js'
import {bunzip2} from './bunzip2.js'
import type {ByteStream} from './byteStream.js'

export type Compression = 'gzip' | 'xz' | 'bzip2'

/** Unpacks a compressed stream. Fails where the data ends or is damaged, after it has given what came before. */
export function decompress(stream: ByteStream, compression: Compression, limits: Limits): ByteStream {
  switch (compression) {
    case 'gzip':
      return gunzip(stream)
    case 'xz':
      return unxz(stream)
    case 'bzip2':
      return bunzip2(stream, limits)
  }
}

/** Chunks of a MiB: with zlib's own 16 KiB, unpacking 80 MB spends its time in callbacks. */
function gunzip(stream: ByteStream): ByteStream {
  const packed = Readable.from(stream)
  const unpacked = createGunzip({chunkSize: 1 << 20})
  packed.on('error', error => unpacked.destroy(error))
  return packed.pipe(unpacked)
}

/** The decoder is one for the whole process and serves one stream at a time: it must be given back, however the reading ends. */
async function* unxz(stream: ByteStream): AsyncGenerator<Uint8Array> {
  const {default: xz} = await import('xz-decompress') // a WebAssembly module: loaded only where it is needed
  const iterator = stream[Symbol.asyncIterator]()
  const packed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
  })
  const reader = new xz.XzReadableStream(packed).getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } catch (error) {
    throw describeXz(error as Error)
  } finally {
    await reader.cancel().catch(() => undefined) // of one that failed: it has given the decoder back itself
  }
}

/** XZ_DATA_ERROR and the like, by enum xz_ret of xz-embedded; of data that just ends the decoder says what nobody understands. */
function describeXz(error: Error): Error {
  const code = /error code (\d)$/.exec(error.message)?.[1]
  if (code === '8' || error instanceof TypeError) return new Error('unexpected end of xz data', {cause: error})
  if (code === '3' || code === '4') return new Error('xz data that takes more memory than any capture', {cause: error})
  return code === undefined ? error : new Error('damaged xz data', {cause: error})
}
