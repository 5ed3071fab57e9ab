import type {Capture, MemberFilter} from '../capture.js'
import {plainDocument} from '../capture.js'
import {InputError} from '../errors.js'
import type {Limits} from '../read/limits.js'
import {readText} from '../read/readText.js'
import {type ByteStream, capBytes, collectBytes, discard, peek} from './byteStream.js'
import {decompress} from './decompress.js'
import {MemberList} from './memberList.js'
import {readTar} from './readTar.js'
import {readZip} from './readZip.js'
import {salvageZip} from './salvageZip.js'
import {SNIFF_BYTES, sniffFormat} from './sniffFormat.js'

/** Archives inside of compressed files inside of archives … : three wrappers are seen in practice (.zip of a .tar.gz). */
const WRAPPERS = 4

export interface PackedSource {
  /** As the user named it. */
  readonly origin: string
  /** File name, without its folder. */
  readonly name: string
  readonly wanted: MemberFilter
  readonly limits: Limits
  /** The bytes come out of an xz stream, whose decoder is not free before its end. */
  readonly inXz?: boolean
}

/** Reads whatever a file or a pipe holds: an archive, a compressed text, the capture script's output, or one document. */
export async function readPacked(stream: ByteStream, source: PackedSource, wrappers = WRAPPERS): Promise<Capture> {
  const {origin, name, wanted, limits} = source
  const {head, whole} = await peek(stream, SNIFF_BYTES)
  const format = sniffFormat(head)
  if (wrappers === 0 || format === 'zstd') await discard(whole).catch(() => undefined)
  if (wrappers === 0) throw new InputError(`${origin}: archives within archives, too deep to be a capture.`)
  switch (format) {
    case 'gzip':
    case 'xz':
    case 'bzip2': {
      const inXz = source.inXz === true || format === 'xz'
      const packed = source.inXz === true && format === 'xz' ? await readWhole(whole, source) : whole
      const unpacked = capBytes(decompress(packed, format, limits), limits.unpackedBytes, origin)
      return readPacked(
        unpacked,
        {...source, inXz, name: name.replace(/\.(gz|xz|bz2)$/, '').replace(/\.(tgz|txz|tbz2?)$/, '.tar')},
        wrappers - 1,
      )
    }
    case 'tar': {
      const members = new MemberList(origin, withNested(wanted), limits)
      await readTar(capBytes(whole, limits.unpackedBytes, origin), members)
      return openNested(members, source, wrappers)
    }
    case 'zip': {
      const {bytes} = await collectBytes(capBytes(whole, limits.totalBytes, origin))
      const members = new MemberList(origin, withNested(wanted), limits)
      await readZip(bytes, members).catch((error: unknown) => {
        if (error instanceof InputError) throw error
        if (members.documents.length === 0 && salvageZip(bytes, members, limits, origin) > 0)
          return members.cutShort((error as Error).message)
        throw new InputError(`${origin}: the zip archive cannot be read: ${(error as Error).message}.`, {cause: error})
      })
      return openNested(members, source, wrappers)
    }
    case 'zstd':
      throw new InputError(`${origin} is compressed with zstd, which is not read here.`, {
        nextSteps: [`zstd -d ${name}`],
      })
    case null: {
      const {bytes, failure} = await collectBytes(capBytes(whole, limits.totalBytes, origin))
      if (failure !== null && bytes.length === 0) throw new InputError(`${origin} cannot be unpacked: ${failure}.`)
      return readText({...plainDocument(name, bytes), cut: failure !== null}, origin)
    }
  }
}

async function readWhole(stream: ByteStream, {origin, limits}: PackedSource): Promise<ByteStream> {
  const {bytes} = await collectBytes(capBytes(stream, limits.totalBytes, origin))
  return oneChunk(bytes)
}

const ARCHIVE = /\.(tar|tgz|txz|tbz2?|zip|tar\.(gz|xz|bz2))$/

function withNested(wanted: MemberFilter): MemberFilter {
  return (name, size) => ARCHIVE.test(name) || wanted(name, size)
}

/** An archive that holds but one archive is its wrapping; beside other documents an archive is none of the capture. */
async function openNested(members: MemberList, source: PackedSource, wrappers: number): Promise<Capture> {
  const {origin} = source
  const documents = members.documents.filter(({name}) => !ARCHIVE.test(name))
  const [nested, ...others] = members.documents.filter(({name}) => ARCHIVE.test(name))
  if (documents.length > 0 || nested === undefined || others.length > 0) {
    return {origin, hostname: null, capturedAt: null, documents, diagnostics: members.diagnostics}
  }
  const inner = await readPacked(oneChunk(nested.bytes), {...source, inXz: false, name: nested.name}, wrappers - 1)
  return {...inner, diagnostics: [...members.diagnostics, ...inner.diagnostics]}
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream of one chunk waits for nothing
async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
