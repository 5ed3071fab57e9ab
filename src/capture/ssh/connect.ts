import {readFile} from 'node:fs/promises'
import type {AuthHandlerMiddleware, Client, ServerHostKeyAlgorithm} from 'ssh2'
import {CollectionError} from '../errors.js'
import {entriesOf, type KnownHost, parseKnownHosts} from './knownHosts.js'
import {openProxy, type ProxyStream} from './proxyStream.js'
import {type AskPassphrase, authMethods} from './authMethods.js'
import type {SshConfig} from './sshConfig.js'
import {refuseHostKey} from './verifyHostKey.js'

export interface ConnectOptions {
  /** As the user named the host. */
  readonly label: string
  /** `SHA256:…`; the only key that is accepted. */
  readonly hostKey?: string | undefined
  /** Instead of those of the configuration. */
  readonly knownHosts?: readonly string[] | undefined
  readonly askPassphrase?: AskPassphrase | undefined
  readonly connectSeconds?: number | undefined
}

export interface Connection {
  readonly client: Client
  close(): void
}

const CONNECT_SECONDS = 20

/** How long a person may think about a passphrase; sshd's own limit (LoginGraceTime) is as long. */
const PASSPHRASE_SECONDS = 120

/** A host that does not answer for three of these is gone. */
const KEEPALIVE = 5_000

/** Connects and logs in. @throws CollectionError */
export async function connect(config: SshConfig, options: ConnectOptions): Promise<Connection> {
  const {default: ssh2} = await import('ssh2')
  const {label, hostKey, connectSeconds = CONNECT_SECONDS} = options
  const known = await readKnownHosts(options.knownHosts ?? config.knownHosts)
  const identity = {label, name: config.hostKeyName, port: config.port}
  const offers: Offers = {made: 0, locked: []}
  const proxy = config.proxyCommand === null ? null : openProxy(config.proxyCommand)
  const client = new ssh2.Client()
  let refused: CollectionError | null = null
  const close = (): void => {
    client.end()
    proxy?.close()
  }
  const limit = setTimeout(() => client.destroy(), connectSeconds * 1000)
  try {
    await new Promise<void>((resolve, reject) => {
      client.on('handshake', () => clearTimeout(limit))
      client.on('ready', resolve)
      client.on('error', error =>
        reject(
          refused ??
            (offers.made === 0 && isRefusal(error)
              ? noKey(label, offers.locked)
              : failure(error, label, config, proxy)),
        ),
      )
      client.on('close', () =>
        reject(refused ?? failure(new Error('no answer, or the host closed the connection'), label, config, proxy)),
      )
      client.connect({
        host: config.hostname,
        port: config.port,
        username: config.user,
        ...(proxy === null ? {} : {sock: proxy.stream}),
        authHandler: offerOneByOne(
          authMethods(config, options.askPassphrase, file => offers.locked.push(file)),
          offers,
        ),
        readyTimeout: options.askPassphrase === undefined ? connectSeconds * 1000 : PASSPHRASE_SECONDS * 1000,
        keepaliveInterval: KEEPALIVE,
        keepaliveCountMax: 3,
        ...hostKeyOrder(entriesOf(known, config.hostKeyName, config.port)),
        hostVerifier: (key: Buffer) => {
          refused = refuseHostKey(key, identity, known, hostKey)
          return refused === null
        },
      })
    })
  } catch (error) {
    close()
    throw error
  } finally {
    clearTimeout(limit)
  }
  // whoever uses the connection hears of its end by the end of the channels
  client.on('error', () => undefined)
  return {client, close}
}

interface Offers {
  made: number
  /** Key files that no passphrase opened. */
  readonly locked: string[]
}

function offerOneByOne(methods: ReturnType<typeof authMethods>, offers: Offers): AuthHandlerMiddleware {
  return (_left, _partial, next) => {
    void methods.next().then(({value}) => {
      if (value !== undefined) offers.made++
      next(value ?? (false as never)) // false: nothing is left to try
    })
  }
}

function isRefusal(error: Error & {level?: string}): boolean {
  return error.level === 'client-authentication'
}

async function readKnownHosts(files: readonly string[]): Promise<KnownHost[]> {
  const texts = await Promise.all(files.map(async file => ({file, text: await readFile(file, 'utf8').catch(() => '')})))
  return texts.flatMap(({file, text}) => parseKnownHosts(text, file))
}

const RSA: readonly ServerHostKeyAlgorithm[] = ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']
const HOST_KEYS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  ...RSA,
]

/** A server has several keys and shows one: ask first for a kind that is known, as ssh does. */
function hostKeyOrder(entries: readonly KnownHost[]): {algorithms?: {serverHostKey: ServerHostKeyAlgorithm[]}} {
  const types = new Set(entries.filter(({marker}) => marker === null).map(({type}) => type))
  if (types.size === 0) return {}
  const isKnown = (algorithm: ServerHostKeyAlgorithm): boolean =>
    types.has(algorithm) || (types.has('ssh-rsa') && RSA.includes(algorithm))
  return {algorithms: {serverHostKey: [...HOST_KEYS.filter(isKnown), ...HOST_KEYS.filter(name => !isKnown(name))]}}
}

function noKey(label: string, locked: readonly string[]): CollectionError {
  const reason =
    locked.length === 0
      ? 'no agent, and no key file that can be read'
      : `no agent, and ${locked.join(', ')} stays locked: no passphrase was given, or a wrong one`
  return new CollectionError(`${label}: there is no key to log in with: ${reason}.`, {
    host: label,
    nextSteps: ['`ssh-add` a key, or name one with IdentityFile in ~/.ssh/config. Passwords are not used.'],
  })
}

function failure(
  error: Error & {level?: string},
  label: string,
  config: SshConfig,
  proxy: ProxyStream | null,
): CollectionError {
  const said = proxy?.stderr().trim() ?? ''
  const via = proxy === null ? '' : ` through \`${config.proxyCommand}\``
  const text = isRefusal(error)
    ? `${label} accepts none of the keys for user ${config.user}`
    : `${label} (${config.hostname}:${config.port}) cannot be reached${via}: ${error.message}`
  return new CollectionError(`${text}.${said === '' ? '' : ` ${said.split('\n').at(-1)}`}`, {
    host: label,
    stderr: said,
    nextSteps: [`Try \`ssh ${label} true\`.`],
    cause: error,
  })
}
