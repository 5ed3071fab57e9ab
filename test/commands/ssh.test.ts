import {execFileSync, spawn, spawnSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {startSshd, SSHD, type Sshd} from '../capture/support/sshd.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BIN = path.join(ROOT, 'bin/run.js')
const given = SSHD === null ? describe.skip : describe

/** Ends the very sshd process that serves the connection: the nearest ancestor of that name. */
const HANG_UP = `#!/bin/sh
echo 'create half hash:ip family inet'
sleep 1; p=$$
until case $(cat /proc/$p/comm) in sshd*) true ;; *) false ;; esac; do p=$(cut -d' ' -f4 /proc/$p/stat); done
kill -9 $p; sleep 5
`

/** The command as it was built (`npm test` builds before it runs these), with a `ssh` that reads the configuration of the test's server. */
given(`ekspath over SSH, against ${SSHD ?? 'no sshd on this machine: skipped'}`, () => {
  let sshd: Sshd
  let broken: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
    broken = await startSshd(undefined, {ipset: HANG_UP})
    for (const {folder, config} of [sshd, broken]) {
      const text = readFileSync(config, 'utf8')
      writeFileSync(
        config,
        text
          .replace('Host node', 'Host node node-a node-b locked')
          .replace('IdentityFile', 'IdentityFile ~/none\n  IdentityFile'),
      )
      mkdirSync(path.join(folder, 'path'))
      writeFileSync(path.join(folder, 'path/ssh'), `#!/bin/sh\nexec ${which('ssh')} -F ${config} "$@"\n`)
      chmodSync(path.join(folder, 'path/ssh'), 0o755)
    }
  }, 30_000)
  afterAll(() => {
    sshd.stop()
    broken.stop()
  })

  const environment = ({folder}: Sshd): NodeJS.ProcessEnv => ({
    ...process.env,
    NODE_OPTIONS: '',
    PATH: `${path.join(folder, 'path')}:${process.env['PATH']}`,
  })
  const ekspath = (server: Sshd, ...argv: string[]): {status: number | null; stdout: string; stderr: string} =>
    spawnSync(process.execPath, [BIN, ...argv], {encoding: 'utf8', env: environment(server)})

  /** Runs it on a terminal of its own, and types an answer where a question stands. @returns what the terminal shows */
  const onTerminal = (
    server: Sshd,
    argv: readonly string[],
    answers: readonly (readonly [RegExp, string])[] = [],
  ): Promise<string> =>
    new Promise((resolve, reject) => {
      const line = [process.execPath, BIN, ...argv].map(word => `'${word}'`).join(' ')
      const child = spawn('script', ['-qec', line, '/dev/null'], {
        env: environment(server),
        stdio: ['pipe', 'pipe', 'ignore'],
      })
      let shown = ''
      const left = [...answers]
      child.stdout.on('data', (chunk: Buffer) => {
        shown += chunk.toString()
        if (left[0]?.[0].test(shown) === true) child.stdin.write(`${left.shift()?.[1]}\r`)
      })
      child.on('error', reject)
      child.on('close', () => resolve(shown))
    })

  it('shows, explains and audits a node without a file', () => {
    const {stdout: rules, stderr, status} = ekspath(sshd, 'show', 'rules', '--ssh', 'node', '--json')
    expect({stderr, status}).toEqual({stderr: '', status: 0})
    const listed = execFileSync('ip', ['rule', 'show'], {encoding: 'utf8'}).trim().split('\n')
    const read = (JSON.parse(rules) as {rows: {family: number}[]}).rows.filter(({family}) => family === 4)
    expect(read).toHaveLength(listed.length)
    const explained = ekspath(
      sshd,
      'explain',
      '--ssh',
      'node',
      '--src',
      'node',
      '--dst',
      '127.0.0.1:1',
      '--proto',
      'tcp',
    )
    expect(explained.stdout).toMatch(/ssh:\/\/node/)
    expect([0, 1, 3]).toContain(explained.status)
    expect(ekspath(sshd, 'audit', '--ssh', 'node').stdout).toMatch(/ssh:\/\/node/)
  }, 120_000)

  it('captures several nodes side by side, without a word where nobody watches', () => {
    const folder = path.join(sshd.folder, 'several')
    const {stderr, status} = ekspath(sshd, 'capture', '--ssh', 'node-a', '--ssh', 'node-b', '-o', folder)
    expect({stderr, status}).toEqual({stderr: '', status: 0})
    expect(readdirSync(folder).sort()).toEqual(['node-a.tar.gz', 'node-b.tar.gz'])
  }, 120_000)

  it('has a line for each node on a terminal', async () => {
    const shown = await onTerminal(sshd, [
      'capture',
      '--ssh',
      'node-a',
      '--ssh',
      'node-b',
      '-o',
      path.join(sshd.folder, 'watched'),
    ])
    for (const host of ['node-a', 'node-b']) {
      const counts = [...shown.matchAll(new RegExp(`capturing ${host}  (\\d+) of (\\d+)`, 'g'))].map(
        ([, done, total]) => [done, total].map(Number),
      )
      expect(counts.length).toBeGreaterThan(2)
      expect(counts.at(-1)?.[0]).toBe(counts.at(-1)?.[1])
    }
  }, 120_000)

  it('asks for a passphrase at a terminal, and does not show it', async () => {
    const locked = path.join(sshd.folder, 'locked')
    execFileSync('cp', [sshd.clientKey, locked])
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', locked])
    const config = readFileSync(sshd.config, 'utf8')
    writeFileSync(sshd.config, config.replace(`IdentityFile ${sshd.clientKey}`, `IdentityFile ${locked}`))
    try {
      const file = path.join(sshd.folder, 'asked.tar.gz')
      const argv = ['capture', '--ssh', 'locked', '-o', file]
      const wrong = await onTerminal(sshd, argv, [[/Passphrase of .*locked: /, 'wrong']])
      expect(wrong.replace(/\s+/g, ' ')).toMatch(/Passphrase of .*locked stays locked: .*or a wrong one/)
      expect(existsSync(file)).toBe(false)
      const shown = await onTerminal(sshd, argv, [[/Passphrase of .*locked: /, 'open sesame']])
      expect(shown).not.toContain('sesame')
      expect(existsSync(file)).toBe(true)
      const {stderr, status} = ekspath(sshd, ...argv)
      expect(status).toBe(4)
      expect(stderr.replace(/\s+/g, ' ')).toMatch(/locked stays locked: no passphrase was given/)
    } finally {
      writeFileSync(sshd.config, config)
    }
  }, 120_000)

  it.each([
    ['@revoked', (key: string) => `[127.0.0.1]:PORT ${key}\n@revoked * ${key}\n`, /shows a key that \S+:2 revokes/],
    [
      '@cert-authority',
      (key: string) => `@cert-authority * ${key}\n`,
      /is trusted by certificates \(\S+:1\), which are not supported/,
    ],
    ['nothing', () => '', /shows a key that no known_hosts file has: ssh-ed25519 SHA256:/],
  ])(
    'refuses a host of which known_hosts has %s',
    (name, lines, message) => {
      const file = path.join(sshd.folder, `known${name}`)
      writeFileSync(file, lines(sshd.hostKey).replace('PORT', String(sshd.port)))
      const {stderr, status} = ekspath(sshd, 'show', 'rules', '--ssh', 'node', '--known-hosts', file)
      expect(status).toBe(4)
      expect(stderr.replace(/\s+/g, ' ')).toMatch(message)
    },
    60_000,
  )

  it('leaves a capture that says so where the connection is lost half-way', () => {
    const file = path.join(broken.folder, 'half.tar.gz')
    const {stdout, status} = ekspath(broken, 'capture', '--ssh', 'node', '-o', file, '--json')
    expect(status).toBe(4)
    const [node] = (JSON.parse(stdout) as {nodes: {file: string; error: string}[]}).nodes
    expect(node).toMatchObject({file, error: expect.stringMatching(/The connection was lost while `.*` ran/)})
    const inspected = ekspath(broken, 'captures', 'inspect', file).stdout.replace(/\s+/g, ' ')
    expect(inspected).toMatch(/TRUNCATED The connection was lost while `.*ipset save` ran/)
    expect(inspected).toMatch(/NOT IN THE CAPTURE .*ipset save/)
  }, 60_000)
})

function which(tool: string): string {
  return execFileSync('sh', ['-c', `command -v ${tool}`], {encoding: 'utf8'}).trim()
}
