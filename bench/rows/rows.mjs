import {megabytes, rulesOf} from '../inputs/prepare.mjs'
import {makeService} from '../inputs/services.mjs'
import {ekspath, median, node, timePairs, usageOf} from '../measure/runs.mjs'

/** @typedef {import('../inputs/prepare.mjs').Inputs} Inputs */
/** @typedef {import('../inputs/prepare.mjs').Shape} Shape */

/**
 * How much is measured: `full` is what docs/performance.md shows, `quick` what CI can wait for.
 * @typedef {object} Scale
 * @property {number} startPairs @property {number} pairs @property {number} runs
 * @property {Shape} large @property {Shape} huge @property {Shape} nft @property {Shape} largest @property {Shape} crowded
 * @property {number} archiveBytes
 * @property {readonly [few: number, many: number]} flows
 * @property {readonly [few: number, many: number]} nftFlows fewer: each takes four times as long
 */

/**
 * @typedef {object} Result
 * @property {string} row
 * @property {string} own what ekspath took
 * @property {string} peer what it is compared with
 * @property {number} value
 * @property {number} bar
 * @property {'most' | 'least'} kind is the bar the most or the least that is allowed
 * @property {string} unit
 */

/** @returns {AsyncGenerator<Result>} @param {Scale} scale @param {Inputs} inputs */
export async function* measureAll(scale, inputs) {
  yield* startUp(scale)
  yield* cold('cold explain', scale.large, 0.75, scale, inputs)
  yield* cold('cold explain', scale.huge, 0.6, scale, inputs)
  yield* cold('cold explain', scale.nft, 0.75, scale, inputs)
  yield* bulk(scale.large, scale, inputs)
  yield* bulk(scale.nft, {...scale, flows: scale.nftFlows}, inputs)
  yield growth(scale, inputs)
  yield* largest(scale, inputs)
  yield audit(scale, inputs)
  yield await archive(scale, inputs)
}

const SAMPLE = ['explain', '--from', 'sample:net410', '--src', '192.168.7.62', '--dst', '10.100.0.10:53']

function* startUp({startPairs}) {
  const rows = [
    ['start-up: explain of net410, text', SAMPLE, 2.2],
    ['--version', ['--version'], 1.5],
    ['--help', ['--help'], 2.2],
  ]
  for (const [row, args, bar] of rows)
    yield paired(row, ekspath(...args), node('-e', '0'), bar, startPairs, 'node -e 0')
}

/** The last service: whoever looks through rules one by one goes through all of them. */
function explainLast(capture, {services, endpoints}) {
  const {address, port} = makeService(services - 1, endpoints)
  return ekspath('explain', '--from', capture, '--src', '10.0.16.3', '--dst', `${address}:${port}`, '--proto', 'tcp')
}

/** A capture and the peer that reads the same services: what restores them, checking only. */
function* cold(row, shape, bar, {pairs, runs}, inputs) {
  const capture = inputs.capture(shape)
  const own = explainLast(capture, shape)
  const name = `${row}, ${sizeOf(shape)}`
  const save = rulesOf(inputs.capture({...shape, mode: 'iptables'}))
  yield paired(name, own, ['iptables-legacy-restore', '--test', save], bar, pairs, 'iptables-legacy-restore --test')
  const file = megabytes(rulesOf(capture))
  yield peak(name, own, 60 + 4 * file, runs, `60 MB + 4 × ${file.toFixed(1)} MB`)
}

function* bulk(shape, scale, inputs) {
  const rows = [
    ['bulk, --brief', ['--brief'], 50_000],
    ['bulk with steps and reply', [], 10_000],
  ]
  for (const [row, flags, bar] of rows) {
    const cost = costPerFlow(shape, flags, scale, inputs)
    const own = `${(cost * 1000).toFixed(1)} µs a flow`
    const peer = `${scale.flows[0]} to ${scale.flows[1]} flows`
    yield {row: `${row}, ${sizeOf(shape)}`, own, peer, value: 1000 / cost, bar, kind: 'least', unit: 'flows/s'}
  }
}

function growth(scale, inputs) {
  const few = {...scale.huge, services: 50}
  const small = costPerFlow(few, ['--brief'], scale, inputs)
  const large = costPerFlow(scale.huge, ['--brief'], scale, inputs)
  return {
    row: `growth: a flow at ${scale.huge.services} services against 50`,
    own: `${(large * 1000).toFixed(1)} µs`,
    peer: `${(small * 1000).toFixed(1)} µs`,
    value: large / small,
    bar: 1.5,
    kind: 'most',
    unit: '×',
  }
}

/** ms of CPU time for one more flow: what many flows cost more than few. Start-up and reading the capture cancel out. */
function costPerFlow(shape, flags, {flows: [few, many], runs}, inputs) {
  const capture = inputs.capture(shape)
  const cpu = count =>
    median(
      Array.from(
        {length: runs},
        () => usageOf(ekspath('explain', '--from', capture, '--flows', inputs.flows(shape, count), ...flags)).cpuMs,
      ),
    )
  return (cpu(many) - cpu(few)) / (many - few)
}

function* largest({largest: shape, runs}, inputs) {
  const own = explainLast(inputs.capture(shape), shape)
  const uses = Array.from({length: runs}, () => usageOf(own))
  const row = `the largest save, ${megabytes(rulesOf(inputs.capture(shape))).toFixed(0)} MB`
  const seconds = median(uses.map(({cpuMs}) => cpuMs)) / 1000
  yield {row, own: `${seconds.toFixed(2)} s of CPU time`, peer: '', value: seconds, bar: 5, kind: 'most', unit: 's'}
  yield peak(row, own, 1000, runs, '')
}

function audit({crowded, pairs}, inputs) {
  const capture = inputs.capture(crowded)
  const row = `audit, ${crowded.pods} pods, ${sizeOf(crowded)}`
  return paired(
    row,
    ekspath('audit', '--from', capture),
    explainLast(capture, crowded),
    1.5,
    pairs,
    'explain of the same',
  )
}

async function archive({crowded, archiveBytes, pairs}, inputs) {
  const file = await inputs.archive(crowded, archiveBytes)
  const row = `a tar.gz of ${megabytes(file).toFixed(0)} MB`
  return paired(row, explainLast(file, crowded), ['gzip', '-dc', file], 1.3, pairs, 'gzip -dc')
}

function paired(row, own, peer, bar, pairs, peerName) {
  const {ms, peerMs, ratio} = timePairs(own, peer, pairs)
  return {
    row,
    own: `${ms.toFixed(0)} ms`,
    peer: `${peerName}: ${peerMs.toFixed(0)} ms`,
    value: ratio,
    bar,
    kind: 'most',
    unit: '×',
  }
}

function peak(row, own, bar, runs, allowed) {
  const value = median(Array.from({length: runs}, () => usageOf(own).peakMB))
  return {
    row: `${row}: peak memory`,
    own: `${value.toFixed(0)} MB`,
    peer: allowed,
    value,
    bar,
    kind: 'most',
    unit: 'MB',
  }
}

function sizeOf({services, endpoints, mode = 'iptables'}) {
  return `${services} services × ${endpoints}${mode === 'nftables' ? ', nftables' : ''}`
}
