import {readFileSync} from 'node:fs'
import {Ajv} from 'ajv'
import {applyEdits} from '../../src/edit/index.js'
import {explain, parseFlowLine} from '../../src/explain/index.js'
import type {ExplainReport} from '../../src/model/index.js'
import {colourStyle, plainStyle, renderExplainMarkdown, renderExplainText, renderJson} from '../../src/render/index.js'
import {displayWidth} from '../../src/render/text/displayWidth.js'
import {HEALTHY} from '../audit/healthyNode.js'
import {expectGolden} from '../support/golden.js'
import {nodeFrom} from '../support/nodeFrom.js'

const node = nodeFrom(HEALTHY)
const VPC = ['tcp', 'udp'].map(proto => ({src: '10.0.5.77', dst: '10.0.44.9', dport: 5432, proto}))

function report(damage: string, flows: readonly object[], whatIf: readonly string[] = []): ExplainReport {
  const {state} = applyEdits(node, [damage])
  return explain(
    state,
    flows.map(flow => parseFlowLine(JSON.stringify(flow))),
    {whatIf},
  )
}

const SAMPLES: readonly (readonly [string, ExplainReport])[] = [
  ['rule-missing', report('ip rule del from 10.0.5.77 lookup 2', VPC)],
  ['shadowed', report('ip rule add from 10.0.5.0/24 lookup main priority 600', VPC)],
  [
    'policy',
    report(
      'iptables -P FORWARD DROP; iptables -A FORWARD -s 10.0.5.78 -p tcp -m comment --comment "left by somebody" -j ACCEPT',
      VPC,
    ),
  ],
  [
    'half-service',
    report('iptables -t mangle -D PREROUTING 2; iptables -t nat -F KUBE-POSTROUTING; ip route del 10.0.5.78', [
      {src: '203.0.113.10', dst: '10.0.1.10', proto: 'tcp', dport: 31080, iif: 'ens5'},
    ]),
  ],
  [
    'no-endpoints',
    report(
      'iptables -A KUBE-SERVICES -d 172.20.0.9/32 -p tcp -m comment --comment "shop/empty:http has no endpoints" -m tcp --dport 80 -j REJECT',
      [{src: '10.0.3.17', dst: '172.20.0.9', proto: 'tcp', dport: 80}],
    ),
  ],
  [
    'still',
    report('ip rule del from 10.0.5.77 lookup 2; iptables -P FORWARD DROP', VPC, ['iptables -P FORWARD ACCEPT']),
  ],
]

describe('why a flow does not go as it should', () => {
  it.each(SAMPLES)('%s looks as agreed at 80, 120 and 200 columns, in Markdown and in JSON', (name, why) => {
    for (const width of [80, 120, 200])
      expectGolden(`why/${name}.${width}.txt`, renderExplainText(why, {width, style: plainStyle}))
    expectGolden(`why/${name}.md`, renderExplainMarkdown(why))
    expectGolden(`why/${name}.json`, renderJson(why))
  })

  it.each(SAMPLES)('%s fits every page, and is the same with colours and without', (_, why) => {
    for (const width of [48, 60, 80, 100, 120, 200]) {
      const text = renderExplainText(why, {width, style: plainStyle})
      for (const line of text.split('\n')) {
        expect(displayWidth(line)).toBeLessThanOrEqual(width)
        expect(line).toBe(line.trimEnd())
      }
      const coloured = renderExplainText(why, {width, style: colourStyle})
      // eslint-disable-next-line no-control-regex
      expect(coloured.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(text)
    }
  })

  it.each(SAMPLES)('%s is what the schema says', (_, why) => {
    const schema = JSON.parse(readFileSync('schemas/explain.1.json', 'utf8'))
    const validate = new Ajv({allowUnionTypes: true}).compile(schema)
    expect([validate(JSON.parse(renderJson(why))), validate.errors]).toEqual([true, null])
  })
})
