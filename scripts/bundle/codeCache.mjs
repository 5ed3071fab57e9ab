/**
 * Runs common commands in one process, then keeps what V8 has compiled by then. Prints what they print: throw it away.
 */
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import loader from '../../bin/loadBundle.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dist = path.resolve(process.argv[2] ?? 'dist')
const bundle = path.join(dist, 'bundle/ekspath.cjs')
const cache = path.join(dist, 'bundle/ekspath.cache')

const FLOW = '--from sample:net410 --src 192.168.7.62 --dst 10.100.0.10:53 --proto udp'
const COMMANDS = [
  `explain ${FLOW}`,
  `explain ${FLOW} --json`,
  `explain ${FLOW} --format markdown`,
  'show rules --from sample:net410',
  'audit --from sample:net410',
  'explain --help',
  '--help',
  'explain --no-such-flag',
]

const {exports, script} = loader.loadBundle(bundle, cache)
for (const command of COMMANDS.filter(isThere)) {
  const pjson = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  await exports.main(root, pjson, command.split(' '))
}
writeFileSync(cache, script.createCachedData())
process.exitCode = 0

/** Of an unknown command oclif ends the process. */
function isThere(command) {
  const words = command.split(' ')
  const id = words.slice(
    0,
    words.findIndex(word => word.startsWith('-')),
  )
  return id.length === 0 || existsSync(path.join(dist, 'commands', `${id.join('/')}.js`))
}
