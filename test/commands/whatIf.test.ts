import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import Explain from '../../src/commands/explain.js'
import {runCommand} from '../support/runCommand.js'

const FLOW = ['--from', 'sample:net410', '--src', '192.168.7.62', '--dst', '203.0.113.10:443', '--proto', 'tcp']

describe('ekspath explain --what-if', () => {
  test.each([
    ['arrives after edits that change nothing', ['ip rule add from 10.9.9.9 lookup 2'], 0],
    ['is lost after edits that lose it', ['iptables -P FORWARD DROP'], 1],
    ['is not known after edits that nobody can follow', ['iptables -A FORWARD -j NFQUEUE --queue-num 1'], 3],
    ['takes several flags, in their order', ['iptables -P FORWARD DROP', 'iptables -P FORWARD ACCEPT'], 0],
    ['takes several edits in one flag', ['iptables -P FORWARD DROP; iptables -P FORWARD ACCEPT'], 0],
  ])('%s: the exit code is that of the edited walk', async (_, edits, expected) => {
    const {exitCode} = await runCommand(Explain, ...FLOW, ...edits.flatMap(edit => ['--what-if', edit]))
    expect(exitCode).toBe(expected)
  })

  it('says which edit cannot be, where, and what was expected', async () => {
    const {stderr, exitCode} = await runCommand(Explain, ...FLOW, '--what-if', 'ip rule ad pref x')
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      'ekspath: --what-if 1, "ip rule ad pref x": at "x" (column 17): expected a priority.',
    )
    expect(exitCode).toBe(2)
  })

  it('gives every line of --flows its own what-if', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'ekspath-')), 'flows.jsonl')
    const flow = {src: '192.168.7.62', dst: '203.0.113.10', proto: 'tcp', dport: 443}
    writeFileSync(file, `${JSON.stringify(flow)}\n`)
    const edit = 'iptables -P FORWARD DROP'
    const {stdout} = await runCommand(Explain, '--from', 'sample:net410', '--flows', file, '--brief', '--what-if', edit)
    const {outcomes, whatIf} = JSON.parse(stdout)
    expect([outcomes[0].disposition, whatIf.outcomes[0].disposition]).toEqual(['forwarded', 'dropped'])
  })
})
