import {existsSync} from 'node:fs'
import {hostname} from 'node:os'
import type {Capture, CapturedDocument} from '../capture.js'
import {CAPTURE_COMMANDS, type CaptureCommand} from '../commands/captureCommands.js'
import {CollectionError} from '../errors.js'
import {mapLimited} from './mapLimited.js'
import {runLocal} from './runLocal.js'
import {withPrivilege} from '../commands/withPrivilege.js'

/** Few at a time: the node has other work, and some commands wait for the same kernel lock. */
const AT_ONCE = 4

export interface CollectOptions {
  readonly commands?: readonly CaptureCommand[]
  /** Called after each command. */
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Runs the read-only commands on this machine.
 * @throws CollectionError where it is no Linux, or has no `ip`
 */
export async function collectLocal({commands = CAPTURE_COMMANDS, onProgress}: CollectOptions = {}): Promise<Capture> {
  if (process.platform !== 'linux') throw noNode(`This machine runs ${process.platform}, not Linux`)
  const capturedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const isRoot = process.getuid?.() === 0
  const sudo = !isRoot && ['/usr/bin/sudo', '/bin/sudo', '/usr/local/bin/sudo'].some(file => existsSync(file))
  let done = 0
  const documents = await mapLimited(commands, AT_ONCE, async command => {
    const document = await runLocal(command, withPrivilege(command, sudo))
    onProgress?.(++done, commands.length)
    return document
  })
  if (!documents.some(answered)) throw noNode('No command of a node’s networking works on this machine')
  return {origin: 'live', hostname: hostname(), capturedAt, documents: documents.filter(ran), diagnostics: []}
}

/** `ip rule` works for every user wherever there is an `ip` at all. */
function answered({name, exitCode, bytes}: CapturedDocument): boolean {
  return (name === 'ip-rule.txt' || name === 'ip-rule6.txt') && exitCode === 0 && bytes.length > 0
}

/** 127: the tool is not installed. Its document is missing, which is what the report says; it is not empty. */
function ran({exitCode, bytes}: CapturedDocument): boolean {
  return exitCode !== 127 || bytes.length > 0
}

function noNode(what: string): CollectionError {
  return new CollectionError(`${what}: there is no node state to read here.`, {
    nextSteps: [
      '`--from DIR|FILE` reads a capture; `ekspath capture --script` prints a script that makes one on the node.',
      '`--from sample:net410` is a bundled one.',
    ],
  })
}
