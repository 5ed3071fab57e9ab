import {readFileSync} from 'node:fs'
import {Ajv} from 'ajv'
import CapturesInspect from '../../src/commands/captures/inspect.js'
import {withFolder} from '../node/support/captureFolder.js'
import {expectGolden} from '../support/golden.js'
import {runCommand} from '../support/runCommand.js'

const inspect = (...argv: string[]) => runCommand(CapturesInspect, ...argv)

describe('ekspath captures inspect', () => {
  it.each(['net410', 'vpc-cni-1.23'])('%s: the page is as agreed, JSON follows its schema', async name => {
    expectGolden(`inspect/${name}.txt`, (await inspect(`sample:${name}`)).stdout)
    const {stdout, exitCode} = await inspect(`sample:${name}`, '--json')
    const schema = new URL('../../schemas/inspect.1.json', import.meta.url)
    const validate = new Ajv({allowUnionTypes: true}).compile(JSON.parse(readFileSync(schema, 'utf8')))
    validate(JSON.parse(stdout))
    expect(validate.errors).toBeNull()
    expect(exitCode).toBe(0)
  })

  it('says what it could not tell, and which tables nobody listed', async () => {
    const files = {
      'iptables_-S_-t_nat.txt': '-P PREROUTING ACCEPT\n-A PREROUTING -j ACCEPT\n',
      'ip_rule.log': '0:\tfrom all lookup local\n512:\tfrom all to 10.0.0.7 look',
      'ip_addr.txt': '1: lo: <LOOPBACK,UP> mtu 65536\r\n    inet 127.0.0.1/8 scope host lo\r\n',
      'notes\u001b[31m.txt': 'nothing of the kind\n',
    }
    const {stdout} = await withFolder(files, folder => inspect(folder))
    const page = stdout.replace(/\s+/g, ' ')
    expect(page).toContain('files of no known layout')
    expect(page).toContain('IPv4 iptables, back end not said: tables nat, others unknown')
    expect(page).toContain('no list of rules')
    expect(page).toContain('no output that is known: notes')
    expect(page).toContain('READ WITH A CAVEAT')
    expect(page).toContain('ip_rule.log:2')
    expect(page).toContain('REPAIRED_TEXT Undone: CRLF line ends. ip_addr.txt:1')
    expect(stdout).not.toContain('\u001b')
  })

  it.each([
    [['/nonexistent'], 3, 'does not exist'],
    [[], 2, 'capture'],
  ])('%j ends with %i', async (argv, code, text) => {
    const {exitCode, stderr} = await inspect(...argv)
    expect(exitCode).toBe(code)
    expect(stderr).toContain(text)
  })
})
