import {readFileSync} from 'node:fs'
import type {Command} from '@oclif/core'
import {Ajv} from 'ajv'
import ShowChains from '../../src/commands/show/chains.js'
import ShowEnis from '../../src/commands/show/enis.js'
import ShowMarks from '../../src/commands/show/marks.js'
import ShowNeighbours from '../../src/commands/show/neighbours.js'
import ShowNode from '../../src/commands/show/node.js'
import ShowPods from '../../src/commands/show/pods.js'
import ShowRoutes from '../../src/commands/show/routes.js'
import ShowRules from '../../src/commands/show/rules.js'
import ShowServices from '../../src/commands/show/services.js'
import {expectGolden} from '../support/golden.js'
import {runCommand} from '../support/runCommand.js'

const NET410 = ['--from', 'sample:net410']
const SHOWN: readonly (readonly [string, string, typeof Command, readonly string[]])[] = [
  ['rules', 'show.rules.1.json', ShowRules, NET410],
  ['routes', 'show.routes.1.json', ShowRoutes, NET410],
  ['routes-table-2', 'show.routes.1.json', ShowRoutes, [...NET410, '--table', '2', '--family', '4']],
  ['chains', 'show.chains.1.json', ShowChains, NET410],
  ['chains-native', 'show.chains.1.json', ShowChains, ['--from', 'sample:vpc-cni-1.23', '--family', '4']],
  ['chains-ipvs', 'show.chains.1.json', ShowChains, ['--from', 'sample:ipvs']],
  ['chain-native', 'show.chain.1.json', ShowChains, ['--from', 'sample:vpc-cni-1.23', '--chain', 'nat-prerouting']],
  ['chain', 'show.chain.1.json', ShowChains, [...NET410, '--chain', 'KUBE-SERVICES', '--table', 'nat']],
  ['pods', 'show.pods.1.json', ShowPods, NET410],
  ['enis', 'show.enis.1.json', ShowEnis, NET410],
  ['services', 'show.services.1.json', ShowServices, NET410],
  ['services-refused', 'show.services.1.json', ShowServices, ['--from', 'fixtures/services']],
  ['services-ipvs', 'show.services.1.json', ShowServices, ['--from', 'sample:ipvs']],
  ['marks', 'show.marks.1.json', ShowMarks, NET410],
  ['marks-native', 'show.marks.1.json', ShowMarks, ['--from', 'sample:vpc-cni-1.23', '--mark', '0x80']],
  ['node', 'show.node.1.json', ShowNode, NET410],
  ['node-native', 'show.node.1.json', ShowNode, ['--from', 'sample:vpc-cni-1.23']],
  ['neighbours', 'show.neighbours.1.json', ShowNeighbours, ['--from', 'fixtures/measured/seed-1']],
]

describe('ekspath show', () => {
  it.each(SHOWN)('%s: table and lines are as agreed, JSON follows its schema', async (name, schema, command, argv) => {
    expectGolden(`show/${name}.txt`, (await runCommand(command, ...argv, '--format', 'table')).stdout)
    const lines = (await runCommand(command, ...argv)).stdout
    expectGolden(`show/${name}.tsv`, lines)
    const report = JSON.parse((await runCommand(command, ...argv, '--json')).stdout)
    const validate = new Ajv({allowUnionTypes: true}).compile(
      JSON.parse(readFileSync(new URL(`../../schemas/${schema}`, import.meta.url), 'utf8')),
    )
    validate(report)
    expect(validate.errors).toBeNull()
    expect(report.rows.length).toBe(lines.trimEnd().split('\n').length - 1)
  })

  it('cites a line of a document in every row', async () => {
    for (const [, , command, argv] of SHOWN) {
      const {rows} = JSON.parse((await runCommand(command, ...argv, '--json')).stdout)
      if (command === ShowNode) continue
      for (const {backend, source} of rows) {
        // what the kernel does itself no line tells
        if (backend !== 'kernel') expect(source).toMatchObject({document: expect.any(String), line: expect.any(Number)})
      }
    }
  })

  it('proves what a node is, or says what is missing', async () => {
    const {rows} = JSON.parse((await runCommand(ShowNode, ...NET410, '--json')).stdout)
    for (const {fact, evidence, because} of rows) {
      if (fact === 'missing') expect(because).toMatch(/\.$/)
      else if (fact !== 'cni')
        expect(evidence[0]).toMatchObject({document: expect.any(String), line: expect.any(Number)})
    }
  })

  it.each<[typeof Command, string, number, RegExp]>([
    [ShowServices, '--service kube-system/kube-dsn', 2, /no such service\. Nearest: kube-system\/kube-dns/],
    [ShowMarks, '--mark x', 2, /expected a mark of 32 bits/],
    [ShowNeighbours, '', 3, /no output of `ip neigh show`/],
    [ShowRoutes, '--table 3', 2, /no such table\. Nearest: 2\./],
    [ShowChains, '--chain KUBE-SERVICE', 2, /no such chain\. Nearest: KUBE-SERVICES\./],
    [ShowChains, '--table nta', 2, /no such table\. Nearest: nat/],
    [ShowRules, '--family 5', 2, /to be one of: 4, 6/],
    [ShowRules, '--form x', 2, /Did you mean --from or --format\?/],
  ])('%p %s is refused', async (command, flags, exitCode, message) => {
    const ended = await runCommand(command, ...NET410, ...flags.split(' ').filter(word => word !== ''))
    expect(ended.exitCode).toBe(exitCode)
    expect(ended.stderr.replace(/\n +/g, ' ')).toMatch(message)
  })
})
