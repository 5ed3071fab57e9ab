import {readFileSync} from 'node:fs'
import path from 'node:path'
import {Ajv} from 'ajv'
import Explain from '../../src/commands/explain.js'
import {expectGolden} from '../support/golden.js'
import {runCommand} from '../support/runCommand.js'

const FROM = ['--from', 'sample:ipvs']
const explain = (...argv: string[]) => runCommand(Explain, ...argv, ...FROM)
const schema: object = JSON.parse(readFileSync(path.join('schemas', 'explain.1.json'), 'utf8'))

/** Flows of a node in IPVS mode, by the name of their golden files, and the exit code. */
const FLOWS: readonly (readonly [string, readonly string[], number])[] = [
  ['dns', ['--src', '10.0.2.30', '--dst', '10.100.0.10:53'], 0],
  ['api-server', ['--src', 'node', '--dst', '10.100.0.1:443', '--proto', 'tcp', '--sport', '40000'], 0],
  ['no-endpoints', ['--src', '10.0.1.20', '--dst', '10.100.40.8:80', '--proto', 'tcp'], 1],
  ['ipv6', ['--src', '2001:db8:0:1:aaaa::20', '--dst', '[fd00:100::1]:443', '--proto', 'tcp'], 0],
]

describe('ekspath explain on a node in IPVS mode', () => {
  it.each(FLOWS)('%s: text, Markdown and JSON are as agreed', async (name, flags, exitCode) => {
    const text = await explain(...flags)
    expect(text.exitCode).toBe(exitCode)
    expectGolden(`ipvs/${name}.txt`, text.stdout)
    expectGolden(`ipvs/${name}.md`, (await explain(...flags, '--format', 'markdown')).stdout)
    expectGolden(`ipvs/${name}.json`, (await explain(...flags, '--json')).stdout)
  })

  it.each(FLOWS)('%s: JSON follows its schema', async (_, flags) => {
    const validate = new Ajv({allowUnionTypes: true}).compile(schema)
    validate(JSON.parse((await explain(...flags, '--json')).stdout))
    expect(validate.errors).toBeNull()
  })

  it('names the virtual service, and which of its real servers', async () => {
    const {stdout} = await explain('--src', '10.0.1.20', '--dst', '10.100.40.7:80', '--proto', 'tcp', '--json')
    const [{outcomes}] = JSON.parse(stdout).explanations
    expect((outcomes as {service: unknown}[]).map(({service}) => service)).toEqual([
      {name: '10.100.40.7:80', endpoint: 1, of: 2},
      {name: '10.100.40.7:80', endpoint: 2, of: 2},
    ])
  })
})
