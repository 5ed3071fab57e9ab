import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {gunzipSync, gzipSync} from 'node:zlib'
import {pack} from 'tar-stream'
import {describe, expect, it} from '@jest/globals'
import {type Capture, DEFAULT_LIMITS, type Limits, readPath} from '../../src/capture/index.js'
import {withFolder} from '../node/support/captureFolder.js'

const NET410 = 'fixtures/net410'
const FILES = readdirSync(NET410).sort()

/** Packs net410 with the tool of the format itself. */
async function packed(name: string, ...command: [string, ...string[]]): Promise<Buffer> {
  return withFolder({}, folder => {
    const file = path.join(folder, name)
    execFileSync(command[0], [...command.slice(1), file, 'net410'], {cwd: 'fixtures', stdio: 'ignore'})
    return Promise.resolve(readFileSync(file))
  })
}

function read(name: string, bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<Capture> {
  return withFolder({[name]: bytes}, folder =>
    readPath(path.join(folder, name), () => true, {...DEFAULT_LIMITS, ...limits}),
  )
}

function names({documents}: Capture): string[] {
  return documents.map(({name}) => path.basename(name)).sort()
}

type Member = {
  name: string
  type?: 'symlink' | 'link' | 'character-device' | 'fifo' | 'directory'
  linkname?: string
  text?: string | Buffer
}

async function tar(members: readonly Member[]): Promise<Buffer> {
  const archive = pack()
  for (const {text = '', ...header} of members) archive.entry(header, text)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

describe('archives made by the real tools', () => {
  it.each([
    ['x.tar', ['tar', 'cf']],
    ['x.tar.gz', ['tar', 'czf']],
    ['x.tar.xz', ['tar', 'cJf']],
    ['x.tar.bz2', ['tar', 'cjf']],
    ['x.zip', ['zip', '-qr']],
  ] as [string, [string, string]][])('%s gives the files of the folder', async (name, command) => {
    const capture = await read(name, await packed(name, ...command))
    expect(names(capture)).toEqual(FILES)
    const rule = capture.documents.find(document => document.name === 'net410/ip-rule.txt')
    expect(Buffer.from(rule?.bytes ?? [])).toEqual(readFileSync(`${NET410}/ip-rule.txt`))
    expect(capture.diagnostics).toEqual([])
  })

  it('are known by their content, not by their name', async () => {
    expect(names(await read('node.txt', await packed('x.tar.gz', 'tar', 'czf')))).toEqual(FILES)
  })

  it('may wrap one archive in another', async () => {
    const inner = await packed('x.tar.gz', 'tar', 'czf')
    const outer = await tar([{name: 'bundle/eks_i-0abc.tar.gz', text: inner}])
    expect(names(await read('ticket.tar', outer))).toEqual(FILES)
  })

  it.each(['xz', 'gzip', 'bzip2'])('may be compressed twice with %s', async tool => {
    const once = execFileSync(tool, ['-c'], {input: await packed('x.tar', 'tar', 'cf')})
    expect(names(await read('x', execFileSync(tool, ['-c'], {input: once})))).toEqual(FILES)
  })

  it('leave the decoder of xz free, however the reading ended', async () => {
    const whole = await packed('x.tar.xz', 'tar', 'cJf')
    await expect(read('x.tar.xz', whole, {documents: 1})).rejects.toThrow('more than 1 documents')
    await expect(read('x.tar.xz', whole, {unpackedBytes: 1000})).rejects.toThrow('unpacks to more than')
    await read('x.tar.xz', whole.subarray(0, 2000))
    const xz = (input: Uint8Array): Buffer => execFileSync('xz', ['-c'], {input})
    const tarOf = await packed('x.tar', 'tar', 'cf')
    await read('x.tar.xz', xz(Buffer.concat([tarOf.subarray(0, 2048), Buffer.alloc(1 << 20, 7)])))
    await expect(read('x.zst.xz', xz(Buffer.from('28b52ffd00'.repeat(1000), 'hex')))).rejects.toThrow('zstd')
    expect(names(await read('x.tar.xz', whole))).toEqual(FILES)
  })

  it('may be one compressed text', async () => {
    const capture = await read('iptables-save.txt.gz', gzipSync(readFileSync(`${NET410}/iptables-save.txt`)))
    expect(names(capture)).toEqual(['iptables-save.txt'])
  })
})

describe('an archive that was cut', () => {
  it.each([
    ['x.tar.gz', 'czf', 3000],
    ['x.tar', 'cf', 12_000],
    ['x.tar.xz', 'cJf', 2000],
  ] as const)('%s gives what it has', async (name, option, length) => {
    const capture = await read(name, (await packed(name, 'tar', option)).subarray(0, length))
    expect(capture.documents.length).toBeGreaterThan(0)
    expect(capture.documents.length).toBeLessThan(FILES.length)
    expect(capture.diagnostics.map(({code}) => code)).toContain('TRUNCATED')
  })

  it.each([
    ['too early', (bytes: Buffer) => bytes.subarray(0, 30), 'unexpected end of xz data'],
    ['at once', (bytes: Buffer) => bytes.subarray(0, 6), 'unexpected end of xz data'],
    [
      'in other data',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(500, 7)]),
      'damaged xz data',
    ],
  ])('as xz says so in words where it ends %s', async (_, cut, text) => {
    const bytes = cut(await packed('x.tar.xz', 'tar', 'cJf'))
    await expect(read('x.tar.xz', bytes)).rejects.toThrow(text)
  })

  it('marks the member that it ends in', async () => {
    const plain = gunzipSync(await packed('x.tar.gz', 'tar', 'czf'))
    const capture = await read('x.tar', plain.subarray(0, 5 * 512 + 100))
    const [document] = capture.documents.filter(({cut}) => cut)
    expect(capture.diagnostics).toContainEqual(
      expect.objectContaining({code: 'ARCHIVE_MEMBER', source: {document: document?.name, line: 1}}),
    )
  })

  it('as zip gives what it has, though its directory stood at its end', async () => {
    const whole = await packed('x.zip', 'zip', '-qr')
    const streamed = execFileSync('zip', ['-qr', '-', 'net410'], {cwd: path.dirname(NET410), maxBuffer: 1 << 26})
    for (const bytes of [whole, streamed]) {
      const capture = await read('x.zip', bytes.subarray(0, bytes.length * 0.4))
      expect(capture.documents.length).toBeGreaterThan(1)
      expect(capture.documents.length).toBeLessThan(FILES.length)
      expect(capture.documents.filter(({cut}) => cut)).toHaveLength(1)
      expect(capture.diagnostics.map(({code}) => code)).toContain('TRUNCATED')
      for (const {name, bytes: content, cut} of capture.documents) {
        const file = readFileSync(path.join(path.dirname(NET410), name))
        expect(cut ? file.subarray(0, content.length) : file).toEqual(Buffer.from(content))
      }
      // all members, and the directory damaged
      const before = whole === bytes ? -10 : -30
      expect(names(await read('x.zip', bytes.subarray(0, before)))).toEqual(FILES)
    }
    await expect(read('x.zip', whole.subarray(0, 20))).rejects.toThrow('the zip archive cannot be read')
  })

  it('as zip has the limits of a whole one', async () => {
    const bytes = (await packed('x.zip', 'zip', '-qr')).subarray(0, -10)
    await expect(read('x.zip', bytes, {documents: 1})).rejects.toThrow('more than 1 documents')
    await expect(read('x.zip', bytes, {totalBytes: 16_000})).rejects.toThrow(/more than 0 MiB/)
    await expect(read('x.zip', bytes, {unpackedBytes: 16_000})).rejects.toThrow('unpacks to more than')
  })
})

