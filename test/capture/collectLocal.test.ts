import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, describe, expect, it} from '@jest/globals'
import {type CaptureCommand, collectLocal, readPath, writeCapture} from '../../src/capture/index.js'

const linux = process.platform === 'linux' ? describe : describe.skip

function command(text: string, options: Partial<CaptureCommand> = {}): CaptureCommand {
  const base = {document: 'x.txt', command: text, why: '', seconds: 5, family: null, root: false, maxBytes: null}
  return {...base, ...options}
}

/** A node is where `ip rule` works. */
const RULES = command('ip rule show', {document: 'ip-rule.txt'})

linux('collectLocal', () => {
  it('keeps output, exit code and stderr of each command', async () => {
    const {documents} = await collectLocal({commands: [RULES, command('echo out; echo err >&2; exit 4')]})
    expect(documents[1]).toMatchObject({exitCode: 4, stderr: 'err\n', cut: false})
    expect(Buffer.from(documents[0]?.bytes ?? []).toString()).toBe(
      execFileSync('ip', ['rule', 'show'], {encoding: 'utf8'}),
    )
  })

  it('kills what hangs, its children as well, and keeps what it printed', async () => {
    const began = Date.now()
    const {documents} = await collectLocal({
      commands: [RULES, command('echo begun; sleep 60 & sleep 60', {seconds: 1})],
    })
    expect(Date.now() - began).toBeLessThan(4000)
    expect(documents[1]).toMatchObject({exitCode: 124, cut: true, stderr: 'ekspath: killed after 1 s\n'})
    expect(Buffer.from(documents[1]?.bytes ?? []).toString()).toBe('begun\n')
  }, 10_000)

  it('cuts output at its size limit', async () => {
    const {documents} = await collectLocal({commands: [RULES, command('yes', {maxBytes: 1000})]})
    expect(documents[1]?.bytes).toHaveLength(1000)
    expect(documents[1]?.cut).toBe(true)
  })

  it('leaves out tools that are not installed', async () => {
    const {documents} = await collectLocal({commands: [RULES, command('no-such-tool-of-ours')]})
    expect(documents.map(({name}) => name)).toEqual(['ip-rule.txt'])
  })

  it('is an error where there is no node', async () => {
    await expect(collectLocal({commands: [command('false')]})).rejects.toMatchObject({
      name: 'CollectionError',
      owner: 'external',
    })
  })

  it('changes nothing', async () => {
    const state = (): string =>
      [
        'ip rule',
        'ip -6 rule',
        'ip route show table all',
        'ip -d link',
        'ip addr',
        'cat /proc/net/ip_tables_names 2>/dev/null; :',
      ]
        .map(shell => execFileSync('sh', ['-c', shell], {encoding: 'utf8'}))
        .join('')
        .replace(/ (valid_lft|preferred_lft|expires) \S+/g, '')
    const before = state()
    await collectLocal()
    expect(state()).toBe(before)
  }, 60_000)
})

linux('writeCapture', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ekspath-write-'))
  afterAll(() => rmSync(folder, {recursive: true, force: true}))

  it.each(['node', 'node.tar.gz', 'node.tgz'])('to %s, and back: the same documents', async name => {
    const capture = await collectLocal({commands: [RULES, command('exit 3', {document: 'netns/ip-addr.txt'})]})
    const place = path.join(folder, name)
    await writeCapture(capture, place, '0.0.0')
    const read = await readPath(place, () => true)
    const contents = (documents: typeof read.documents): Map<string, string> =>
      new Map(documents.map(document => [document.name.replace(/^node\//, ''), Buffer.from(document.bytes).toString()]))
    const back = contents(read.documents)
    const index = JSON.parse(back.get('capture.json') ?? '') as {host: string; commands: unknown[]}
    expect(index).toMatchObject({schema: 'ekspath.capture/1', version: '0.0.0', host: capture.hostname})
    expect(index.commands[1]).toMatchObject({document: 'netns/ip-addr.txt', command: 'exit 3', exitCode: 3})
    back.delete('capture.json')
    expect(back).toEqual(contents(capture.documents))
    if (name !== 'node') expect(statSync(place).mode & 0o777).toBe(0o600)
  })

  it('does not mix two captures in one folder', async () => {
    const capture = await collectLocal({commands: [RULES]})
    await expect(writeCapture(capture, path.join(folder, 'node'), '0.0.0')).rejects.toThrow('is not empty')
    expect(readFileSync(path.join(folder, 'node', 'capture.json'), 'utf8')).toContain('netns')
  })
})
