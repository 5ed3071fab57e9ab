/**
 * `npm run bench`: how fast ekspath is, beside a peer that does something comparable, on this machine, now. Makes its own inputs.
 *
 *     npm run bench                    the whole table; exit code 1 where a bar is missed
 *     npm run bench -- --quick         small inputs, one run each, no judgement: what CI prints
 *     npm run bench -- --inputs DIR    keeps the inputs, and takes those that are there
 *
 * Needs a build, GNU gzip, and iptables-legacy-restore as root.
 */
import {mkdtempSync, rmSync} from 'node:fs'
import {cpus, loadavg, tmpdir} from 'node:os'
import path from 'node:path'
import {parseArgs} from 'node:util'
import {Inputs} from './inputs/prepare.mjs'
import {measureAll} from './rows/rows.mjs'
import {FULL, QUICK} from './rows/scales.mjs'
import {formatRow, HEAD, isMissed} from './table.mjs'

const {values} = parseArgs({options: {quick: {type: 'boolean', default: false}, inputs: {type: 'string'}}})
const folder = values.inputs ?? mkdtempSync(path.join(tmpdir(), 'ekspath-bench-'))

console.log(`${new Date().toISOString()} · Node ${process.version} · ${cpus().length} × ${cpus()[0]?.model.trim()}`)
console.log(`load ${loadavg()[0]?.toFixed(1)} before\n`)
if (process.env.NODE_EXTRA_CA_CERTS !== undefined) {
  console.log('NODE_EXTRA_CA_CERTS is set: Node reads these certificates at its start, in both columns of start-up\n')
}
console.log(HEAD)
let missed = 0
try {
  for await (const result of measureAll(values.quick ? QUICK : FULL, new Inputs(folder))) {
    console.log(formatRow(result, !values.quick))
    if (isMissed(result)) missed++
  }
} finally {
  if (values.inputs === undefined) rmSync(folder, {recursive: true, force: true})
}
const verdict = values.quick
  ? 'The bars are for the whole table'
  : missed === 0
    ? 'Every bar holds'
    : `${missed} bars missed`
console.log(`\n${verdict} · load ${loadavg()[0]?.toFixed(1)} behind`)
process.exitCode = missed > 0 && !values.quick ? 1 : 0
