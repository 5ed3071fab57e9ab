import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {expectGolden} from '../support/golden.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

interface Manifest {
  readonly version: string
  readonly commands: Readonly<Record<string, Command>>
}

interface Command {
  readonly aliases: readonly string[]
  readonly args: Readonly<Record<string, {name: string; required?: boolean}>>
  readonly flags: Readonly<Record<string, Flag>>
}

interface Flag {
  readonly name: string
  readonly char?: string
  readonly type: 'boolean' | 'option'
  readonly allowNo?: boolean
  readonly multiple?: boolean
  readonly required?: boolean
  readonly options?: readonly string[]
  readonly env?: string
}

/** In a process of its own: oclif loads dist/, which jest would look for in src/. */
const LOAD = `
  import {Plugin} from '@oclif/core'
  const plugin = new Plugin({root: process.cwd(), type: 'core', errorOnManifestCreate: true, ignoreManifest: true, respectNoCacheDefault: true})
  await plugin.load()
  console.log(JSON.stringify(plugin.manifest))
`

function readCommitted(): Manifest {
  const file = path.join(ROOT, 'oclif.manifest.json')
  if (!existsSync(file)) throw new Error('oclif.manifest.json is missing: `npm run build` writes it')
  return JSON.parse(readFileSync(file, 'utf8'))
}

test('oclif.manifest.json is what `npm run build` writes', () => {
  const {stdout, stderr} = spawnSync(process.execPath, ['--input-type=module', '--eval', LOAD], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {...process.env, NODE_OPTIONS: ''},
  })
  if (stdout === '') throw new Error(stderr)
  expect(readCommitted()).toEqual(JSON.parse(stdout))
}, 60_000)

test('the commands, their arguments and flags are those that users know', () => {
  const {commands} = readCommitted()
  const text = Object.entries(commands)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, command]) => describeCommand(id, command))
    .join('\n')
  expectGolden('cli/commands.txt', text)
})

function describeCommand(id: string, {aliases, args, flags}: Command): string {
  const lines = [
    ...aliases.map(alias => `alias ${alias.replaceAll(':', ' ')}`),
    ...Object.values(args).map(arg => `${arg.name}${arg.required === true ? '' : ' (optional)'}`),
    ...Object.values(flags).map(describeFlag).sort(),
  ]
  return [id.replaceAll(':', ' '), ...lines.map(line => `  ${line}`), ''].join('\n')
}

function describeFlag({name, char, type, allowNo, multiple, required, options, env}: Flag): string {
  return [
    `--${allowNo === true ? '[no-]' : ''}${name}`,
    char === undefined ? [] : `-${char}`,
    type === 'boolean' ? [] : options === undefined ? 'VALUE' : options.join('|'),
    multiple === true ? 'many' : [],
    required === true ? 'required' : [],
    env === undefined ? [] : `$${env}`,
  ]
    .flat()
    .join(' ')
}
