/**
 * `npm run test:kernel`: the tests that need a real kernel.
 *
 *     npm run test:kernel                                      scenarios, and random nodes of the fixed seeds
 *     npm run test:kernel -- --seed 4711 --kind random6        one random node
 *     npm run test:kernel -- --seed 100-149                    fifty nodes of each kind
 *     npm run test:kernel -- --scenario rp-filter              scenarios whose names hold the word
 *
 * Other arguments go to jest.
 */
import {spawnSync} from 'node:child_process'
import {parseArgs} from 'node:util'

const {values, tokens} = parseArgs({
  args: process.argv.slice(2),
  options: {seed: {type: 'string'}, kind: {type: 'string'}, scenario: {type: 'string'}},
  strict: false,
  tokens: true,
})
const own = new Set(['seed', 'kind', 'scenario'])
const others = tokens.flatMap(token => {
  if (token.kind === 'positional') return [token.value]
  if (token.kind !== 'option' || own.has(token.name)) return []
  return [token.inlineValue === true ? `${token.rawName}=${token.value}` : token.rawName]
})

const env = {...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings'}
if (values.seed !== undefined) env.EKSPATH_KERNEL_SEEDS = values.seed
if (values.kind !== undefined) env.EKSPATH_KERNEL_KIND = values.kind
const files =
  values.scenario !== undefined
    ? ['scenarios.test', 'nft/native.test']
    : values.seed !== undefined || values.kind !== undefined
      ? ['random.test']
      : []
const names = values.scenario === undefined ? [] : ['--testNamePattern', values.scenario]

const args = ['node_modules/jest/bin/jest.js', '--config', 'jest.kernel.config.js', ...files, ...names, ...others]
process.exitCode = spawnSync(process.execPath, args, {stdio: 'inherit', env}).status ?? 1
