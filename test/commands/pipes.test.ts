import {spawnSync} from 'node:child_process'
import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FLOW = '{"src":"192.168.7.62","dst":"10.100.0.10","proto":"udp","dport":53}\n'

/** What a pipe of Linux holds. */
const PIPE_BYTES = 65_536
/** An answer that is longer. */
const LONG =
  'node bin/run.js explain --from sample:net410 --src 192.168.7.62 --dst 10.100.0.10:53 --json --misses --what-if "ip rule add from 10.0.5.77 lookup 2 priority 1536"'

/** The command as it was built: `npm test` builds before it runs these. */
function shell(script: string, input = ''): {status: number | null; stdout: string; stderr: string} {
  const environment = {...process.env, NODE_OPTIONS: ''}
  return spawnSync('bash', ['-o', 'pipefail', '-c', script], {cwd: ROOT, encoding: 'utf8', input, env: environment})
}

describe('ekspath in a pipe', () => {
  it('reads flows from standard input and answers each', () => {
    const {stdout, status} = shell('node bin/run.js explain --from sample:net410 --flows - --brief', FLOW.repeat(3))
    expect(status).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(3)
  })

  it('gives the same answer to a file, to a slow reader, and to a pipe in which writers may not wait', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'ekspath-')), 'answer.json')
    const whole = shell(`${LONG} > ${file} && cat ${file}`).stdout
    expect(whole.length).toBeGreaterThan(PIPE_BYTES)
    expect(shell(`${LONG} | (sleep 0.5; cat)`).stdout).toBe(whole)
    // another process of Node that writes to it makes it one: nobody who has it waits
    const other = `node -e "process.stdout.write(''); setTimeout(() => undefined, 2000)"`
    expect(shell(`(${other} & sleep 0.5; ${LONG}) | (sleep 3; cat)`).stdout).toBe(whole)
  })

  it('stops in silence when its reader has gone with half an answer', () => {
    const {stderr} = shell(`${LONG} | head -c 10`)
    expect(stderr).toBe('')
  })

  it('stops in silence when its reader has gone', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'ekspath-')), 'flows.jsonl')
    writeFileSync(file, FLOW.repeat(2000))
    const {stdout, stderr, status} = shell(`node bin/run.js explain --from sample:net410 --flows ${file} | head -1`)
    expect({lines: stdout.trimEnd().split('\n').length, stderr, status}).toEqual({lines: 1, stderr: '', status: 0})
  })

  it('ends with the same code in text and in JSON', () => {
    const ask = 'node bin/run.js explain --from sample:net410 --src 192.168.7.62 --dst 8.8.8.8 --proto udp --ttl 1'
    expect([shell(ask).status, shell(`${ask} --json`).status]).toEqual([1, 1])
    expect([shell(`${ask} --bad`).status, shell(`${ask} --bad --json`).status]).toEqual([2, 2])
  })

  it.each([
    ['exlpain', 'There is no command exlpain. Did you mean explain?'],
    ['show rulez', 'There is no command show rulez. Did you mean show rules'],
    ['zzzz', 'There is no command zzzz. There are audit, '],
  ])('names the nearest of a command that is not there: %s', (command, message) => {
    const {stdout, stderr, status} = shell(`node bin/run.js ${command}`)
    expect({stdout, status}).toEqual({stdout: '', status: 2})
    expect(stderr.replace(/\s+/g, ' ')).toContain(message)
    const json = shell(`node bin/run.js ${command} --json`)
    expect(JSON.parse(json.stdout)).toMatchObject({schema: 'ekspath.error/1', error: {code: 'USAGE', exitCode: 2}})
  })
})
