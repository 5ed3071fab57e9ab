/**
 * `npm run fuzz`: see scripts/fuzz.mjs, which bundles this and starts it. The inputs are fed in a worker, so that one that never ends can be named.
 */
import {parseArgs} from 'node:util'
import {isMainThread, parentPort, Worker, workerData} from 'node:worker_threads'
import {fuzz, type FuzzReport} from './fuzz.js'
import {fuzzTargets} from './targets.js'

interface Job {
  readonly seed: number
  readonly first: number
  readonly inputs: number
  /** The input under way, for whoever watches, and the number of its target. */
  readonly current: Int32Array
}

/** Without progress for so many seconds of computing the worker is taken to hang. Time that other work on the machine takes does not count. */
const PATIENCE = 60

/** Without progress and without computing: it waits for what never comes. In seconds of the clock. */
const STUCK = 600

/** Of the whole process, in MiB. */
const MEMORY = 512

async function work({seed, first, inputs, current}: Job): Promise<void> {
  const targets = fuzzTargets()
  const numbers = new Map(targets.map(({name}, number) => [name, number]))
  const onInput = (input: number, target: string): void => {
    Atomics.store(current, 0, input)
    Atomics.store(current, 1, numbers.get(target) ?? 0)
  }
  parentPort?.postMessage(await fuzz({targets, seed, first, inputs, onInput}))
}

/** @returns whether the same input has been under way for too long */
function watchProgress(current: Int32Array): () => boolean {
  let last = -1
  let since = {cpu: process.cpuUsage(), clock: performance.now()}
  return () => {
    const at = Atomics.load(current, 0)
    if (at !== last) since = {cpu: process.cpuUsage(), clock: performance.now()}
    last = at
    const {user, system} = process.cpuUsage(since.cpu)
    return (user + system) / 1e6 > PATIENCE || (performance.now() - since.clock) / 1000 > STUCK
  }
}

function watch(): void {
  const {values} = parseArgs({
    options: {
      inputs: {type: 'string', default: '100000'},
      seed: {type: 'string', default: '1'},
      first: {type: 'string', default: '0'},
    },
  })
  const [seed, first, inputs] = [Number(values.seed), Number(values.first), Number(values.inputs)]
  const current = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(new URL(import.meta.url), {
    workerData: {seed, first, inputs, current},
    resourceLimits: {maxOldGenerationSizeMb: 300, maxYoungGenerationSizeMb: 32},
  })
  const began = performance.now()
  const isStuck = watchProgress(current)
  let peak = 0
  const place = (): string => {
    const target = fuzzTargets()[Atomics.load(current, 1)]?.name
    const at = Atomics.load(current, 0)
    return `input ${at}, ${target}, peak ${Math.round(peak / (1 << 20))} MiB: npm run fuzz -- --seed ${seed} --first ${at} --inputs 1`
  }
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
    if (!isStuck()) return
    console.log(`hangs: ${place()}`)
    process.exit(1)
  }, 250)
  worker.on('error', error => {
    console.log(`${error.stack ?? error.message}: ${place()}`)
    process.exit(1)
  })
  worker.on('message', (report: FuzzReport) => {
    clearInterval(timer)
    const seconds = Math.round((performance.now() - began) / 1000)
    const most = Math.round(Math.max(peak, process.memoryUsage.rss()) / (1 << 20))
    for (const {input, target, text} of report.failures) console.log(`input ${input}, ${target}: ${text}\n`)
    const {slowest, slowestAnswer, costs} = report
    const dearest = [...costs].sort((a, b) => b[1] - a[1]).slice(0, 5)
    console.log(`most time: ${dearest.map(([name, cost]) => `${name} ${Math.round(cost / 1000)} s`).join(', ')}`)
    console.log(
      `slowest answer ${Math.round(slowestAnswer.milliseconds)} ms (input ${slowestAnswer.input}), slowest reading ${Math.round(slowest.milliseconds)} ms (input ${slowest.input}, ${slowest.target})`,
    )
    console.log(
      `${report.inputs} inputs, seed ${seed}: ${report.failures.length} failures, peak ${most} MiB, ${seconds} s`,
    )
    process.exitCode = report.failures.length > 0 || most > MEMORY ? 1 : 0
  })
}

if (isMainThread) watch()
else await work(workerData as Job)
