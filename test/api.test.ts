import {readFileSync} from 'node:fs'
import * as ekspath from '../src/index.js'

const page = readFileSync(new URL('../docs/api.md', import.meta.url), 'utf8')

describe('the public door', () => {
  it('answers the example of docs/api.md', async () => {
    const node = await ekspath.loadNode('sample:net410')
    const flow = ekspath.parseFlowLine('{"src":"192.168.7.62","dst":"10.100.0.10","proto":"udp","dport":53}')
    const report = ekspath.explain(node, [flow])
    expect(report.explanations[0]?.outcomes[0]?.egress?.interface).toBe('eth0')
    expect(ekspath.renderExplainText(report, {width: 100, style: ekspath.plainStyle})).toMatch(/FORWARDED {5}out eth0/)
  })

  it('parses a save without a node', () => {
    const text = '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n'
    const {value, diagnostics} = ekspath.parseIptablesSave({name: 'save.txt', text}, {family: 4})
    expect(diagnostics).toEqual([])
    expect(value.tables.get('filter')?.chains.get('INPUT')?.rules[0]?.source).toEqual({document: 'save.txt', line: 3})
  })

  it.each([...page.matchAll(/^\| `(\w+)/gm)].map(match => match[1] as string))(
    'has %s, which docs/api.md describes',
    name => {
      expect(ekspath).toHaveProperty(name)
    },
  )
})
