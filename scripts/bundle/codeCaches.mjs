/**
 * `node codeCaches.mjs dist`: runs common commands and keeps what V8 has compiled by then, one cache for each kind of command: `explain` need not wait for the code of
 * `--help`. `node codeCaches.mjs dist explain` makes one of them. Prints what the commands print: throw it away.
 */
import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import loader from '../../bin/loadBundle.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dist = path.resolve(process.argv[2] ?? 'dist')

const FLOW = '--from sample:net410 --src 192.168.7.62 --dst 10.100.0.10:53 --proto udp'
/** By the names that cacheOf() of bin/loadBundle.js gives. */
const COMMANDS = {
  explain: [`explain ${FLOW}`, `explain ${FLOW} --json`, `explain ${FLOW} --format markdown`, 'explain --no-such-flag'],
  audit: ['audit --from sample:net410', 'audit --from sample:net410 --json'],
  help: ['explain --help', '--help'],
  other: ['show rules --from sample:net410', 'show services --from sample:services --json', 'show --no-such-flag'],
}

const name = process.argv[3]
if (name === undefined) for (const one of Object.keys(COMMANDS)) makeInProcess(one)
else await makeCache(name)

/** Of its own: V8 keeps what a process has compiled. */
function makeInProcess(one) {
  const {status} = spawnSync(process.execPath, [fileURLToPath(import.meta.url), dist, one], {stdio: 'inherit'})
  if (status !== 0) process.exitCode = 1
}

async function makeCache(one) {
  const bundle = path.join(dist, 'bundle/main.cjs')
  const {exports, script} = loader.loadBundle(bundle, null)
  for (const command of COMMANDS[one].filter(isThere)) {
    const pjson = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
    await exports.main(root, pjson, command.split(' '))
  }
  writeFileSync(path.join(dist, `bundle/${one}.cache`), script.createCachedData())
  process.exitCode = 0
}

/** Of an unknown command oclif ends the process. */
function isThere(command) {
  const words = command.split(' ')
  const id = words.slice(
    0,
    words.findIndex(word => word.startsWith('-')),
  )
  return id.length === 0 || existsSync(path.join(dist, 'commands', `${id.join('/')}.js`))
}
