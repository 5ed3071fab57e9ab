import {spawn} from 'node:child_process'
import type {CapturedDocument} from '../capture.js'
import type {CaptureCommand} from '../commands/captureCommands.js'
import {OutputBuffer} from './outputBuffer.js'

/** sbin is in no PATH but root's; the tools' messages are recognised in English. */
export const ENVIRONMENT = {LC_ALL: 'C', PATH: `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`}

/** Exit code of a command that its time limit ended, as `timeout` has it. */
export const TIMED_OUT = 124

/** What is left of a process group gets this long, in milliseconds, to close its output after it was killed. */
const GRACE = 500

/** Runs one command of the table on this machine. Never fails: what went wrong stands in the document. */
export function runLocal({document, seconds, maxBytes}: CaptureCommand, shell: string): Promise<CapturedDocument> {
  const began = performance.now()
  const output = new OutputBuffer(maxBytes)
  const errors = new OutputBuffer(64 << 10)
  return new Promise(resolve => {
    // A group of its own: `sudo` and `sh` may leave children that hold the pipe open
    const child = spawn('/bin/sh', ['-c', shell], {
      env: {...process.env, ...ENVIRONMENT},
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let timedOut = false
    let killed: NodeJS.Timeout | undefined
    const finish = (exitCode: number | null): void => {
      clearTimeout(timer)
      clearTimeout(killed)
      child.stdout.destroy()
      child.stderr.destroy()
      resolve({
        name: document,
        bytes: output.bytes(),
        command: shell,
        exitCode: timedOut ? TIMED_OUT : exitCode,
        stderr: errors.bytes().toString() + (timedOut ? `ekspath: killed after ${seconds} s\n` : ''),
        cut: timedOut || output.full,
        asRoot: process.getuid?.() === 0 || shell.startsWith('sudo '),
        milliseconds: Math.round(performance.now() - began),
      })
    }
    const kill = (): void => {
      if (child.pid !== undefined) killGroup(child.pid)
      killed = setTimeout(() => finish(null), GRACE)
    }
    const timer = setTimeout(() => {
      timedOut = true
      kill()
    }, seconds * 1000)
    child.stdout.on('data', (chunk: Buffer) => {
      if (!output.add(chunk)) kill()
    })
    child.stderr.on('data', (chunk: Buffer) => errors.add(chunk))
    child.on('error', error => {
      errors.add(Buffer.from(error.message))
      finish(127)
    })
    child.on('close', code => finish(code))
  })
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // it has ended meanwhile, or is root's: its own time limit is all there is
  }
}
