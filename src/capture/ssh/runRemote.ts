import type {Client, ClientChannel} from 'ssh2'
import type {CapturedDocument} from '../capture.js'
import type {CaptureCommand} from '../commands/captureCommands.js'
import {OutputBuffer} from '../local/outputBuffer.js'
import {quote} from '../stream/quote.js'

/** Exit code of `timeout`, and ours where the host has none. */
const TIMED_OUT = 124

/** `timeout` of the host goes first; this many milliseconds later we stop waiting. */
const GRACE = 3_000

export interface RemoteHost {
  readonly client: Client
  readonly root: boolean
  /** The host has `timeout`. */
  readonly timeout: boolean
}

/** Runs one command over a channel of its own. Never fails: a lost connection stands in the document. */
export async function runRemote(
  {client, root, timeout}: RemoteHost,
  command: CaptureCommand,
  shell: string,
): Promise<CapturedDocument> {
  const {document, seconds, maxBytes} = command
  const began = performance.now()
  const output = new OutputBuffer(maxBytes)
  const errors = new OutputBuffer(64 << 10)
  const limited = timeout ? `timeout ${seconds} sh -c ${quote(shell)}` : shell
  const script = `LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export LC_ALL PATH; ${limited}`
  // the login shell may be any: it gets but one word to read
  const ended = await openChannel(client, `exec sh -c ${quote(script)} </dev/null`)
    .then(channel => follow(channel, output, errors, seconds * 1000 + GRACE))
    .catch((error: unknown) => {
      errors.add(Buffer.from(`ekspath: ${(error as Error).message}\n`))
      return {exitCode: null, lost: true}
    })
  return {
    name: document,
    bytes: output.bytes(),
    command: shell,
    exitCode: ended.exitCode,
    stderr: errors.bytes().toString(),
    cut: ended.lost || ended.exitCode === TIMED_OUT || output.full,
    asRoot: root || shell.startsWith('sudo '),
    milliseconds: Math.round(performance.now() - began),
  }
}

/** A host may allow fewer sessions at a time than we ask for: the refused ones wait. */
const OPEN_ATTEMPTS = 40
const OPEN_PAUSE = 250

async function openChannel(client: Client, command: string): Promise<ClientChannel> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await new Promise((resolve, reject) => {
        client.exec(command, (error, channel) => (error === undefined ? resolve(channel) : reject(error)))
      })
    } catch (error) {
      if (attempt === OPEN_ATTEMPTS || !/open failure/i.test((error as Error).message)) throw error
      await new Promise(resolve => setTimeout(resolve, OPEN_PAUSE))
    }
  }
}

function follow(
  channel: ClientChannel,
  output: OutputBuffer,
  errors: OutputBuffer,
  milliseconds: number,
): Promise<{exitCode: number | null; lost: boolean}> {
  return new Promise(resolve => {
    let exitCode: number | null = null
    let exited = false
    const timer = setTimeout(() => {
      errors.add(Buffer.from('ekspath: no answer within the time limit\n'))
      exited = true
      exitCode = TIMED_OUT
      channel.close()
      resolve({exitCode, lost: false})
    }, milliseconds)
    channel.on('data', (chunk: Buffer) => {
      if (!output.add(chunk)) channel.close()
    })
    channel.stderr.on('data', (chunk: Buffer) => errors.add(chunk))
    channel.on('exit', (code: number | null) => {
      exited = true
      exitCode = code
    })
    channel.on('close', () => {
      clearTimeout(timer)
      if (!exited && !output.full) errors.add(Buffer.from('ekspath: the connection was lost\n'))
      resolve({exitCode, lost: !exited && !output.full})
    })
  })
}
