/**
 * A test runner for Stryker that stays in one process. Stryker's own starts jest for each mutant, and jest loads each test file with its hundred modules
 * into a context of its own before it knows that none of its tests is wanted: ten seconds a mutant. Here a mutant costs the tests that run
 * through it, the likeliest and quickest first, until one fails. All modules are evaluated anew for each mutant, so that nothing outlives it.
 */
import {readdirSync} from 'node:fs'
import path from 'node:path'
import {commonTokens, declareClassPlugin, PluginKind, tokens} from '@stryker-mutator/api/plugin'
import {determineHitLimitReached, DryRunStatus, TestStatus, toMutantRunResult} from '@stryker-mutator/api/test-runner'
import {bundleTests} from './bundle.mjs'
import {fileOf, loadTimes, Suite, TestTimeout} from './suite.mjs'

Error.stackTraceLimit = 0 // nobody reads them, and expect() takes one each time

/** Milliseconds that a test may take: ten times as long as it last did, and a while, since the machine may be busy with other things. */
const LONGER = 10
const A_WHILE = 20_000
/** … before anything is known of it, and with the counters. */
const FIRST_LIMIT = 600_000

/** @implements {import('@stryker-mutator/api/test-runner').TestRunner} */
class InProcessRunner {
  static inject = tokens(commonTokens.options)

  /** What the instrumented code reads and writes. */
  #context = (globalThis.__stryker__ ??= {})
  #files
  /** The bundle without counters, once a mutant was run. */
  #evaluate
  /** Milliseconds that a test took when it last passed. */
  #durations = new Map()
  /** The tests that killed the last mutants, the latest first: they are likely to kill the next one, on the same line. */
  #killers = []

  constructor({inProcess: {tests}}) {
    this.#files = readdirSync(tests, {recursive: true, encoding: 'utf8'})
      .filter(file => file.endsWith('.test.ts'))
      .map(file => path.posix.join(tests, file))
      .sort()
  }

  capabilities() {
    return {reloadEnvironment: true}
  }

  async dryRun({testFiles}) {
    const suite = new Suite(await bundleTests(process.cwd(), this.#files, {coverage: true}))
    const files = this.#files.filter(file => testFiles?.includes(path.resolve(file)) ?? true)
    const tests = await this.#run(
      suite,
      files.flatMap(file => suite.testsOf(file)),
      {bail: false},
    )
    suite.end()
    return {status: DryRunStatus.Complete, tests, mutantCoverage: this.#context.mutantCoverage}
  }

  async mutantRun({activeMutant, testFilter, disableBail, hitLimit}) {
    this.#evaluate ??= await bundleTests(process.cwd(), this.#files, {coverage: false})
    Object.assign(this.#context, {
      activeMutant: activeMutant.id,
      hitLimit,
      hitCount: hitLimit === undefined ? undefined : 0,
    })
    const suite = new Suite(this.#evaluate)
    const wanted = testFilter ?? this.#files.flatMap(file => suite.testsOf(file))
    try {
      const tests = await this.#run(suite, this.#order(wanted), {bail: !disableBail})
      const limit = determineHitLimitReached(this.#context.hitCount, hitLimit)
      return toMutantRunResult(limit ?? {status: DryRunStatus.Complete, tests}, disableBail)
    } catch (error) {
      if (!(error instanceof TestTimeout)) throw error
      return toMutantRunResult({status: DryRunStatus.Timeout, reason: error.message})
    } finally {
      suite.end()
    }
  }

  #order(tests) {
    const wanted = new Set(tests)
    const first = this.#killers.filter(id => wanted.has(id))
    const rest = tests.filter(id => !first.includes(id))
    const cost = id => this.#duration(id) + (loadTimes.get(fileOf(id)) ?? 0)
    return [...first, ...rest.sort((a, b) => cost(a) - cost(b))]
  }

  #limit(id) {
    return this.#context.activeMutant === undefined ? FIRST_LIMIT : Math.max(A_WHILE, LONGER * this.#duration(id))
  }

  #duration(id) {
    return this.#durations.get(id) ?? 0
  }

  async #run(suite, ids, {bail}) {
    const results = []
    for (const id of ids) {
      this.#context.currentTestId = id
      const start = performance.now()
      const failureMessage = await suite.run(id, this.#limit(id))
      const timeSpentMs = performance.now() - start
      const result = {id, name: id, fileName: path.resolve(fileOf(id)), timeSpentMs}
      if (failureMessage === null) {
        this.#durations.set(id, result.timeSpentMs)
        results.push({...result, status: TestStatus.Success})
        continue
      }
      results.push({...result, status: TestStatus.Failed, failureMessage})
      this.#killers = [id, ...this.#killers.filter(other => other !== id)].slice(0, 10)
      if (bail) break
    }
    this.#context.currentTestId = undefined
    return results
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)]

export const strykerValidationSchema = {
  properties: {
    inProcess: {
      description: 'Options of scripts/mutation/runner.mjs.',
      type: 'object',
      properties: {tests: {description: 'The folder of the test files.', type: 'string'}},
      required: ['tests'],
      additionalProperties: false,
    },
  },
}
