import {plainStyle, renderAuditJunit, renderAuditMarkdown, renderAuditText} from '../../src/render/index.js'
import type {AuditReport, JsonFinding} from '../../src/model/index.js'
import {explainCommand} from '../../src/render/explain/explainCommand.js'
import {displayWidth} from '../../src/render/text/displayWidth.js'
import {flow, net410Capture} from './samples/build.js'

const finding: JsonFinding = {
  code: 'EKS901',
  severity: 'error',
  title: 'A <title> & "more"',
  text: 'What an attacker wrote: \u001b[2J]]> |`<b>.',
  evidence: Array.from({length: 6}, (_, i) => ({
    document: 'iptables-save.txt',
    line: i + 1,
    text: `-A KUBE-SERVICES -d 10.100.0.${i}/32 -p tcp -m comment --comment "ns/name:port" -m tcp --dport 80 -j KUBE-SVC-X`,
  })),
  pods: Array.from({length: 9}, (_, i) => ({name: i === 0 ? null : `ns/pod-${i}`, ip: `10.0.0.${i}`})),
  services: ['ns/a:b'],
  flow: flow({proto: 'udp', src: '2001:db8::1', dst: '2001:db8::2', sport: 1, dport: 53, iif: 'eth0', mark: 0x80}),
  proof: {
    now: [{disposition: 'forwarded', reason: null, src: '10.0.5.77', dst: '10.0.0.2', interface: 'ens5', reply: null}],
    repaired: null,
  },
  repair: ['ip rule add from 10.0.0.1 lookup 2 prio 1536'],
  remedy: 'Put it right, and see <that> it stays.',
  reference: 'https://example.org/a_b?c=d',
}

const report: AuditReport = {
  schema: 'ekspath.audit/1',
  node: {name: null, primaryIp: '10.0.0.1', capturedAt: null, cni: null, kubeProxyMode: null},
  capture: net410Capture,
  findings: [finding, {...finding, severity: 'info', pods: [], services: [], flow: null, repair: [], reference: null}],
  diagnostics: [],
}

describe('renderAuditText', () => {
  it.each([40, 80, 120, 200])('fits %i columns', width => {
    for (const line of renderAuditText(report, {width, style: plainStyle}).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(width)
    }
  })

  it('shows a few of many, and says how many more there are', () => {
    const text = renderAuditText(report, {width: 200, style: plainStyle})
    expect(text).toContain('and 2 more lines')
    expect(text).toContain('10.0.0.0, ns/pod-1, ns/pod-2, ns/pod-3, ns/pod-4, ns/pod-5 and 3 more')
  })

  it('says so where nothing is wrong', () => {
    expect(renderAuditText({...report, findings: []}, {width: 80, style: plainStyle})).toContain('\nnothing found\n')
  })
})

describe('renderAuditMarkdown', () => {
  it('lets no markup through', () => {
    expect(renderAuditMarkdown(report)).not.toMatch(/<b>|<title>|[^\P{C}\n]/u)
  })
})

describe('renderAuditJunit', () => {
  const checks = [
    {code: 'EKS901', title: finding.title},
    {code: 'EKS902', title: 'Another'},
  ]

  it('fails the case of a check that found what counts', () => {
    const xml = renderAuditJunit(report, checks, ({severity}) => severity === 'error')
    expect(xml).toContain('tests="2" failures="1"')
    expect(xml.match(/<failure /g)).toHaveLength(1)
    expect(xml.match(/<system-out>/g)).toHaveLength(1)
    expect(xml).toContain('<testcase classname="ekspath" name="EKS902 Another"/>')
  })

  it('is XML whatever the capture holds', () => {
    const xml = renderAuditJunit(report, checks, () => true)
    expect(xml).toContain('EKS901 A &lt;title&gt; &amp; &quot;more&quot;')
    expect(xml).not.toMatch(/[^\P{C}\n]/u)
    expect(xml.replace(/<\/?[a-z][^<>]*>|<\?xml[^<>]*\?>/g, '')).not.toMatch(/[<>]/)
  })
})

describe('explainCommand', () => {
  it.each([
    [flow({proto: 'tcp', src: null, dst: '10.0.0.1', dport: 80}), 'live', '--src node --dst 10.0.0.1:80 --proto tcp'],
    [
      finding.flow ?? flow({proto: '', src: '', dst: ''}),
      'a b.tar.gz',
      "--src [2001:db8::1]:1 --dst [2001:db8::2]:53 --proto udp --iif eth0 --mark 0x80 --from 'a b.tar.gz'",
    ],
    [
      flow({proto: 'icmp', src: '10.0.0.2', dst: '10.0.0.1', icmpType: 3, icmpCode: 4}),
      'ssh://me@host:22',
      '--src 10.0.0.2 --dst 10.0.0.1 --proto icmp --icmp-type 3/4 --ssh me@host:22',
    ],
  ])('%j', (asked, source, flags) => {
    expect(explainCommand(asked, source)).toBe(
      `ekspath explain ${flags}`
        .replace('[2001:db8::1]:1', "'[2001:db8::1]:1'")
        .replace('[2001:db8::2]:53', "'[2001:db8::2]:53'"),
    )
  })
})
