/**
 * `npm test`: every check of the repository in one command.
 *
 *     npm test                    all of them
 *     npm test -- types unit      only these
 *
 * Prints one line a phase, the whole output of a phase that fails, and last `N passed, N failed`. A test that cannot run here is shown with
 * its reason; with CI=true it is a failure.
 */
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'

const CI = process.env.CI === 'true'
const scratch = mkdtempSync(path.join(tmpdir(), 'ekspath-test-'))

const PHASES = {
  types: () => check('typescript/bin/tsc', '--noEmit'),
  lint: () => check('eslint/bin/eslint.js', '--max-warnings=0', '.'),
  format: () => check('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '--cache', '.'),
  build: () => check('../scripts/compile.mjs'),
  unit: () => jest('jest.config.js'),
  kernel: () => jest('jest.kernel.config.js'),
}

/**
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} skipped the title of each test that did not run; its outermost `describe` says why
 * @property {string} output
 */

/** A tool that is either content or not. @returns {Result} */
function check(script, ...args) {
  const {status, output} = run(script, args)
  return {passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: [], output}
}

/** @returns {Result} */
function jest(config) {
  const report = path.join(scratch, `${config}.json`)
  const {status, output} = run('jest/bin/jest.js', ['--ci', '--config', config, '--json', '--outputFile', report])
  const results = readReport(report)
  if (results === null) return {passed: 0, failed: 1, skipped: [], output}

  const tests = results.testResults.flatMap(file => file.assertionResults)
  const skipped = tests
    .filter(test => ['pending', 'skipped', 'disabled', 'todo'].includes(test.status))
    .map(test => test.ancestorTitles[0] ?? test.title)
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
  const passed = results.numPassedTests
  // An open handle, a bad option, no test at all: jest fails without a test that does.
  const unexplained = failed === 0 && (status !== 0 || passed + skipped.length === 0)
  return {passed, failed: unexplained ? 1 : failed, skipped, output: output.replace(/^\{"numFailedTestSuites".*$/m, '')}
}

function run(script, args) {
  const {status, stdout, stderr, error} = spawnSync(process.execPath, [path.join('node_modules', script), ...args], {
    encoding: 'utf8',
    env: {...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings', FORCE_COLOR: undefined},
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return {status, output: `${stdout}${stderr}${error === undefined ? '' : error.message}`}
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** [['kernel (not run: they need root)', 212], …] */
function countByTitle(titles) {
  const counts = new Map()
  for (const title of titles) counts.set(title, (counts.get(title) ?? 0) + 1)
  return [...counts]
}

const asked = process.argv.slice(2)
const unknown = asked.filter(name => !(name in PHASES))
if (unknown.length > 0) {
  console.error(`There is no phase ${unknown.join(', ')}: there are ${Object.keys(PHASES).join(', ')}.`)
  process.exit(2)
}

let passed = 0
let failed = 0
for (const [name, phase] of Object.entries(PHASES)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const start = performance.now()
  const result = phase()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  // tests over texts that the repository may not hold run where a folder of them is named: nobody owes that
  const owed = result.skipped.filter(title => !/EKSPATH_[A-Z]+/.test(title))
  const bad = result.failed + (CI ? owed.length : 0)
  if (bad > 0) process.stdout.write(`${result.output.trimEnd()}\n`)
  const skips = result.skipped.length === 0 ? '' : `, ${result.skipped.length} not run`
  console.log(
    `${bad === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(7)} ${result.passed} passed, ${bad} failed${skips} (${seconds} s)`,
  )
  for (const [title, count] of countByTitle(result.skipped)) console.log(`         ${count} × ${title}`)
  passed += result.passed
  failed += bad
}
rmSync(scratch, {recursive: true, force: true})

console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
