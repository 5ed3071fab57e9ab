import type {Diagnostic} from '../../model/index.js'
import type {Capture, CapturedDocument} from '../capture.js'
import {CAPTURE_COMMANDS, type CaptureCommand} from '../commands/captureCommands.js'
import {withPrivilege} from '../commands/withPrivilege.js'
import {CollectionError} from '../errors.js'
import type {CollectOptions} from '../local/collectLocal.js'
import {mapLimited} from '../local/mapLimited.js'
import {connect, type ConnectOptions} from './connect.js'
import {type RemoteHost, runRemote} from './runRemote.js'
import {readSshConfig} from './sshConfig.js'
import {parseSshTarget} from './sshTarget.js'

/** sshd allows ten sessions a connection by default (MaxSessions). */
const CHANNELS = 8

export interface SshOptions extends CollectOptions, Omit<ConnectOptions, 'label'> {
  /** For `ssh -F`, instead of the user's own configuration. */
  readonly configFile?: string
}

/** What is asked first: who we are there, and what the host has. */
const PROBE: CaptureCommand = {
  document: 'probe',
  command:
    'id -u; uname -n; date -u +%Y-%m-%dT%H:%M:%SZ; command -v sudo || echo; command -v timeout || echo; command -v ip || echo',
  why: '',
  seconds: 15,
  family: null,
  root: false,
  maxBytes: 4096,
}

/**
 * Runs the read-only commands on a host over SSH. A connection that is lost half-way leaves what was read until then, and says so.
 * @param destination `[user@]host[:port]`, also an alias of ~/.ssh/config
 * @throws UsageError, CollectionError
 */
export async function collectSsh(destination: string, options: SshOptions = {}): Promise<Capture> {
  const {commands = CAPTURE_COMMANDS, onProgress, configFile} = options
  const config = await readSshConfig(parseSshTarget(destination), configFile)
  const connection = await connect(config, {...options, label: destination})
  try {
    const probe = await runRemote({client: connection.client, root: false, timeout: false}, PROBE, PROBE.command)
    const [uid, host = '', time = '', sudo, timeout, ip] = Buffer.from(probe.bytes).toString().split('\n')
    if (uid === undefined || !/^\d+$/.test(uid)) throw noShell(destination, probe)
    if (ip === undefined || ip === '') throw noNode(destination)
    const remote: RemoteHost = {client: connection.client, root: uid === '0', timeout: timeout !== ''}
    let done = 0
    const documents = await mapLimited(commands, CHANNELS, async command => {
      const document = await runRemote(remote, command, withPrivilege(command, !remote.root && sudo !== ''))
      onProgress?.(++done, commands.length)
      return document
    })
    return {
      origin: `ssh://${destination.replace(/^ssh:\/\//, '')}`,
      hostname: host === '' ? null : host,
      capturedAt: time === '' ? null : time,
      documents: documents.filter(ran),
      diagnostics: documents.filter(isLost).map(lostDiagnostic),
    }
  } finally {
    connection.close()
  }
}

/** 127: the tool is not installed. */
function ran({exitCode, bytes, cut}: CapturedDocument): boolean {
  return (exitCode !== 127 || bytes.length > 0) && !(cut && bytes.length === 0)
}

function isLost({cut, exitCode}: CapturedDocument): boolean {
  return cut && exitCode === null
}

function lostDiagnostic({name, command, bytes}: CapturedDocument): Diagnostic {
  const kept = bytes.length === 0 ? 'nothing of its output is there' : 'its output ends in the middle'
  const text = `The connection was lost while \`${command}\` ran: ${kept}.`
  return {code: 'TRUNCATED', severity: 'error', text, source: {document: name, line: 1}}
}

function noShell(destination: string, {stderr, bytes}: CapturedDocument): CollectionError {
  const said = `${stderr}${Buffer.from(bytes).toString()}`.trim().split('\n')[0] ?? ''
  return new CollectionError(`${destination} lets us in but runs no commands: ${said === '' ? 'no answer' : said}.`, {
    host: destination,
    stderr,
  })
}

function noNode(destination: string): CollectionError {
  return new CollectionError(`${destination} has no \`ip\`: it is no node, or a container without its tools.`, {
    host: destination,
  })
}
