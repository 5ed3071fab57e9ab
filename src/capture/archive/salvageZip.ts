import {constants, inflateRawSync} from 'node:zlib'
import type {Limits} from '../read/limits.js'
import {unpacksToMore} from './byteStream.js'
import type {MemberList} from './memberList.js'

/** Local file header (APPNOTE.TXT 4.3.7), up to the name. */
const HEADER = 30
const LOCAL = 0x04034b50
const DESCRIPTOR = 0x08074b50
const ENCRYPTED = 1
/** Sizes follow the content, in a descriptor. */
const STREAMED = 8
const STORED = 0
const DEFLATED = 8

/**
 * Reads a zip archive that lost its end, and with it its directory, from its beginning: member by member, as far as it goes.
 * @returns how many members there were
 * @throws InputError where they unpack to more than is allowed
 */
export function salvageZip(bytes: Buffer, members: MemberList, limits: Limits, origin: string): number {
  let count = 0
  let unpacked = 0
  for (let at = 0; at + HEADER <= bytes.length && bytes.readUInt32LE(at) === LOCAL; count++) {
    const flags = bytes.readUInt16LE(at + 6)
    const method = bytes.readUInt16LE(at + 8)
    const packed = bytes.readUInt32LE(at + 18)
    const name = at + HEADER
    const start = name + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
    const path = bytes.toString('utf8', name, name + bytes.readUInt16LE(at + 26))
    const streamed = (flags & STREAMED) !== 0 && packed === 0
    // how long a stored member is says only its header
    if ((flags & ENCRYPTED) !== 0 || start > bytes.length || (streamed && method !== DEFLATED)) break
    const content = readContent(bytes.subarray(start, streamed ? undefined : start + packed), method, limits.totalBytes)
    unpacked += content?.bytes.length ?? 0
    if (unpacked > limits.unpackedBytes) throw unpacksToMore(limits.unpackedBytes, origin)
    const cut = content === null || (streamed ? !content.whole : start + packed > bytes.length)
    const kept = members.admit({
      path,
      size: content?.bytes.length ?? 0,
      kind: path.endsWith('/') ? 'folder' : 'file',
    })
    if (kept !== null && content !== null) members.keep(kept, content.bytes, cut)
    if (cut) return count + 1
    at = start + (streamed ? content.used : packed)
    if ((flags & STREAMED) !== 0) at += descriptorSize(bytes, at)
  }
  return count
}

interface Content {
  readonly bytes: Buffer
  /** Bytes of the archive that it takes. */
  readonly used: number
  readonly whole: boolean
}

/** Null: packed in a way that is not read, or damaged from its beginning. */
function readContent(packed: Buffer, method: number, limit: number): Content | null {
  if (method === STORED) return {bytes: packed, used: packed.length, whole: true}
  if (method !== DEFLATED) return null
  const options = {finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limit, info: true}
  try {
    const {buffer, engine} = inflateRawSync(packed, options) as unknown as {
      buffer: Buffer
      engine: {bytesWritten: number}
    }
    return {bytes: buffer, used: engine.bytesWritten, whole: engine.bytesWritten < packed.length}
  } catch {
    return null
  }
}

/** 12 bytes, 16 with its signature. */
function descriptorSize(bytes: Buffer, at: number): number {
  return at + 4 <= bytes.length && bytes.readUInt32LE(at) === DESCRIPTOR ? 16 : 12
}
