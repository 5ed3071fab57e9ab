import {mkdir} from 'node:fs/promises'
import path from 'node:path'
import type {Capture, CollectOptions} from '../capture/index.js'
import type {CapturedNode, CaptureReport} from '../model/index.js'
import {EXIT, type ExitCode} from './exitCode.js'
import {toFailure} from './failure.js'
import type {SshFlagValues} from './sourceFlags.js'
import {sshOptions} from './sshOptions.js'
import {UsageError} from './usageError.js'

interface Wanted extends SshFlagValues {
  /** Empty: this machine. */
  readonly hosts: readonly string[]
  readonly output: string
  /** Of ekspath, for capture.json. */
  readonly version: string
  readonly onProgress: (host: string, done: number, total: number) => void
}

/**
 * Captures this node, or hosts over SSH side by side: one that cannot be reached does not keep the others from being captured.
 * @throws UsageError where the output cannot hold them
 */
export async function captureNodes(wanted: Wanted): Promise<{report: CaptureReport; exitCode: ExitCode}> {
  const {hosts, output} = wanted
  if (hosts.length === 0) return reportOf([await captureOne(wanted, null, output)])
  if (hosts.length === 1) return reportOf([await captureOne(wanted, hosts[0] ?? '', output)])
  if (new Set(hosts).size < hosts.length) throw new UsageError('--ssh names a host twice: each is captured once.')
  return reportOf(await Promise.all(hosts.map(host => captureOne(wanted, host, path.join(output, fileOf(host))))))
}

/** `ec2-user@10.0.0.1:22` → `ec2-user@10.0.0.1_22.tar.gz` */
function fileOf(host: string): string {
  return `${host.replace(/^ssh:\/\//, '').replace(/[^\w.@-]/g, '_')}.tar.gz`
}

async function captureOne(wanted: Wanted, host: string | null, file: string): Promise<CapturedNode> {
  const {writeCapture} = await import('../capture/index.js')
  try {
    const capture = await collect(wanted, host)
    await mkdir(path.dirname(file), {recursive: true})
    await writeCapture(capture, file, wanted.version)
    const failed = capture.documents.filter(({exitCode}) => exitCode !== null && exitCode !== 0).map(({name}) => name)
    return {host, file, documents: capture.documents.length, failed, error: lossOf(capture)}
  } catch (error) {
    const {code, message, nextSteps} = toFailure(error, [])
    if (wanted.hosts.length < 2 || code === 'BUG') throw error
    return {host, file: null, documents: 0, failed: [], error: [message, ...nextSteps].join(' ')}
  }
}

/** What is there is kept: an answer says what it lacks. Null: the capture is whole. */
function lossOf({diagnostics}: Capture): string | null {
  const [first, ...others] = diagnostics.filter(({severity}) => severity === 'error')
  if (first === undefined) return null
  return `${first.text}${others.length === 0 ? '' : ` So it was with ${others.length} more commands.`}`
}

async function collect(wanted: Wanted, host: string | null): Promise<Capture> {
  const {collectLocal, collectSsh} = await import('../capture/index.js')
  const options: CollectOptions = {onProgress: (done, total) => wanted.onProgress(host ?? 'this node', done, total)}
  return host === null ? collectLocal(options) : collectSsh(host, {...options, ...sshOptions(wanted)})
}

function reportOf(nodes: CapturedNode[]): {report: CaptureReport; exitCode: ExitCode} {
  return {
    report: {schema: 'ekspath.capture-report/1', nodes},
    exitCode: nodes.some(({error}) => error !== null) ? EXIT.collection : EXIT.arrives,
  }
}
