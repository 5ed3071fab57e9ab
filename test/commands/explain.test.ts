import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {Ajv} from 'ajv'
import Explain from '../../src/commands/explain.js'
import {expectGolden} from '../support/golden.js'
import {runCommand} from '../support/runCommand.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const POD = '192.168.7.62'
const SAMPLE = ['--from', 'sample:net410']
const explain = (...argv: string[]) => runCommand(Explain, ...argv)
const validateWith = (schema: string) =>
  new Ajv({allowUnionTypes: true}).compile(JSON.parse(readFileSync(path.join(ROOT, 'schemas', schema), 'utf8')))

/** Flows of the bundled node, by the name of their golden files. */
const FLOWS: readonly (readonly [string, readonly string[]])[] = [
  ['dns', ['--src', POD, '--dst', '10.100.0.10:53']],
  ['same-node', ['--src', POD, '--dst', '192.168.10.216:80', '--proto', 'tcp']],
  ['other-node', ['--src', '192.168.3.24', '--dst', '192.168.99.4:80', '--proto', 'tcp']],
  ['internet', ['--src', '192.168.3.24', '--dst', '8.8.8.8:53', '--proto', 'udp']],
  ['affinity', ['--src', POD, '--dst', 'default/kubernetes:https']],
  ['node', ['--src', 'node', '--dst', '169.254.169.254:80', '--proto', 'tcp']],
  ['ping', ['--src', POD, '--dst', 'node', '--icmp-type', '8']],
  ['ttl', ['--src', POD, '--dst', '8.8.8.8', '--proto', 'udp', '--ttl', '1']],
]

describe('ekspath explain', () => {
  it.each(FLOWS)('%s: text, Markdown and JSON are as agreed', async (name, flags) => {
    expectGolden(`net410/${name}.txt`, (await explain(...flags, ...SAMPLE)).stdout)
    expectGolden(`net410/${name}.md`, (await explain(...flags, ...SAMPLE, '--format', 'markdown')).stdout)
    expectGolden(`net410/${name}.json`, (await explain(...flags, ...SAMPLE, '--json')).stdout)
  })

  it.each(FLOWS)('%s: JSON follows its schema, with and without --brief and --misses', async (_, flags) => {
    const validate = validateWith('explain.1.json')
    for (const more of [[], ['--brief'], ['--misses']]) {
      const {stdout} = await explain(...flags, ...SAMPLE, '--json', ...more)
      validate(JSON.parse(stdout))
      expect(validate.errors).toBeNull()
    }
  })

  it.each([
    ['node-port', ['--src', '198.51.100.9:40000', '--dst', '10.0.1.10:31080', '--iif', 'ens5']],
    ['cluster-ip', ['--src', '10.0.5.77:40000', '--dst', '172.20.118.7:80']],
    ['internet', ['--src', '10.0.5.77:40000', '--dst', '203.0.113.1:443', '--mark', '0x10']],
  ])('%s on a node with table ip aws-cni: what becomes of the marks, as agreed', async (name, flags) => {
    const {stdout} = await explain(...flags, '--proto', 'tcp', '--from', path.join('fixtures', 'vpc-cni-1.23'))
    expectGolden(`vpc-cni-1.23/${name}.txt`, stdout)
  })

  it('says where DNS goes, and how its answer comes back', async () => {
    const {stdout, exitCode} = await explain('--src', POD, '--dst', '10.100.0.10:53', ...SAMPLE, '--json')
    const {explanations} = JSON.parse(stdout)
    expect(exitCode).toBe(0)
    expect(explanations).toHaveLength(2)
    for (const {origin, outcomes} of explanations) {
      expect(origin.pod).toBe('default/worker-hello-5d9b798f74-2gnkc')
      expect(outcomes).toMatchObject([
        {
          disposition: 'forwarded',
          probability: 1,
          packet: {src: POD, dst: '192.168.64.27', dport: 53},
          egress: {interface: 'eth0', nextHop: '192.168.0.1'},
          service: {endpoint: 1, of: 1},
          reply: {
            disposition: 'forwarded',
            packet: {src: '10.100.0.10', sport: 53},
            egress: {interface: 'eni6a241e7f902'},
          },
        },
      ])
    }
  })

  it('leaves out steps and reply with --brief', async () => {
    const {stdout} = await explain('--src', POD, '--dst', '8.8.8.8', '--proto', 'udp', ...SAMPLE, '--json', '--brief')
    const [outcome] = JSON.parse(stdout).explanations[0].outcomes
    expect(Object.keys(outcome)).not.toContain('steps')
    expect(Object.keys(outcome)).not.toContain('reply')
  })

  it('shows with --misses why each rule did not match', async () => {
    const {stdout} = await explain('--src', POD, '--dst', '10.100.0.10:53', '--proto', 'udp', ...SAMPLE, '--misses')
    expect(stdout).toMatch(
      /iptables-save\.txt:50 {2}-A KUBE-SERVICES -d 10\.100\.0\.1\/32[^\n]*\n(?: +-j [^\n]*\n)? +no match: /,
    )
  })

  it('gives the same bytes for the same question', async () => {
    const ask = () => explain('--src', POD, '--dst', 'kube-dns:dns', ...SAMPLE, '--format', 'markdown')
    expect((await ask()).stdout).toBe((await ask()).stdout)
  })

  it('writes to a file with -o', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'ekspath-')), 'answer.json')
    const {stdout} = await explain('--src', POD, '--dst', '8.8.8.8:53', ...SAMPLE, '--json', '-o', file)
    expect(stdout).toBe('')
    expect(JSON.parse(readFileSync(file, 'utf8')).schema).toBe('ekspath.explain/1')
  })

  it('colours only when told to, in a pipe', async () => {
    const flags = ['--src', POD, '--dst', '8.8.8.8:53', ...SAMPLE]
    expect((await explain(...flags)).stdout).not.toContain('\u001b')
    expect((await explain(...flags, '--color')).stdout).toContain('\u001b[')
  })
})

