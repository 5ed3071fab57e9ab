import {type Entry, fromBuffer, type ZipFile} from 'yauzl'
import {collectBytes} from './byteStream.js'
import type {MemberHeader, MemberList} from './memberList.js'

/** Reads a zip archive by its directory, which stands at its end. */
export async function readZip(bytes: Buffer, members: MemberList): Promise<void> {
  const zip = await openZip(bytes)
  const refused = new Promise<never>((_, reject) => zip.on('error', reject))
  refused.catch(() => undefined)
  const next = (): Promise<Entry | null> =>
    Promise.race([
      refused,
      new Promise<Entry | null>(resolve => {
        zip.once('entry', (entry: Entry) => resolve(entry))
        zip.once('end', () => resolve(null))
        zip.readEntry()
      }),
    ])
  for (let entry = await next(); entry !== null; entry = await next()) {
    const name = members.admit(headerOf(entry))
    if (name === null) continue
    if (entry.isEncrypted()) {
      members.cutShort('its members are encrypted')
      return
    }
    const {bytes: content, failure} = await readEntry(zip, entry)
    members.keep(name, content, failure !== null)
  }
}

function openZip(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // names are checked by the list of members; sizes are checked by yauzl: a member gives no more than it claims
    fromBuffer(bytes, {lazyEntries: true, decodeStrings: true, strictFileNames: false}, (error, zip) =>
      error === null ? resolve(zip) : reject(error),
    )
  })
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<{bytes: Buffer; failure: string | null}> {
  try {
    const stream = await new Promise<AsyncIterable<Uint8Array>>((resolve, reject) =>
      zip.openReadStream(entry, (error, opened) => (error === null ? resolve(opened) : reject(error))),
    )
    return await collectBytes(stream)
  } catch (error) {
    return {bytes: Buffer.alloc(0), failure: (error as Error).message}
  }
}

/** The upper half of the external attributes is a Unix mode where Unix made the archive. */
function headerOf({fileName, uncompressedSize, externalFileAttributes}: Entry): MemberHeader {
  const type = (externalFileAttributes >>> 28) & 0xf
  const kind = fileName.endsWith('/') ? 'folder' : type === 0xa ? 'link' : type === 0 || type === 8 ? 'file' : 'other'
  return {path: fileName, size: uncompressedSize, kind}
}
