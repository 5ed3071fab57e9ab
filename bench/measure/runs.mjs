import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

const HOOK = fileURLToPath(new URL('reportUsage.cjs', import.meta.url))
const EKSPATH = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/** @typedef {readonly [program: string, ...args: string[]]} Command */

/** @returns {Command} */
export function ekspath(...args) {
  return [process.execPath, EKSPATH, ...args]
}

/** @returns {Command} */
export function node(...args) {
  return [process.execPath, ...args]
}

/** Wall-clock time of a whole process, in ms; its output is thrown away. @param {Command} command */
export function timeOnce([program, ...args]) {
  const start = performance.now()
  const {status, error, stderr} = spawnSync(program, args, {stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8'})
  const ms = performance.now() - start
  // 1: some outcome does not arrive, an audit found something
  if (error !== undefined || (status !== 0 && status !== 1))
    throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${error?.message ?? stderr}`)
  return ms
}

/**
 * Two commands by turns, so that whatever else the machine does hits both alike.
 * @param {Command} own @param {Command} peer @param {number} times
 * @returns {{ms: number, peerMs: number, ratio: number}} medians; the ratio is that of the pairs' ratios
 */
export function timePairs(own, peer, times) {
  timeOnce(own) // files into the page cache
  timeOnce(peer)
  const pairs = Array.from({length: times}, (_, i) => {
    const first = timeOnce(i % 2 === 0 ? own : peer)
    const second = timeOnce(i % 2 === 0 ? peer : own)
    return i % 2 === 0 ? {ms: first, peerMs: second} : {ms: second, peerMs: first}
  })
  return {
    ms: median(pairs.map(({ms}) => ms)),
    peerMs: median(pairs.map(({peerMs}) => peerMs)),
    ratio: median(pairs.map(({ms, peerMs}) => ms / peerMs)),
  }
}

/**
 * What a run of ekspath used: CPU time of all its threads, which other processes hardly change, and its peak of resident memory.
 * @param {Command} command @returns {{cpuMs: number, peakMB: number}}
 */
export function usageOf([program, ...args]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ekspath-usage-'))
  const file = path.join(folder, 'usage.json')
  try {
    const {status, stderr} = spawnSync(program, ['-r', HOOK, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: {...process.env, EKSPATH_BENCH_USAGE: file},
    })
    if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
    return JSON.parse(readFileSync(file, 'utf8'))
  } finally {
    rmSync(folder, {recursive: true})
  }
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
