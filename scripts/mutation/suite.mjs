/** The part of jest that test/evaluate uses: tests in describes, tables of both, what runs before and after all of them, and expect. */
import {expect} from 'expect'
import {bind} from 'jest-each'
import vm from 'node:vm'

/** The tests of one evaluation of the bundle. A file is evaluated when one of its tests is asked for. */
export class Suite {
  #modules
  #tests = new Map()
  #names = []
  #loaded = new Set()
  /** The `beforeAll` of each describe around the place that is being read. */
  #before = [[]]
  #prepared = new Set()
  #after = []

  /** @param {(globals: object) => import('./bundle.mjs').Modules} evaluate */
  constructor(evaluate) {
    const describe = (name, body) => this.#describe(name, body)
    const it = (name, run) => this.#add(name, run)
    describe.each = bind(describe, false)
    it.each = bind(it, false)
    const beforeAll = prepare => this.#before.at(-1).push(prepare)
    const afterAll = tidy => this.#after.push(tidy)
    this.#modules = evaluate({describe, it, test: it, expect, beforeAll, afterAll})
  }

  /** @returns {string[]} the ids of a file's tests: file, describes, name */
  testsOf(file) {
    this.#load(file)
    return [...this.#tests.keys()].filter(id => fileOf(id) === file)
  }

  /**
   * @param {string} id
   * @param {number} limit milliseconds that the test may keep the process busy
   * @returns {Promise<string | null>} what failed
   * @throws {TestTimeout}
   */
  async run(id, limit) {
    try {
      await interruptible(() => this.#run(id), limit)
      return null
    } catch (error) {
      if (error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new TestTimeout(`${id} does not end`)
      return String(error?.message ?? error)
    }
  }

  /** Tidies up behind the files that were read. */
  end() {
    for (const tidy of this.#after) tidy()
  }

  #run(id) {
    this.#load(fileOf(id))
    const test = this.#tests.get(id)
    if (test === undefined) throw new Error('the test is not there')
    for (const prepare of test.before.flat()) {
      if (!this.#prepared.has(prepare)) prepare()
      this.#prepared.add(prepare)
    }
    return test.run()
  }

  #load(file) {
    if (this.#loaded.has(file)) return
    this.#loaded.add(file)
    this.#names = [file]
    this.#before = [[]]
    const start = performance.now()
    this.#modules[file]()
    loadTimes.set(file, performance.now() - start)
  }

  #describe(name, body) {
    this.#names.push(name)
    this.#before.push([])
    body()
    this.#before.pop()
    this.#names.pop()
  }

  #add(name, run) {
    const title = [...this.#names, name].join(SEPARATOR)
    let id = title
    for (let n = 2; this.#tests.has(id); n++) id = `${title} (${n})`
    this.#tests.set(id, {run, before: [...this.#before]})
  }
}

/** Milliseconds that a test file last took to load. */
export const loadTimes = new Map()

export class TestTimeout extends Error {}

const call = new vm.Script('__interruptible__()')

/** Calls a function which a watchdog may end, whatever it is in the middle of. */
function interruptible(run, limit) {
  globalThis.__interruptible__ = run
  return call.runInThisContext({timeout: limit})
}

const SEPARATOR = ' › '

export const fileOf = id => id.slice(0, id.indexOf(SEPARATOR))
