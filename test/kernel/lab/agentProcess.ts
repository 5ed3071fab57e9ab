import {type ChildProcess, spawn} from 'node:child_process'
import path from 'node:path'
import {createInterface, type Interface} from 'node:readline'

const AGENT = path.resolve('test/kernel/agent.py')

/** One NFT_MSG_TRACE. Absent members had nothing to say. */
export interface TraceEvent {
  readonly id: number
  readonly family?: string
  readonly table?: string
  readonly chain?: string
  readonly kind?: 'policy' | 'return' | 'rule'
  readonly handle?: number
  readonly verdict?: string
  readonly policy?: string
  readonly mark?: number
  /** Kernel index. */
  readonly iif?: number
  readonly oif?: number
  /** Hexadecimal: the network header, and up to 20 bytes of the transport header. Only in a base chain's first event. */
  readonly network?: string
  readonly transport?: string
}

/** One TRACE line of the legacy backend: `filter:FORWARD:rule:2`, and the packet it speaks of. */
export interface LogRow {
  readonly family: string
  readonly prefix: string
  readonly packet: string
  readonly mark: number
}

export interface Collected {
  readonly events: readonly TraceEvent[]
  /** Frames that came out on the far side: interface, hexadecimal. */
  readonly frames: readonly (readonly [string, string])[]
  readonly log: readonly LogRow[]
  /** Reasons of skb:kfree_skb. */
  readonly drops: readonly string[]
  /** Own packets: the name of the error that the system call returned. */
  readonly errno?: string | null
}

export interface Attached {
  readonly interfaces: Readonly<Record<string, string>>
  /** `ip filter FORWARD` → handles of its rules, in order. */
  readonly handles: Readonly<Record<string, readonly number[]>>
  /** False where the kernel does not let us trace freed packets. */
  readonly dropReasons: boolean
}

export interface RouteAnswer {
  readonly error?: string
  readonly type?: string
  readonly table?: number
  readonly prefix?: string
  readonly length?: number
  readonly interface?: string
  readonly gateway?: string
}

/** Operations of agent.py and their answers. */
interface Operations {
  attach: Attached
  forget: Collected
  listen: object
  inject: Collected
  emit: Collected
  route: RouteAnswer
  sysctl: {readonly written: boolean}
  detach: object
}

/** The Python process that sends and observes; commands are answered in order. */
export class AgentProcess {
  readonly #child: ChildProcess
  readonly #lines: Interface
  readonly #waiting: {resolve: (line: string) => void; reject: (error: Error) => void}[] = []

  /** @param cpu which of the processors it may use is its only one */
  constructor(cpu: number) {
    this.#child = spawn('python3', [AGENT, String(cpu)], {stdio: ['pipe', 'pipe', 'inherit']})
    if (this.#child.stdout === null) throw new Error('the agent has no standard output')
    this.#lines = createInterface({input: this.#child.stdout})
    this.#lines.on('line', line => this.#waiting.shift()?.resolve(line))
    this.#child.on('exit', code => {
      for (const {reject} of this.#waiting.splice(0)) reject(new Error(`the agent ended with ${String(code)}`))
    })
  }

  async ask<Op extends keyof Operations>(op: Op, parameters: object = {}): Promise<Operations[Op]> {
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting.push({resolve, reject})
      this.#child.stdin?.write(`${JSON.stringify({op, ...parameters})}\n`)
    })
    const answer = JSON.parse(line) as Operations[Op] & {failure?: string}
    if (answer.failure !== undefined) throw new Error(`agent ${op} ${JSON.stringify(parameters)}: ${answer.failure}`)
    return answer
  }

  async end(): Promise<void> {
    await new Promise<void>(resolve => {
      this.#child.on('exit', () => resolve())
      this.#child.stdin?.end()
    })
    this.#lines.close()
  }
}
