import {execFileSync} from 'node:child_process'
import {readdirSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {packagesLoadedBy} from '../support/staticImports.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COMMANDS = fileURLToPath(new URL('../../src/commands', import.meta.url))

/** Each of them costs up to 30 ms of start-up. A command that needs one says `await import(…)` where it does. */
const HEAVY = ['ssh2', 'tar-stream', 'cli-table3', 'ip-num', 'seek-bzip', 'xz-decompress', 'yauzl']

const files = readdirSync(COMMANDS, {recursive: true, encoding: 'utf8'}).filter(file => file.endsWith('.ts'))

test('there are commands', () => {
  expect(files).not.toEqual([])
})

test.each(files)('%s loads no heavy package before it needs it', file => {
  const packages = packagesLoadedBy(path.join(COMMANDS, file))
  const heavy = HEAVY.filter(name => packages.has(name)).map(name => ({
    package: name,
    by: packages.get(name)!.map(step => path.relative(COMMANDS, step)),
  }))
  expect(heavy).toEqual([])
})

test.each([['explain'], ['audit'], ['show', 'rules'], ['explain', '--help'], []])(
  'V8 takes the code cache that the build made for %j',
  (...args) => {
    const check = `
      const {cacheOf, loadBundle} = require('./bin/loadBundle.js')
      const cache = 'dist/bundle/' + cacheOf(${JSON.stringify(args)}) + '.cache'
      require('node:fs').accessSync(cache)
      const {script} = loadBundle(process.cwd() + '/dist/bundle/main.cjs', cache)
      console.log(script.cachedDataRejected)
    `
    const answer = execFileSync(process.execPath, ['--eval', check], {
      cwd: ROOT,
      encoding: 'utf8',
      env: {...process.env, NODE_OPTIONS: ''},
    })
    expect(answer.trim()).toBe('false')
  },
)
