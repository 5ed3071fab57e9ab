import type {ExplainReport, JsonExplanation, JsonStep} from '../../../src/model/index.js'
import {decision, egress, explanation, flow, outcome, report, rule} from './build.js'

const CONNMARK =
  '-A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80'
const PORTALS = '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES'

function service(proto: 'tcp' | 'udp'): JsonStep[] {
  const [svc, sep, port, line] =
    proto === 'udp'
      ? (['KUBE-SVC-TCOU7JCQXEZGVUNU', 'KUBE-SEP-SBYITFTVBG66OBOJ', 'dns', [51, 59, 45]] as const)
      : (['KUBE-SVC-ERIFXISQEP7F7OF4', 'KUBE-SEP-2NU4G5DQKUWR2CN3', 'dns-tcp', [52, 54, 43]] as const)
  const name = `kube-system/kube-dns:${port}`
  return [
    rule('nat/PREROUTING', 'PREROUTING', 1, 31, PORTALS),
    rule(
      'nat/PREROUTING',
      'KUBE-SERVICES',
      proto === 'udp' ? 2 : 3,
      line[0],
      `-A KUBE-SERVICES -d 10.100.0.10/32 -p ${proto} -m comment --comment "${name} cluster IP" -m ${proto} --dport 53 -j ${svc}`,
    ),
    rule('nat/PREROUTING', svc, 1, line[1], `-A ${svc} -m comment --comment "${name}" -j ${sep}`),
    rule(
      'nat/PREROUTING',
      sep,
      2,
      line[2],
      `-A ${sep} -p ${proto} -m comment --comment "${name}" -m ${proto} -j DNAT --to-destination 192.168.64.27:53`,
      'destination 10.100.0.10:53 → 192.168.64.27:53',
    ),
  ]
}

function dns(proto: 'tcp' | 'udp'): JsonExplanation {
  return explanation({
    flow: flow({proto, src: '192.168.7.62', dst: '10.100.0.10', dport: 53, iif: 'eni6a241e7f902'}),
    origin: {
      kind: 'pod',
      interface: 'eni6a241e7f902',
      pod: 'default/worker-hello-5d9b798f74-2gnkc',
      eni: 'eni-0334a44d21188bd24',
    },
    outcomes: [
      outcome({
        disposition: 'forwarded',
        packet: {src: '192.168.7.62', sport: null, dst: '192.168.64.27', dport: 53, proto, mark: 0},
        egress: egress({interface: 'eth0', nextHop: '192.168.0.1', eni: 'eni-0334a44d21188bd24'}),
        service: {name: `kube-system/kube-dns:${proto === 'udp' ? 'dns' : 'dns-tcp'}`, endpoint: 1, of: 1},
        steps: [
          decision('conntrack', 'conntrack', 'NEW', '', 'a new connection'),
          rule('mangle/PREROUTING', 'PREROUTING', 2, 9, CONNMARK, 'mark stays 0x0: the connection mark is 0x0'),
          ...service(proto),
          decision(
            'ip-rule',
            'routing',
            'lookup main',
            '1024:\tnot from all to 192.168.0.0/16 lookup main ',
            '',
            'ip-rule.txt:10',
          ),
          decision(
            'route',
            'routing',
            'eth0',
            'default via 192.168.0.1 dev eth0 ',
            'via 192.168.0.1 dev eth0',
            'ip-route.txt:1',
          ),
          decision(
            'source-validation',
            'source-validation',
            'pass',
            '192.168.7.62 dev eni6a241e7f902 scope link',
            'loose: the source has a route',
            'ip-route.txt:7',
          ),
          rule(
            'filter/FORWARD',
            'FORWARD',
            1,
            73,
            '-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
          ),
          rule(
            'nat/POSTROUTING',
            'POSTROUTING',
            1,
            35,
            '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
          ),
        ],
        reply: {
          disposition: 'forwarded',
          reason: null,
          probability: 1,
          conditions: [],
          packet: {src: '10.100.0.10', sport: 53, dst: '192.168.7.62', dport: null, proto, mark: 0},
          egress: egress({interface: 'eni6a241e7f902', pod: 'default/worker-hello-5d9b798f74-2gnkc'}),
          steps: [
            decision('conntrack', 'conntrack', 'ESTABLISHED', '', 'known connection: destination stays 192.168.7.62'),
            decision(
              'ip-rule',
              'routing',
              'lookup main',
              '512:\tfrom all to 192.168.7.62 lookup main ',
              '',
              'ip-rule.txt:4',
            ),
            decision(
              'route',
              'routing',
              'eni6a241e7f902',
              '192.168.7.62 dev eni6a241e7f902 scope link',
              'on the link, dev eni6a241e7f902',
              'ip-route.txt:7',
            ),
            decision('nat', 'nat', 'un-NAT', '', 'source 192.168.64.27:53 → 10.100.0.10:53'),
          ],
        },
      }),
    ],
  })
}

/** DNS from a pod of net410, TCP and UDP: the same answer by other chains. */
export const dnsReport: ExplainReport = report({explanations: [dns('tcp'), dns('udp')]})
