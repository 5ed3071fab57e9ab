import {once} from 'node:events'
import {extract, type Header} from 'tar-stream'
import {InputError} from '../errors.js'
import type {ByteStream} from './byteStream.js'
import type {MemberHeader, MemberList} from './memberList.js'

/** Reads a tar archive from front to end into the list. One that ends early or is damaged gives what came before. */
export async function readTar(stream: ByteStream, members: MemberList): Promise<void> {
  const reader = extract()
  let open: {name: string; chunks: Uint8Array[]} | null = null
  let refusal: unknown = null
  reader.on('entry', (header, entry, next) => {
    try {
      const name = members.admit(headerOf(header))
      open = name === null ? null : {name, chunks: []}
    } catch (error) {
      refusal = error
      reader.destroy()
      return
    }
    const current = open
    entry.on('data', chunk => current?.chunks.push(chunk as Uint8Array))
    entry.on('end', () => {
      if (current !== null) members.keep(current.name, Buffer.concat(current.chunks), false)
      open = null
      next()
    })
    entry.on('error', () => undefined) // told by the reader, too
  })
  try {
    await feed(stream, reader)
  } catch (error) {
    if (error instanceof InputError) throw error
    if (refusal === null) {
      const pending = open as {name: string; chunks: Uint8Array[]} | null
      if (pending !== null) members.keep(pending.name, Buffer.concat(pending.chunks), true)
      members.cutShort((error as Error).message)
    }
  }
  if (refusal !== null) throw refusal
}

async function feed(stream: ByteStream, reader: ReturnType<typeof extract>): Promise<void> {
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
