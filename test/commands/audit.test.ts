import {readFileSync} from 'node:fs'
import {Ajv} from 'ajv'
import Audit from '../../src/commands/audit.js'
import {expectGolden} from '../support/golden.js'
import {runCommand} from '../support/runCommand.js'

const audit = (...argv: string[]) => runCommand(Audit, ...argv)
const NODES = [
  ['net410', 'sample:net410'],
  ['modern-7', 'fixtures/measured/modern-7'],
] as const

describe('ekspath audit', () => {
  it.each(NODES)('%s: text, Markdown and JUnit are as agreed', async (name, from) => {
    expectGolden(`audit/${name}.txt`, (await audit('--from', from)).stdout)
    expectGolden(`audit/${name}.md`, (await audit('--from', from, '--format', 'markdown')).stdout)
    expectGolden(`audit/${name}.xml`, (await audit('--from', from, '--format', 'junit', '--fail-on', 'info')).stdout)
  })

  it.each(NODES)('%s: JSON follows its schema', async (_, from) => {
    const file = new URL('../../schemas/audit.1.json', import.meta.url)
    const validate = new Ajv({allowUnionTypes: true}).compile(JSON.parse(readFileSync(file, 'utf8')))
    validate(JSON.parse((await audit('--from', from, '--json')).stdout))
    expect(validate.errors).toBeNull()
  })

  // modern-7 has one finding, a warning
  it.each([
    ['error', 0],
    ['warning', 1],
    ['info', 1],
    ['never', 0],
  ])('--fail-on %s ends with %i', async (severity, exitCode) => {
    const from = ['--from', 'fixtures/measured/modern-7', '--fail-on', severity]
    expect((await audit(...from)).exitCode).toBe(exitCode)
    expect((await audit(...from, '--json')).exitCode).toBe(exitCode)
  })

  it('refuses a severity that is none', async () => {
    const {exitCode, stderr} = await audit('--from', 'sample:net410', '--fail-on', 'fatal')
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/to be one of: error, warning, info, never/)
  })
})
