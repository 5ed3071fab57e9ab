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

test('V8 takes the code cache that the build made', () => {
  const check = `
    const {script} = require('./bin/loadBundle.js').loadBundle(process.cwd() + '/dist/bundle/ekspath.cjs', 'dist/bundle/ekspath.cache')
    console.log(script.cachedDataRejected)
  `
  const answer = execFileSync(process.execPath, ['--eval', check], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {...process.env, NODE_OPTIONS: ''},
  })
  expect(answer.trim()).toBe('false')
})
