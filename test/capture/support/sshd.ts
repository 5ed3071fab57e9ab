import {execFileSync, spawn} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir, userInfo} from 'node:os'
import path from 'node:path'

export const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find(file => existsSync(file)) ?? null

/** A real sshd on a loopback port of its own, with fresh keys. */
export interface Sshd {
  readonly folder: string
  readonly port: number
  readonly user: string
  /** `ssh-ed25519 AAAA…` of the host. */
  readonly hostKey: string
  readonly clientKey: string
  /** ssh_config that names the server `node`. */
  readonly config: string
  /** Ends the server and the connections that it has. */
  stop(): void
}

/**
 * @param namespace network namespace in which it listens, on that one's own loopback; the process itself is reached by a ProxyCommand then
 * @param tools scripts that commands on the host find before its own, by name
 */
export async function startSshd(namespace?: string, tools: Readonly<Record<string, string>> = {}): Promise<Sshd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ekspath-sshd-'))
  const file = (name: string): string => path.join(folder, name)
  for (const name of ['host', 'client']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)])
  }
  writeFileSync(file('authorized_keys'), readFileSync(file('client.pub')))
  mkdirSync(file('bin'))
  for (const [name, script] of Object.entries(tools)) writeFileSync(path.join(file('bin'), name), script, {mode: 0o755})
  const port = await freePort()
  const hostKey = readFileSync(file('host.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
  writeFileSync(file('known_hosts'), `[127.0.0.1]:${port} ${hostKey}\n`)
  writeFileSync(
    file('sshd_config'),
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${file('host')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      `PidFile ${file('pid')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'AllowTcpForwarding yes',
      `SetEnv PATH=${file('bin')}:${process.env['PATH']}`,
      '',
    ].join('\n'),
  )
  const user = userInfo().username
  const config = [
    'Host node',
    '  HostName 127.0.0.1',
    `  Port ${port}`,
    `  User ${user}`,
    `  IdentityFile ${file('client')}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${file('known_hosts')}`,
    '  GlobalKnownHostsFile /dev/null',
    ...(namespace === undefined ? [] : [`  ProxyCommand ip netns exec ${namespace} busybox nc %h %p`]),
    '',
  ]
  writeFileSync(file('ssh_config'), config.join('\n'))
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', {recursive: true})
  const command = [SSHD ?? 'sshd', '-D', '-e', '-f', file('sshd_config')]
  const inside = namespace === undefined ? command : ['ip', 'netns', 'exec', namespace, ...command]
  const server = spawn(inside[0] ?? '', inside.slice(1), {stdio: 'ignore', detached: true})
  await waitFor(file('pid'))
  return {
    folder,
    port,
    user,
    hostKey,
    clientKey: file('client'),
    config: file('ssh_config'),
    stop: () => {
      if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGKILL')
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** sshd writes its process id when it listens. */
async function waitFor(pidFile: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (existsSync(pidFile)) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`sshd does not listen: no ${pidFile}`)
}
