import type {ExplainReport} from '../../../src/model/index.js'
import {decision, egress, explanation, flow, net410Capture, outcome, report, rule} from './build.js'

/** A packet that kube-proxy's firewall drops. */
export const droppedReport: ExplainReport = report({
  explanations: [
    explanation({
      flow: flow({
        proto: 'tcp',
        src: '203.0.113.9',
        sport: 51000,
        dst: '192.168.4.93',
        dport: 31000,
        mark: 0x8000,
        iif: 'eth0',
        ttl: 63,
      }),
      origin: {kind: 'external', interface: 'eth0', pod: null, eni: 'eni-0334a44d21188bd24'},
      outcomes: [
        outcome({
          disposition: 'dropped',
          reason: 'FILTER_RULE',
          packet: {src: '203.0.113.9', sport: 51000, dst: '192.168.4.93', dport: 31000, proto: 'tcp', mark: 0x8000},
          steps: [
            decision('ip-rule', 'routing', 'lookup local', '0:\tfrom all lookup local ', '', 'ip-rule.txt:1'),
            decision(
              'route',
              'routing',
              'local',
              'local 192.168.4.93 dev eth0 table local proto kernel scope host src 192.168.4.93',
              'an address of this node',
              'ip-route.txt:20',
            ),
            rule('filter/INPUT', 'INPUT', 2, 72, '-A INPUT -j KUBE-FIREWALL'),
            rule(
              'filter/INPUT',
              'KUBE-FIREWALL',
              1,
              76,
              '-A KUBE-FIREWALL -m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark 0x8000/0x8000 -j DROP',
              'the packet is dropped',
            ),
          ],
          reply: null,
        }),
      ],
    }),
  ],
  findings: [
    {
      code: 'EKS012',
      severity: 'warning',
      title: 'Packets marked 0x8000 are dropped by KUBE-FIREWALL',
      text: '',
      evidence: [],
      pods: [],
      services: [],
      flow: null,
      proof: null,
      repair: [],
      remedy: 'Put it right, and see <that> it stays.',
      reference: null,
    },
  ],
})

/** A service without endpoints: the node answers that nobody is there. */
export const rejectedReport: ExplainReport = report({
  explanations: [
    explanation({
      flow: flow({proto: 'tcp', src: null, dst: '10.100.55.1', dport: 8443}),
      origin: {kind: 'node', interface: null, pod: null, eni: null},
      outcomes: [
        outcome({
          disposition: 'rejected',
          reason: 'REJECT_RULE',
          packet: {src: '192.168.4.93', sport: null, dst: '10.100.55.1', dport: 8443, proto: 'tcp', mark: 0},
          steps: [
            decision('ip-rule', 'routing', 'lookup main', '32766:\tfrom all lookup main ', '', 'ip-rule.txt:15'),
            decision(
              'route',
              'routing',
              'eth0',
              'default via 192.168.0.1 dev eth0 ',
              'via 192.168.0.1 dev eth0',
              'ip-route.txt:1',
            ),
            decision(
              'source-selection',
              'source-selection',
              '192.168.4.93',
              '192.168.0.0/19 dev eth0 proto kernel scope link src 192.168.4.93',
              'the address of eth0',
              'ip-route.txt:4',
            ),
            rule(
              'filter/OUTPUT',
              'OUTPUT',
              1,
              74,
              '-A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
            ),
            rule(
              'filter/OUTPUT',
              'KUBE-SERVICES',
              1,
              78,
              '-A KUBE-SERVICES -d 10.100.55.1/32 -p tcp -m comment --comment "shop/empty:https has no endpoints" -m tcp --dport 8443 -j REJECT --reject-with icmp-port-unreachable',
              'answered with icmp-port-unreachable',
            ),
          ],
        }),
      ],
    }),
  ],
})

/** One way is open, one is not decided, and the reply of the open one goes astray. */
export const undeterminedReport: ExplainReport = report({
  explanations: [
    explanation({
      flow: flow({
        proto: 'udp',
        src: '192.168.3.24',
        sport: 5353,
        dst: '172.20.0.53',
        dport: 53,
        iif: 'eni1f29a933002',
      }),
      origin: {
        kind: 'pod',
        interface: 'eni1f29a933002',
        pod: 'default/worker-hello-5d9b798f74-ktdxl',
        eni: 'eni-08f89b8d2799ddf95',
      },
      outcomes: [
        outcome({
          disposition: 'forwarded',
          probability: null,
          conditions: ['if the packet is within the limit of `-m limit --limit 5/sec`'],
          packet: {src: '192.168.3.24', sport: 5353, dst: '172.20.0.53', dport: 53, proto: 'udp', mark: 0x80},
          egress: egress({
            interface: 'eth1',
            nextHop: '192.168.128.1',
            neighbourState: 'FAILED',
            eni: 'eni-08f89b8d2799ddf95',
          }),
          steps: [
            decision('ip-rule', 'routing', 'lookup 2', '1536:\tfrom 192.168.3.24 lookup 2', '', 'ip-rule.txt:12'),
            decision(
              'route',
              'routing',
              'eth1',
              'default via 192.168.128.1 dev eth1',
              'via 192.168.128.1 dev eth1',
              'ip-route-table-2.txt:1',
            ),
            rule('filter/FORWARD', 'FORWARD', 3, 81, '-A FORWARD -m limit --limit 5/sec -j ACCEPT'),
          ],
          reply: {
            disposition: 'forwarded',
            reason: null,
            probability: 1,
            conditions: [],
            packet: {src: '172.20.0.53', sport: 53, dst: '192.168.3.24', dport: 5353, proto: 'udp', mark: 0},
            egress: egress({interface: 'eth0', nextHop: '192.168.0.1'}),
            steps: [
              decision('ip-rule', 'routing', 'lookup main', '32766:\tfrom all lookup main', '', 'ip-rule.txt:15'),
              decision(
                'route',
                'routing',
                'eth0',
                'default via 192.168.0.1 dev eth0',
                'via 192.168.0.1 dev eth0',
                'ip-route.txt:1',
              ),
            ],
          },
        }),
        outcome({
          disposition: 'undetermined',
          reason: 'UNMODELLED_TARGET',
          probability: null,
          conditions: ['unless the packet is within the limit of `-m limit --limit 5/sec`'],
          packet: {src: '192.168.3.24', sport: 5353, dst: '172.20.0.53', dport: 53, proto: 'udp', mark: 0x80},
          steps: [
            decision('ip-rule', 'routing', 'lookup 2', '1536:\tfrom 192.168.3.24 lookup 2', '', 'ip-rule.txt:12'),
            decision(
              'route',
              'routing',
              'eth1',
              'default via 192.168.128.1 dev eth1',
              'via 192.168.128.1 dev eth1',
              'ip-route-table-2.txt:1',
            ),
            rule(
              'filter/FORWARD',
              'FORWARD',
              4,
              82,
              '-A FORWARD -j NFQUEUE --queue-num 3',
              'what `-j NFQUEUE` does is not modelled',
            ),
          ],
          reply: null,
        }),
      ],
    }),
  ],
  capture: {...net410Capture, missing: []},
  diagnostics: [
    {
      code: 'UNPARSED_LINE',
      severity: 'warning',
      text: 'not a rule of ip rule: `1536: frm 10.0.0.1`',
      source: {document: 'ip-rule.txt', line: 13},
    },
    {code: 'REPAIRED_TEXT', severity: 'info', text: 'CRLF line ends were removed', source: null},
  ],
})
