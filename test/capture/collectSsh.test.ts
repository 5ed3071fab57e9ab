import {execFileSync, spawn} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {CAPTURE_COMMANDS, type CaptureCommand, collectSsh, type SshOptions} from '../../src/capture/index.js'
import {startSshd, SSHD, type Sshd} from './support/sshd.js'

const given = SSHD === null ? describe.skip : describe

function command(text: string, options: Partial<CaptureCommand> = {}): CaptureCommand {
  const base = {document: 'x.txt', command: text, why: '', seconds: 10, family: null, root: false, maxBytes: null}
  return {...base, ...options}
}

given(`collectSsh, against ${SSHD ?? 'no sshd on this machine: skipped'}`, () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  }, 20_000)
  afterAll(() => sshd.stop())

  const collect = (options: SshOptions = {}, host = 'node'): ReturnType<typeof collectSsh> =>
    collectSsh(host, {configFile: sshd.config, ...options})

  it('runs every command of the table, through ssh_config', async () => {
    const capture = await collect()
    const rules = capture.documents.find(({name}) => name === 'ip-rule.txt')
    expect(Buffer.from(rules?.bytes ?? []).toString()).toBe(execFileSync('ip', ['rule', 'show'], {encoding: 'utf8'}))
    expect(rules?.exitCode).toBe(0)
    expect(capture.documents.length).toBeLessThanOrEqual(CAPTURE_COMMANDS.length)
    expect(capture.origin).toBe('ssh://node')
    expect(capture.capturedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(capture.diagnostics).toEqual([])
  }, 60_000)

  it('keeps exit code, stderr and quotes as they are', async () => {
    const {documents} = await collect({commands: [command(`printf '%s' "it's"; echo oh >&2; exit 3`)]})
    expect(documents[0]).toMatchObject({exitCode: 3, stderr: 'oh\n', cut: false})
    expect(Buffer.from(documents[0]?.bytes ?? []).toString()).toBe("it's")
  })

  it('ends a command at its time limit and keeps what it printed', async () => {
    const {documents} = await collect({commands: [command('echo begun; sleep 60', {seconds: 1})]})
    expect(documents[0]).toMatchObject({exitCode: 124, cut: true})
    expect(Buffer.from(documents[0]?.bytes ?? []).toString()).toBe('begun\n')
  }, 20_000)

  it('cuts output at its size limit', async () => {
    const {documents} = await collect({commands: [command('yes', {maxBytes: 1000})]})
    expect(documents[0]?.bytes).toHaveLength(1000)
    expect(documents[0]?.cut).toBe(true)
  }, 20_000)

  it('waits where the host allows fewer sessions than there are commands', async () => {
    const commands = Array.from({length: 30}, (_, at) => command(`sleep 0.1; echo ${at}`, {document: `${at}.txt`}))
    const {documents} = await collect({commands})
    expect(documents.map(({bytes}) => Number(Buffer.from(bytes).toString()))).toEqual(commands.map((_, at) => at))
  }, 30_000)

  it('opens eight channels at most', async () => {
    const open = path.join(sshd.folder, 'open')
    mkdirSync(open)
    const count = `touch ${open}/$$; ls ${open} | wc -l; sleep 0.5; rm ${open}/$$`
    const {documents} = await collect({
      commands: Array.from({length: 20}, (_, at) => command(count, {document: `${at}.txt`})),
    })
    const counts = documents.map(({bytes}) => Number(Buffer.from(bytes).toString()))
    expect(counts).toHaveLength(20)
    expect(Math.max(...counts)).toBeLessThanOrEqual(8)
    expect(Math.max(...counts)).toBeGreaterThan(1)
  }, 30_000)

  it('says so where the connection is lost half-way', async () => {
    // ends the very sshd process that serves this connection: the nearest ancestor of that name
    const kill = `sleep 1; p=$$
      until case $(cat /proc/$p/comm) in sshd*) true ;; *) false ;; esac; do p=$(cut -d' ' -f4 /proc/$p/stat); done
      echo half; kill -9 $p; sleep 5`
    const {documents, diagnostics} = await collect({
      commands: [command('echo first'), command(kill, {document: 'y.txt'})],
    })
    expect(documents.map(({name}) => name)).toContain('x.txt')
    expect(diagnostics).toMatchObject([{code: 'TRUNCATED', severity: 'error'}])
    expect(diagnostics[0]?.text).toMatch(/connection was lost/)
  }, 30_000)

  it('refuses an unknown key, and takes it when its fingerprint is given', async () => {
    const unknown = path.join(sshd.folder, 'empty')
    writeFileSync(unknown, '')
    const print =
      execFileSync('ssh-keygen', ['-lf', path.join(sshd.folder, 'host.pub')], {encoding: 'utf8'}).split(' ')[1] ?? ''
    await expect(collect({knownHosts: [unknown]})).rejects.toThrow(`no known_hosts file has: ssh-ed25519 ${print}`)
    const {documents} = await collect({knownHosts: [unknown], hostKey: print, commands: [command('echo hello')]})
    expect(documents).toHaveLength(1)
    await expect(collect({hostKey: 'SHA256:AAAA'})).rejects.toThrow('not the one given with --host-key')
  }, 20_000)

  it('refuses a changed key and names the line that knows another', async () => {
    const changed = path.join(sshd.folder, 'changed')
    const other = readFileSync(`${sshd.clientKey}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')
    writeFileSync(changed, `# one\n[127.0.0.1]:${sshd.port} ${other}\n`)
    await expect(collect({knownHosts: [changed]})).rejects.toThrow(`${changed}:2`)
  })

  it('finds a hashed name', async () => {
    const hashed = path.join(sshd.folder, 'hashed')
    writeFileSync(hashed, readFileSync(path.join(sshd.folder, 'known_hosts')))
    execFileSync('ssh-keygen', ['-q', '-H', '-f', hashed], {stdio: 'ignore'})
    expect(readFileSync(hashed, 'utf8')).toMatch(/^\|1\|/)
    expect((await collect({knownHosts: [hashed], commands: [command('echo')]})).documents).toHaveLength(1)
  })

  it.each([
    ['ProxyCommand', (file: string) => `ProxyCommand ssh -F ${file} -W %h:%p node`],
    ['ProxyJump', () => 'ProxyJump node'],
  ])(
    'goes through a %s',
    async (name, line) => {
      const behind = path.join(sshd.folder, name)
      const config = readFileSync(sshd.config, 'utf8')
      writeFileSync(behind, `Host behind\n  ${line(sshd.config)}\n${config.replace('Host node', 'Host node behind')}`)
      const {documents} = await collectSsh('behind', {configFile: behind, commands: [command('echo via')]})
      expect(Buffer.from(documents[0]?.bytes ?? []).toString()).toBe('via\n')
    },
    20_000,
  )

  it('uses the keys of an agent', async () => {
    const socket = path.join(sshd.folder, 'agent')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], {stdio: 'ignore'})
    const config = path.join(sshd.folder, 'agent_config')
    const text = readFileSync(sshd.config, 'utf8').replace(
      / {2}IdentityFile .*\n {2}IdentitiesOnly yes\n {2}IdentityAgent none/,
      `  IdentityFile none\n  IdentityAgent ${socket}`,
    )
    writeFileSync(config, text)
    try {
      while (!existsSync(socket)) await new Promise(resolve => setTimeout(resolve, 20))
      execFileSync('ssh-add', ['-q', sshd.clientKey], {env: {...process.env, SSH_AUTH_SOCK: socket}, stdio: 'ignore'})
      expect((await collectSsh('node', {configFile: config, commands: [command('echo')]})).documents).toHaveLength(1)
    } finally {
      agent.kill()
    }
  }, 20_000)

  it('asks for the passphrase of a key, where there is somebody to ask', async () => {
    const locked = path.join(sshd.folder, 'locked')
    execFileSync('cp', [sshd.clientKey, locked])
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', locked])
    const config = path.join(sshd.folder, 'locked_config')
    writeFileSync(
      config,
      readFileSync(sshd.config, 'utf8').replace(`IdentityFile ${sshd.clientKey}`, `IdentityFile ${locked}`),
    )
    const asked: string[] = []
    const askPassphrase = (file: string): Promise<string> => {
      asked.push(file)
      return Promise.resolve('secret')
    }
    await collectSsh('node', {configFile: config, askPassphrase, commands: [command('echo')]})
    expect(asked).toEqual([locked])
    await expect(collectSsh('node', {configFile: config, commands: [command('echo')]})).rejects.toThrow(
      'no key to log in with',
    )
  }, 20_000)

  it('says that a host cannot be reached, and which', async () => {
    await expect(collect({connectSeconds: 5}, '127.0.0.1:1')).rejects.toThrow(
      '127.0.0.1:1 (127.0.0.1:1) cannot be reached',
    )
  })
})
