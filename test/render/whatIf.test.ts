import {readFileSync} from 'node:fs'
import {Ajv} from 'ajv'
import {explain, parseFlowLine} from '../../src/explain/index.js'
import type {ExplainReport} from '../../src/model/index.js'
import {loadNode} from '../../src/node/index.js'
import {colourStyle, plainStyle, renderExplainMarkdown, renderExplainText, renderJson} from '../../src/render/index.js'
import {displayWidth} from '../../src/render/text/displayWidth.js'
import {expectGolden} from '../support/golden.js'

const node = await loadNode('sample:net410')
const DNS = ['tcp', 'udp'].map(proto => ({src: '192.168.7.62', dst: '10.100.0.10', dport: 53, proto}))
const OUT = [{src: '192.168.7.62', dst: '203.0.113.10', dport: 443, proto: 'tcp'}]

function report(flows: readonly object[], ...whatIf: string[]): ExplainReport {
  return explain(
    node,
    flows.map(flow => parseFlowLine(JSON.stringify(flow))),
    {whatIf},
  )
}

const SAMPLES: readonly (readonly [string, ExplainReport])[] = [
  [
    'dropped',
    report(DNS, 'iptables -A FORWARD -s 192.168.7.62 -p udp -m comment --comment "a rule of somebody" -j DROP'),
  ],
  ['rerouted', report(OUT, 'ip rule add from 192.168.7.62 lookup 2 priority 1000')],
  ['same', report(OUT, 'ip rule add from 10.9.9.9 lookup 2 priority 1000; ip rule del pref 1000')],
  [
    'balanced',
    report(OUT, 'ip route replace default nexthop via 192.168.0.1 dev eth0 nexthop via 192.168.128.1 dev eth1 onlink'),
  ],
]

describe('--what-if', () => {
  it.each(SAMPLES)('%s looks as agreed at 80, 120 and 200 columns, in Markdown and in JSON', (name, whatIf) => {
    for (const width of [80, 120, 200])
      expectGolden(`whatIf/${name}.${width}.txt`, renderExplainText(whatIf, {width, style: plainStyle}))
    expectGolden(`whatIf/${name}.md`, renderExplainMarkdown(whatIf))
    expectGolden(`whatIf/${name}.json`, renderJson(whatIf))
  })

  it.each(SAMPLES)('%s fits every page, without blanks at line ends', (_, whatIf) => {
    for (const width of [40, 60, 80, 100, 115, 116, 120, 132, 200]) {
      for (const line of renderExplainText(whatIf, {width, style: plainStyle}).split('\n')) {
        expect(displayWidth(line)).toBeLessThanOrEqual(width)
        expect(line).toBe(line.trimEnd())
      }
    }
  })

  it.each(SAMPLES)('%s is the same with colours and without', (_, whatIf) => {
    for (const width of [80, 140]) {
      const coloured = renderExplainText(whatIf, {width, style: colourStyle})
      // eslint-disable-next-line no-control-regex
      const stripped = coloured.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '')
      expect(stripped).toBe(renderExplainText(whatIf, {width, style: plainStyle}))
    }
  })

  it.each(SAMPLES)('%s is what the schema says', (_, whatIf) => {
    const schema = JSON.parse(readFileSync('schemas/explain.1.json', 'utf8'))
    const validate = new Ajv({allowUnionTypes: true}).compile(schema)
    expect([validate(JSON.parse(renderJson(whatIf))), validate.errors]).toEqual([true, null])
  })

  it('says so where the walks are the same', () => {
    const text = renderExplainText(SAMPLES[2]![1], {width: 100, style: plainStyle})
    expect(text).toContain('THE PACKET  goes the same way in all')
    expect(text).toContain('ITS REPLY  goes the same way in all')
  })
})
