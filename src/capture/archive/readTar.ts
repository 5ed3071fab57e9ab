import {once} from 'node:events'
import {extract, type Header} from 'tar-stream'
import {InputError} from '../errors.js'
import type {ByteStream} from './byteStream.js'
import type {MemberHeader, MemberList} from './memberList.js'

interface Progress {
  /** The member that is being read. */
  open: {name: string; chunks: Uint8Array[]} | null
  /** Why the list of members wants no more. */
  refusal: Error | null
}

/** Reads a tar archive from front to end into the list. One that ends early or is damaged gives what came before. */
export async function readTar(stream: ByteStream, members: MemberList): Promise<void> {
  const progress: Progress = {open: null, refusal: null}
  const reader = openReader(members, progress)
  try {
    await feed(stream, reader)
  } catch (error) {
    if (error instanceof InputError) throw error
    if (progress.refusal !== null) throw progress.refusal
    const {open} = progress
    if (open !== null) members.keep(open.name, Buffer.concat(open.chunks), true)
    members.cutShort((error as Error).message)
  }
}

type Reader = ReturnType<typeof extract>

function openReader(members: MemberList, progress: Progress): Reader {
  const reader = extract()
  reader.on('error', () => undefined) // met by whoever feeds it
  reader.on('entry', (header, entry, next) => {
    entry.on('error', () => undefined) // told by the reader, too
    try {
      const name = members.admit(headerOf(header))
      progress.open = name === null ? null : {name, chunks: []}
    } catch (error) {
      progress.refusal = error as Error
      reader.destroy(progress.refusal)
      return
    }
    const {open} = progress
    entry.on('data', chunk => open?.chunks.push(chunk as Uint8Array))
    entry.on('end', () => {
      if (open !== null) members.keep(open.name, Buffer.concat(open.chunks), false)
      progress.open = null
      next()
    })
  })
  return reader
}

async function feed(stream: ByteStream, reader: Reader): Promise<void> {
  const finished = once(reader, 'finish')
  finished.catch(() => undefined) // met where it is awaited, or the stream's own failure goes before it
  for await (const chunk of stream) {
    if (!reader.write(chunk)) await Promise.race([once(reader, 'drain'), finished])
    if (reader.destroyed) break
  }
  reader.end(null)
  await finished
}

function headerOf({name, size, type}: Header): MemberHeader {
  return {path: name, size, kind: KINDS[type]}
}

const KINDS: Readonly<Record<Header['type'], MemberHeader['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  link: 'link',
  symlink: 'link',
  'block-device': 'other',
  'character-device': 'other',
  fifo: 'other',
}
