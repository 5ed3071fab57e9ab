import {colourStyle, plainStyle, renderExplainText} from '../../src/render/index.js'
import {displayWidth} from '../../src/render/text/displayWidth.js'
import {expectGolden} from '../support/golden.js'
import {dnsReport} from './samples/dns.js'
import {endpointsReport, manyReport} from './samples/endpoints.js'
import {samples} from './samples/index.js'
import {hostileReport} from './samples/odd.js'

const plain = (width: number) => ({width, style: plainStyle})
const WIDTHS = [40, 60, 80, 100, 120, 132, 200]

describe('renderExplainText', () => {
  it.each(samples)('%s looks as agreed at 80 and 120 columns', (name, report) => {
    for (const width of [80, 120]) expectGolden(`text/${name}.${width}.txt`, renderExplainText(report, plain(width)))
  })

  it.each([...samples, ['many', manyReport] as const])(
    '%s fits every page, without blanks at line ends',
    (_, report) => {
      for (const width of WIDTHS) {
        for (const line of renderExplainText(report, plain(width)).split('\n')) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width)
          expect(line).toBe(line.trimEnd())
        }
      }
    },
  )

  it.each(samples)('%s is the same with colours and without', (_, report) => {
    const coloured = renderExplainText(report, {width: 100, style: colourStyle})
    // eslint-disable-next-line no-control-regex
    const stripped = coloured.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '')
    expect(stripped).toBe(renderExplainText(report, plain(100)))
  })

  it('lets nothing of a capture reach the terminal that is not plain text', () => {
    expect(renderExplainText(hostileReport, plain(80))).not.toMatch(/[^\P{C}\n]/u)
  })

  it('tells TCP and UDP apart only where they differ', () => {
    const text = renderExplainText(dnsReport, plain(200))
    expect(text.match(/FORWARDED/g)).toHaveLength(1)
    expect(text.match(/KUBE-SVC-TCOU7JCQXEZGVUNU 1/g)).toHaveLength(1)
    expect(text.match(/KUBE-SVC-ERIFXISQEP7F7OF4 1/g)).toHaveLength(1)
    expect(text.match(/iptables-save\.txt:73/g)).toHaveLength(1)
  })

  it('names the service of each protocol', () => {
    const text = renderExplainText(dnsReport, plain(200))
    expect(text).toContain(
      'tcp: kube-system/kube-dns:dns-tcp, its only endpoint · udp: kube-system/kube-dns:dns, its only endpoint',
    )
  })

  it('names each endpoint with its exact share', () => {
    const text = renderExplainText(endpointsReport, plain(200))
    expect(text.match(/1 of 3, 33\.333 %/g)).toHaveLength(3)
  })

  it('names groups of many endpoints by ranges where they are neighbours', () => {
    const text = renderExplainText(manyReport, plain(120))
    expect(text).toContain('1 of 60, 1.6667 %')
    expect(text.replace(/\n +/g, ' ')).toContain('B, C, E, F, H, I, K, L')
  })

  it('answers before it proves', () => {
    const text = renderExplainText(dnsReport, plain(100))
    expect(text.indexOf('FORWARDED')).toBeLessThan(text.indexOf('   1  '))
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^not here: security groups/)
  })
})
