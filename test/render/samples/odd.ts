import type {ExplainReport} from '../../../src/model/index.js'
import {decision, egress, explanation, flow, net410Capture, outcome, report, rule} from './build.js'

/** IPv6, with addresses as long as they get and a capture whose paths are long. */
export const ipv6Report: ExplainReport = report({
  node: {
    name: 'ip-10-0-47-11.eu-central-1.compute.internal',
    primaryIp: '10.0.47.11',
    capturedAt: null,
    cni: null,
    kubeProxyMode: null,
  },
  capture: {...net410Capture, source: 'eks_i-0abcdef0123456789_2026-11-01_0930-UTC_1.23.tar.gz', missing: []},
  assumptions: [],
  explanations: [
    explanation({
      flow: flow({
        proto: 'tcp',
        src: '2a05:d014:1234:5678:9abc:def0:1234:5678',
        dst: 'fd12:3456:789a:bcde:f012:3456:789a:bcde',
        dport: 443,
        iif: 'eni0123456789a',
      }),
      origin: {kind: 'pod', interface: 'eni0123456789a', pod: 'payments/gateway-6f7d8c9b5-abcde', eni: null},
      outcomes: [
        outcome({
          disposition: 'forwarded',
          packet: {
            src: '2a05:d014:1234:5678:9abc:def0:1234:5678',
            sport: null,
            dst: '2a05:d014:1234:5678:ffff:eeee:dddd:cccc',
            dport: 8443,
            proto: 'tcp',
            mark: 0,
          },
          egress: egress({
            interface: 'ens5',
            nextHop: 'fe80::c0ff:eeff:fec0:ffee',
            mac: '0a:58:a9:fe:01:01',
            neighbourState: 'REACHABLE',
          }),
          steps: [
            {
              ...rule(
                'nat/PREROUTING',
                'KUBE-SEP-ZZZZZZZZZZZZZZZZ',
                2,
                1204,
                '-A KUBE-SEP-ZZZZZZZZZZZZZZZZ -p tcp -m comment --comment "payments/gateway-with-a-rather-long-name:https" -m tcp -j DNAT --to-destination [2a05:d014:1234:5678:ffff:eeee:dddd:cccc]:8443',
                'destination [fd12:3456:789a:bcde:f012:3456:789a:bcde]:443 → [2a05:d014:1234:5678:ffff:eeee:dddd:cccc]:8443',
              ),
              source: {document: 'networking/ip6tables-save.txt', line: 1204},
            },
            decision(
              'ip-rule',
              'routing',
              'lookup main',
              '32766:\tfrom all lookup main',
              '',
              'networking/ip6rule-of-a-collector-with-long-file-names.txt:3',
            ),
            decision(
              'route',
              'routing',
              'ens5',
              'default via fe80::c0ff:eeff:fec0:ffee dev ens5 proto ra metric 512 expires 1795sec mtu 9001 pref high',
              'via fe80::c0ff:eeff:fec0:ffee dev ens5',
              'networking/ip6route.txt:14',
            ),
          ],
          reply: {
            disposition: 'dropped',
            reason: 'SOURCE_VALIDATION',
            probability: 1,
            conditions: [],
            packet: {
              src: '2a05:d014:1234:5678:ffff:eeee:dddd:cccc',
              sport: 8443,
              dst: '2a05:d014:1234:5678:9abc:def0:1234:5678',
              dport: null,
              proto: 'tcp',
              mark: 0,
            },
            egress: null,
            steps: [decision('source-validation', 'source-validation', 'DROP', '', 'strict: the way back is eth0')],
          },
        }),
      ],
    }),
  ],
})

/** What an attacker may write into comments and names, and what is wider than it is long. */
export const hostileReport: ExplainReport = report({
  node: {name: 'node\u001b[2J\u202e', primaryIp: null, capturedAt: null, cni: null, kubeProxyMode: null},
  assumptions: [
    {code: 'ODD', text: 'a name with \u0007 BEL | pipe `tick` <b>tag</b>', source: {document: 'a\rb.txt', line: 1}},
  ],
  explanations: [
    explanation({
      flow: flow({proto: 'icmp', src: '10.0.0.1', dst: '10.0.0.2', icmpType: 8, icmpCode: 0}),
      origin: {kind: 'pod', interface: 'eni\u009b31m', pod: '好/日本語', eni: null},
      outcomes: [
        outcome({
          disposition: 'delivered',
          packet: {src: '10.0.0.1', sport: null, dst: '10.0.0.2', dport: null, proto: 'icmp', mark: 0},
          steps: [
            rule(
              'filter/INPUT',
              'INPUT',
              1,
              3,
              '-A INPUT -m comment --comment "\u001b]8;;http://evil\u0007|<img src=x>`\u200f\u2066 好日本語" -j ACCEPT',
            ),
          ],
        }),
      ],
    }),
  ],
})
