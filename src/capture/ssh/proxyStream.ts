import {type ChildProcessByStdio, spawn} from 'node:child_process'
import {Duplex, type Readable, type Writable} from 'node:stream'
import {OutputBuffer} from '../local/outputBuffer.js'

export interface ProxyStream {
  readonly stream: Duplex
  /** What the command said on stderr until now. */
  stderr(): string
  close(): void
}

/** Runs a ProxyCommand, whose standard input and output are the connection to the host. */
export function openProxy(command: string): ProxyStream {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn('/bin/sh', ['-c', `exec ${command}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const errors = new OutputBuffer(16 << 10)
  child.stderr.on('data', (chunk: Buffer) => errors.add(chunk))
  const stream = Duplex.from({readable: child.stdout, writable: child.stdin})
  child.on('error', error => stream.destroy(error))
  return {stream, stderr: () => errors.bytes().toString(), close: () => void child.kill()}
}
