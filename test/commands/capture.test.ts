import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {Ajv} from 'ajv'
import Capture from '../../src/commands/capture.js'
import Explain from '../../src/commands/explain.js'
import ShowRules from '../../src/commands/show/rules.js'
import {runCommand} from '../support/runCommand.js'

const folder = mkdtempSync(path.join(tmpdir(), 'ekspath-'))
const capture = (...argv: string[]) => runCommand(Capture, ...argv)
const onLinux = process.platform === 'linux' ? describe : describe.skip
/** Nobody listens on it: refused at once. */
const CLOSED = ['nobody@127.0.0.1:1', 'nobody@127.0.0.1:2']

function checkSchema(schema: string, text: string): unknown {
  const report: unknown = JSON.parse(text)
  const file = new URL(`../../schemas/${schema}`, import.meta.url)
  const validate = new Ajv({allowUnionTypes: true}).compile(JSON.parse(readFileSync(file, 'utf8')))
  validate(report)
  expect(validate.errors).toBeNull()
  return report
}

onLinux('ekspath capture on Linux', () => {
  it('writes an archive that explain reads back', async () => {
    const file = path.join(folder, 'node.tar.gz')
    const {stdout, exitCode} = await capture('-o', file, '--json')
    expect(exitCode).toBe(0)
    expect(checkSchema('capture-report.1.json', stdout)).toMatchObject({nodes: [{host: null, file, error: null}]})
    const {stdout: rules} = await runCommand(ShowRules, '--from', file, '--family', '4')
    expect(rules).toContain('lookup main\tip-rule.txt:')
  }, 60_000)

  it('prints a script whose output explain reads back', async () => {
    const {stdout: script} = await capture('--script')
    const file = path.join(folder, 'node.txt')
    writeFileSync(file, spawnSync('sh', ['-s'], {input: script, encoding: 'utf8', maxBuffer: 1 << 28}).stdout)
    const {stdout, exitCode} = await runCommand(
      Explain,
      '--src',
      'node',
      '--dst',
      '127.0.0.1:1',
      '--proto',
      'tcp',
      '--from',
      file,
    )
    expect(stdout).toMatch(/^tcp any source:any → 127\.0\.0\.1:1/)
    expect(exitCode).toBeLessThan(2)
  }, 60_000)
})

describe('ekspath capture', () => {
  it('lists its commands, and what each is for', async () => {
    const {commands} = checkSchema('capture-commands.1.json', (await capture('--list-commands', '--json')).stdout) as {
      commands: {document: string; why: string}[]
    }
    expect(commands.map(({document}) => document)).toContain('iptables-save.txt')
    expect(commands.every(({why}) => why !== '')).toBe(true)
    checkSchema('capture-script.1.json', (await capture('--script', '--json')).stdout)
  })

  it('asks where to write to', async () => {
    const {exitCode, stderr} = await capture()
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/Say where to write the capture/)
  })

  it('says which host cannot be reached, and ends with 4', async () => {
    const {exitCode, stderr} = await capture('--ssh', CLOSED[0] ?? '', '-o', path.join(folder, 'one.tar.gz'))
    expect(exitCode).toBe(4)
    expect(stderr.replace(/\n +/g, ' ')).toMatch(/nobody@127\.0\.0\.1:1 .*cannot be reached/)
    expect(existsSync(path.join(folder, 'one.tar.gz'))).toBe(false)
  })

  it('goes on with the other hosts', async () => {
    const {exitCode, stdout} = await capture(...CLOSED.flatMap(host => ['--ssh', host]), '-o', folder, '--json')
    expect(exitCode).toBe(4)
    const {nodes} = checkSchema('capture-report.1.json', stdout) as {nodes: {host: string; error: string}[]}
    expect(nodes.map(({host}) => host)).toEqual(CLOSED)
    for (const {error} of nodes) expect(error).toMatch(/cannot be reached/)
  })

  it('captures no host twice', async () => {
    const {exitCode, stderr} = await capture('--ssh', 'a@127.0.0.1', '--ssh', 'a@127.0.0.1', '-o', folder)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/names a host twice/)
  })
})
