import {createReadStream, type Stats, statSync} from 'node:fs'
import path from 'node:path'
import type {ByteStream} from '../archive/byteStream.js'
import type {PackedSource} from '../archive/readPacked.js'
import type {Capture, MemberFilter} from '../capture.js'
import {EkspathError, InputError} from '../errors.js'
import {DEFAULT_LIMITS, type Limits} from './limits.js'
import {readFolder} from './readFolder.js'
import {findSample} from './samples.js'

/** How much of a file is read at a time. */
const CHUNK = 1 << 20

/**
 * Reads a capture by what the user typed: a folder, a file, an archive, `-` for standard input, or `sample:NAME`.
 * @throws InputError
 */
export async function readPath(from: string, wanted: MemberFilter, limits: Limits = DEFAULT_LIMITS): Promise<Capture> {
  try {
    if (from === '-') return await readPacked(process.stdin, {origin: '-', name: 'stdin', wanted, limits})
    const place = findSample(from) ?? from
    const stats = statSync(place)
    if (stats.isDirectory()) return {...readFolder(place, wanted, limits), origin: from}
    refuseDevice(from, stats)
    const stream = createReadStream(place, {highWaterMark: CHUNK})
    return await readPacked(stream, {origin: from, name: path.basename(place), wanted, limits})
  } catch (error) {
    throw error instanceof EkspathError ? error : unreadable(from, error)
  }
}

/** Loaded only where it is needed: a folder is read without zlib, tar-stream and yauzl. */
async function readPacked(stream: ByteStream, source: PackedSource): Promise<Capture> {
  const packed = await import('../archive/readPacked.js')
  return packed.readPacked(stream, source)
}

function refuseDevice(from: string, stats: Stats): void {
  if (stats.isFile() || stats.isFIFO()) return
  throw new InputError(`${from} is neither a file nor a folder: a device or a socket is not opened.`)
}

function unreadable(from: string, error: unknown): Error {
  const code = (error as NodeJS.ErrnoException).code
  if (code === undefined) return error as Error
  const said = code === 'ENOENT' ? 'does not exist' : code === 'EACCES' ? 'may not be read' : `cannot be read (${code})`
  return new InputError(`${from} ${said}: expected a folder, an archive or a file with captured command output.`, {
    nextSteps: ['`ekspath capture -o node.tar.gz` on the node makes one.', '`--from sample:net410` is a bundled one.'],
    cause: error,
  })
}