describe('a hostile archive', () => {
  it.each(['../evil.txt', '/etc/passwd.txt', 'a/../../b.txt', 'C:\\evil.txt', '..\\evil.txt'])(
    'does not lead out: %j',
    async name => {
      const capture = await read(
        'x.tar',
        await tar([
          {name, text: 'x'},
          {name: 'ip-rule.txt', text: '0: from all'},
        ]),
      )
      expect(names(capture)).toEqual(['ip-rule.txt'])
      expect(capture.diagnostics).toMatchObject([{code: 'ARCHIVE_MEMBER', severity: 'warning'}])
    },
  )

  it('gets no link followed and no device opened', async () => {
    const capture = await read(
      'x.tar',
      await tar([
        {name: 'ip-rule.txt', type: 'symlink', linkname: '/etc/shadow'},
        {name: 'ip-route.txt', type: 'link', linkname: '/etc/shadow'},
        {name: 'sysctl.txt', type: 'character-device'},
        {name: 'arp-n.txt', type: 'fifo'},
        {name: 'iptables-save.txt', text: '*nat\n'},
      ]),
    )
    expect(names(capture)).toEqual(['iptables-save.txt'])
    expect(capture.diagnostics).toHaveLength(3) // the two links together
  })

  it('stops at the cap of what it unpacks to', async () => {
    const bomb = gzipSync(Buffer.alloc(8 << 20))
    await expect(read('x.gz', bomb, {unpackedBytes: 1 << 20})).rejects.toThrow('unpacks to more than 1 MiB')
    const nested = gzipSync(gzipSync(gzipSync(gzipSync(gzipSync(bomb)))))
    await expect(read('x.gz', nested)).rejects.toThrow('archives within archives')
  })

  it('stops at the cap of what it holds', async () => {
    const members = Array.from({length: 20}, (_, at) => ({name: `${at}.txt`, text: 'x'.repeat(1000)}))
    const bytes = await tar(members)
    await expect(read('x.tar', bytes, {documents: 10})).rejects.toThrow('more than 10 documents')
    await expect(read('x.tar', bytes, {members: 10})).rejects.toThrow('more than 10 members')
    await expect(read('x.tar', bytes, {totalBytes: 10_000})).rejects.toThrow('MiB of documents')
  })

  it('may be damaged anywhere: there is an answer or an error for the user', async () => {
    const whole = await packed('x.tar.gz', 'tar', 'czf')
    for (let at = 0; at < whole.length; at += 131) {
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ 0xff
      const result = await read('x.tar.gz', bytes).catch((error: unknown) => error)
      if (result instanceof Error) expect(result.name).toBe('InputError')
    }
  })
})

describe('what is no capture', () => {
  it.each([
    ['a folder that is not there', '/nonexistent/x', 'does not exist'],
    ['a device', '/dev/null', 'neither a file nor a folder'],
    ['an unknown sample', 'sample:nothing', 'sample:net410'],
  ])('%s is an error in one paragraph', async (_, from, text) => {
    await expect(readPath(from, () => true)).rejects.toMatchObject({name: 'InputError', owner: 'user'})
    await expect(readPath(from, () => true)).rejects.toThrow(text)
  })
})
