import {applyEdits} from '../../src/edit/index.js'
import {explain, parseFlowLine} from '../../src/explain/index.js'
import type {ExplainReport} from '../../src/model/index.js'
import {HEALTHY} from '../audit/healthyNode.js'
import {nodeFrom} from '../support/nodeFrom.js'

const node = nodeFrom(HEALTHY)
const VPC = {src: '10.0.5.77', dst: '10.0.44.9', proto: 'tcp', dport: 5432}
const OTHER_POD = {src: '10.0.3.17', dst: '10.0.44.9', proto: 'tcp', dport: 5432}
const NODE_PORT = {src: '203.0.113.10', dst: '10.0.1.10', proto: 'tcp', dport: 31080, iif: 'ens5'}
const INTERNET = {src: '10.0.3.17', dst: '203.0.113.10', proto: 'tcp', dport: 443}
const EMPTY = {src: '10.0.3.17', dst: '172.20.0.9', proto: 'tcp', dport: 80}
const NO_ENDPOINTS =
  'iptables -A KUBE-SERVICES -d 172.20.0.9/32 -p tcp -m comment --comment "shop/empty:http has no endpoints" -m tcp --dport 80 -j REJECT'

function reportOf(damage: string, flow: object, brief = false): ExplainReport {
  return explain(applyEdits(node, [damage]).state, [parseFlowLine(JSON.stringify(flow))], {brief})
}

describe('findings on the way of a flow', () => {
  test.each([
    ['none on a healthy node', 'kernel.sysrq=1', VPC, []],
    ['of its pod', 'ip rule del from 10.0.5.77', VPC, ['EKS101 routing']],
    ['not of other pods', 'ip rule del from 10.0.5.77', OTHER_POD, []],
    ['of its ENI’s table', 'ip route del default table 2', VPC, ['EKS105 routing']],
    ['of a policy that decides', 'iptables -P FORWARD DROP', INTERNET, ['EKS206 filter/FORWARD']],
    ['of a setting that decides', 'sysctl -w net.ipv4.ip_forward=0', VPC, ['EKS401 routing']],
    ['not of a setting that others rest on', 'sysctl -w net.ipv4.conf.ens5.rp_filter=1', {...VPC, src: null}, []],
    ['of its service', NO_ENDPOINTS, EMPTY, ['EKS301 filter/FORWARD']],
    ['not of other services', NO_ENDPOINTS, VPC, []],
    [
      'of node ports, for what comes by them',
      'iptables -t mangle -D PREROUTING 2',
      NODE_PORT,
      ['EKS201 mangle/PREROUTING'],
    ],
    ['not of node ports, for what pods send', 'iptables -t mangle -D PREROUTING 2', VPC, []],
    ['of the translation', 'iptables -t nat -D AWS-SNAT-CHAIN-0 2', INTERNET, ['EKS204 nat/POSTROUTING']],
  ])('%s', (_, damage, flow, expected) => {
    expect(reportOf(damage, flow).findings.map(({code, stages}) => `${code} ${stages?.[0] ?? ''}`)).toEqual(expected)
  })

  it('are not looked for with --brief', () => {
    expect(reportOf('iptables -P FORWARD DROP', INTERNET, true).findings).toEqual([])
  })
})