describe('ekspath explain: exit codes', () => {
  it.each<[number, string, readonly string[]]>([
    [0, 'everything arrives', ['--src', POD, '--dst', '10.100.0.10:53', ...SAMPLE]],
    [1, 'something is lost', ['--src', POD, '--dst', '8.8.8.8', '--proto', 'udp', '--ttl', '1', ...SAMPLE]],
    [2, 'no --src', ['--dst', '10.0.0.1', ...SAMPLE]],
    [2, 'an unknown flag', ['--source', POD, ...SAMPLE]],
    [2, 'an unknown value', ['--format', 'yaml', ...SAMPLE]],
    [2, 'an unknown name', ['--src', 'default/nobody', '--dst', '10.0.0.1', ...SAMPLE]],
    [2, 'a source that cannot be', ['--src', '224.0.0.1', '--dst', '10.0.0.1', ...SAMPLE]],
    [3, 'no such folder', ['--src', POD, '--dst', '10.0.0.1', '--from', '/nonexistent']],
    [3, 'no such sample', ['--src', POD, '--dst', '10.0.0.1', '--from', 'sample:none']],
  ])('%i: %s', async (exitCode, _, argv) => {
    const text = await explain(...argv)
    expect(text.exitCode).toBe(exitCode)
    const json = await explain(...argv, '--json')
    expect(json.exitCode).toBe(exitCode)
    if (exitCode < 2) return
    expect(text.stdout).toBe('')
    expect(text.stderr).toMatch(/^ekspath: /)
    expect(json.stderr).toBe('')
    const validate = validateWith('error.1.json')
    validate(JSON.parse(json.stdout))
    expect(validate.errors).toBeNull()
    expect(JSON.parse(json.stdout).error.exitCode).toBe(exitCode)
  })

  it('prints errors as JSON for --format json too', async () => {
    for (const format of [['--format', 'json'], ['--format=json']]) {
      const {stdout} = await explain('--src', 'default/nobody', '--dst', '10.0.0.1', ...SAMPLE, ...format)
      expect(JSON.parse(stdout).schema).toBe('ekspath.error/1')
    }
  })

  it.each([
    [
      '--src default/worker --dst 10.0.0.1',
      /names no pod or service "default\/worker"\. Did you\s+mean default\/worker-hello/,
    ],
    ['--src 10.1.1.1.1 --dst 10.0.0.1', /"10\.1\.1\.1\.1" is no IP address/],
    ['--src 192.168.7.62 --dst 10.0.0.1 --misess', /There is no flag --misess\. Did you mean --misses\?/],
    ['--src 192.168.7.62 --flows x', /cannot also be provided/],
    ['--src', /--src expects a value/],
  ])('%s is refused with what to do', async (argv, message) => {
    const {stderr} = await explain(...argv.split(' '), ...SAMPLE)
    expect(stderr.replace(/\n +/g, ' ')).toMatch(message)
  })
})

describe('ekspath explain --flows', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ekspath-'))
  const file = path.join(folder, 'flows.jsonl')
  const good = {src: POD, dst: '10.100.0.10', proto: 'udp', dport: 53}

  it('answers every line in its place', async () => {
    writeFileSync(
      file,
      `${JSON.stringify(good)}\n\nnot json\n${JSON.stringify({...good, src: '224.0.0.1'})}\n${JSON.stringify(good)}`,
    )
    const {stdout, exitCode} = await explain('--flows', file, ...SAMPLE)
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(answers.map(answer => Object.keys(answer)[0])).toEqual(['flow', 'error', 'error', 'flow'])
    expect(answers[3]).toEqual(answers[0])
    expect(exitCode).toBe(3)
  })

  it('says the same as one flow alone', async () => {
    writeFileSync(file, `${JSON.stringify(good)}\n`)
    const {stdout, exitCode} = await explain('--flows', file, ...SAMPLE)
    const alone = await explain('--src', POD, '--dst', '10.100.0.10:53', '--proto', 'udp', ...SAMPLE, '--json')
    expect(JSON.parse(stdout)).toEqual(JSON.parse(alone.stdout).explanations[0])
    expect(exitCode).toBe(0)
  })

  it('takes the flow of its own answer back', async () => {
    const first = await explain('--flows', file, ...SAMPLE)
    writeFileSync(file, JSON.stringify(JSON.parse(first.stdout).flow))
    expect((await explain('--flows', file, ...SAMPLE)).stdout).toBe(first.stdout)
  })

  it('refuses a file that is not there', async () => {
    const {stderr, exitCode} = await explain('--flows', path.join(folder, 'none'), ...SAMPLE)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/cannot be read: ENOENT/)
  })
})
