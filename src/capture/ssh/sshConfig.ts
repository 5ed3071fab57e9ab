import {execFile} from 'node:child_process'
import {homedir, userInfo} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {quote} from '../stream/quote.js'
import type {SshTarget} from './sshTarget.js'

/** How to reach a host: what `ssh -G` makes of ~/.ssh/config, or the defaults where there is no ssh. */
export interface SshConfig {
  readonly hostname: string
  readonly port: number
  readonly user: string
  readonly identityFiles: readonly string[]
  /** True: only the named identities are offered, also of those in the agent. */
  readonly identitiesOnly: boolean
  /** Socket of the agent; null: none. */
  readonly agent: string | null
  /** A command whose standard input and output are the connection; null: TCP. ProxyJump is one as well. */
  readonly proxyCommand: string | null
  readonly knownHosts: readonly string[]
  /** The name under which the host's key is known. */
  readonly hostKeyName: string
}

const HOME_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa']

/** @param configFile for `ssh -F`; undefined: the user's own */
export async function readSshConfig(target: SshTarget, configFile?: string): Promise<SshConfig> {
  const options = await askSsh(target, configFile)
  const first = (key: string): string | undefined => options.get(key)?.[0]
  const hostname = first('hostname') ?? target.host
  const port = target.port ?? Number(first('port') ?? 22)
  const user = target.user ?? first('user') ?? userInfo().username
  const tokens = {h: hostname, n: target.host, p: String(port), r: user, '%': '%', u: userInfo().username, d: homedir()}
  const files = ['userknownhostsfile', 'globalknownhostsfile'].flatMap(key => first(key)?.split(/\s+/) ?? [])
  return {
    hostname,
    port,
    user,
    identityFiles: (options.get('identityfile') ?? HOME_KEYS.map(name => `~/.ssh/${name}`)).map(file =>
      expand(file, tokens),
    ),
    identitiesOnly: first('identitiesonly') === 'yes',
    agent: agentOf(first('identityagent')),
    proxyCommand: proxyOf(first('proxycommand'), first('proxyjump'), tokens, configFile),
    knownHosts: (files.length > 0 ? files : ['~/.ssh/known_hosts', '/etc/ssh/ssh_known_hosts']).map(file =>
      expand(file, tokens),
    ),
    hostKeyName: first('hostkeyalias') ?? hostname,
  }
}

/** Options by name in lower case, each with its values in order; empty where there is no ssh. */
async function askSsh({host, user, port}: SshTarget, configFile?: string): Promise<Map<string, string[]>> {
  const options = new Map<string, string[]>()
  const words = ['-G', ...(user === null ? [] : ['-l', user]), ...(port === null ? [] : ['-p', String(port)])]
  try {
    const file = configFile === undefined ? [] : ['-F', configFile]
    const {stdout} = await promisify(execFile)('ssh', [...file, ...words, '--', host], {timeout: 10_000})
    for (const line of stdout.split('\n')) {
      const blank = line.indexOf(' ')
      if (blank < 0) continue
      const key = line.slice(0, blank)
      options.set(key, [...(options.get(key) ?? []), line.slice(blank + 1)])
    }
  } catch {
    // no ssh on this machine, or one without -G (before OpenSSH 6.8): the defaults apply
  }
  return options
}

/** `none`, `SSH_AUTH_SOCK`, `$VARIABLE`, or a path. */
function agentOf(option: string | undefined): string | null {
  if (option === 'none') return null
  if (option === undefined || option === 'SSH_AUTH_SOCK') return process.env['SSH_AUTH_SOCK'] ?? null
  return option.startsWith('$') ? (process.env[option.slice(1)] ?? null) : expand(option, {})
}

/** A jump host is a proxy command of ssh's own: it authenticates and checks that host as ssh does, and never asks. */
function proxyOf(
  command: string | undefined,
  jump: string | undefined,
  tokens: Tokens,
  configFile: string | undefined,
): string | null {
  if (command !== undefined && command !== 'none') return expand(command, tokens)
  if (jump === undefined || jump === 'none') return null
  const hops = jump.split(',')
  const last = hops.pop() ?? ''
  const via = hops.length === 0 ? [] : ['-J', quote(hops.join(','))]
  const file = configFile === undefined ? [] : ['-F', quote(configFile)]
  const to = quote(`[${tokens['h']}]:${tokens['p']}`)
  return ['ssh', ...file, '-o', 'BatchMode=yes', ...via, '-W', to, '--', quote(sshUrl(last))].join(' ')
}

/** `user@host:port` → `ssh://user@host:port`, which ssh takes as one word. */
function sshUrl(hop: string): string {
  return hop.startsWith('ssh://') ? hop : `ssh://${hop}`
}

/** Of `%h`, `%p` … */
type Tokens = Readonly<Record<string, string>>

function expand(text: string, tokens: Tokens): string {
  const home = text.startsWith('~/') ? path.join(homedir(), text.slice(2)) : text
  return home.replace(/%([%a-zA-Z])/g, (all, token: string) => tokens[token] ?? all)
}
