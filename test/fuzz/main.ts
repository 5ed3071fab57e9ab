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
  /** The input under way, for whoever watches. */
  readonly current: Int32Array
}

/** Without progress for so many seconds the worker is taken to hang. */
const PATIENCE = 20

/** Of the whole process, in MiB. */
const MEMORY = 512

async function work({seed, first, inputs, current}: Job): Promise<void> {
  const onInput = (input: number): void => void Atomics.store(current, 0, input)
  parentPort?.postMessage(await fuzz({targets: fuzzTargets(), seed, first, inputs, onInput}))
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
  const current = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL(import.meta.url), {
    workerData: {seed, first, inputs, current},
    resourceLimits: {maxOldGenerationSizeMb: 300, maxYoungGenerationSizeMb: 32},
  })
  const began = performance.now()
  let last = -1
  let still = 0
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
    const at = Atomics.load(current, 0)
    still = at === last ? still + 1 : 0
    last = at
    if (still < PATIENCE * 4) return
    console.log(`input ${at} hangs: npm run fuzz -- --seed ${seed} --first ${at} --inputs 1`)
    process.exit(1)
  }, 250)
  worker.on('error', error => {
    console.log(`input ${Atomics.load(current, 0)}: ${error.stack ?? error.message}`)
    process.exit(1)
  })
  worker.on('message', (report: FuzzReport) => {
    clearInterval(timer)
    const seconds = Math.round((performance.now() - began) / 1000)
    const most = Math.round(Math.max(peak, process.memoryUsage.rss()) / (1 << 20))
    for (const {input, target, text} of report.failures) console.log(`input ${input}, ${target}: ${text}\n`)
    const {slowest, costs} = report
    const dearest = [...costs].sort((a, b) => b[1] - a[1]).slice(0, 5)
    console.log(`most time: ${dearest.map(([name, cost]) => `${name} ${Math.round(cost / 1000)} s`).join(', ')}`)
    console.log(
      `${report.inputs} inputs, seed ${seed}: ${report.failures.length} failures, slowest ${Math.round(slowest.milliseconds)} ms (input ${slowest.input}, ${slowest.target}), peak ${most} MiB, ${seconds} s`,
    )
    process.exitCode = report.failures.length > 0 || most > MEMORY ? 1 : 0
  })
}

if (isMainThread) watch()
else await work(workerData as Job)
