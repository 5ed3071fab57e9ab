import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {dedent} from '../support/dedent.js'
import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {nodeFrom} from '../support/nodeFrom.js'
import {walkText} from '../support/walkText.js'

/**
 * The packet walks of the texts this project began with, each with its path. The node of the workshop is the workshop's own; `services` and
 * `demystify` were measured on a kernel too (measured.test.ts).
 */
const FIXTURES = path.join(import.meta.dirname, '../../fixtures')

type Edit = (texts: Record<string, string>) => Record<string, string>

function textsOf(fixture: string): Record<string, string> {
  const folder = path.join(FIXTURES, fixture)
  const names = readdirSync(folder).filter(name => name.endsWith('.txt') || name.endsWith('.json'))
  return Object.fromEntries(names.map(name => [name, readFileSync(path.join(folder, name), 'utf8')]))
}

/** A maker of tests on one node, or on a variant of it. */
function walksOn(fixture: string, edit: Edit = texts => texts) {
  const node = nodeFrom(edit(textsOf(fixture)))
  return (title: string, flow: FlowWords, expected: string): void => {
    it(title, () => {
      expect(walkText(explainWords(node, flow).explanation)).toBe(dedent(expected))
    })
  }
}

describe('net410 workshop: CNI network internals, data plane', () => {
  const walk = walksOn('net410')

  walk(
    'intra-node pod to pod ping: both pods on the primary ENI',
    {src: '192.168.7.62', dst: '192.168.7.54', proto: 'icmp'},
    `
      mangle PREROUTING 2, nat PREROUTING 1
      ip-rule.txt:6 lookup main, ip-route.txt:6 eni5eaa472d76b
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eni5eaa472d76b to 192.168.7.54: icmp 192.168.7.62 → 192.168.7.54
      reply:
        mangle PREROUTING 2
        ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
        filter FORWARD 1
        forwarded by eni6a241e7f902 to 192.168.7.62: icmp 192.168.7.54 → 192.168.7.62
    `,
  )

  walk(
    'intra-node pod to pod ping: the other pod on a secondary ENI',
    {src: '192.168.7.62', dst: '192.168.3.24', proto: 'icmp'},
    `
      mangle PREROUTING 2, nat PREROUTING 1
      ip-rule.txt:7 lookup main, ip-route.txt:5 eni1f29a933002
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eni1f29a933002 to 192.168.3.24: icmp 192.168.7.62 → 192.168.3.24
      reply:
        mangle PREROUTING 2
        ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
        filter FORWARD 1
        forwarded by eni6a241e7f902 to 192.168.7.62: icmp 192.168.3.24 → 192.168.7.62
    `,
  )

  walk(
    'intra-node, from a secondary-ENI pod: its ENI does not matter, the rule for the destination comes first',
    {src: '192.168.3.24', dst: '192.168.7.62', proto: 'icmp'},
    `
      mangle PREROUTING 2, nat PREROUTING 1
      ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eni6a241e7f902 to 192.168.7.62: icmp 192.168.3.24 → 192.168.7.62
      reply:
        mangle PREROUTING 2
        ip-rule.txt:7 lookup main, ip-route.txt:5 eni1f29a933002
        filter FORWARD 1
        forwarded by eni1f29a933002 to 192.168.3.24: icmp 192.168.7.62 → 192.168.3.24
    `,
  )

  walk(
    'inter-node pod to pod ping: from a primary-ENI pod by the default route of main',
    {src: '192.168.7.62', dst: '192.168.66.62', proto: 'icmp'},
    `
      mangle PREROUTING 2, nat PREROUTING 1
      ip-rule.txt:15 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eth0 to 192.168.0.1: icmp 192.168.7.62 → 192.168.66.62
      reply:
        ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
        filter FORWARD 1
        forwarded by eni6a241e7f902 to 192.168.7.62: icmp 192.168.66.62 → 192.168.7.62
    `,
  )

  walk(
    'inter-node pod to pod ping: Linux policy routing sends a secondary-ENI pod out of its ENI',
    {src: '192.168.3.24', dst: '192.168.66.62', proto: 'icmp'},
    `
      mangle PREROUTING 2, nat PREROUTING 1
      ip-rule.txt:12 lookup 2, ip-route-table-2.txt:1 eth1 via 192.168.128.1
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eth1 to 192.168.128.1: icmp 192.168.3.24 → 192.168.66.62
      reply:
        ip-rule.txt:7 lookup main, ip-route.txt:5 eni1f29a933002
        filter FORWARD 1
        forwarded by eni1f29a933002 to 192.168.3.24: icmp 192.168.66.62 → 192.168.3.24
    `,
  )

  walk(
    'the ping from the other node arrives, and its answer leaves by eth0',
    {src: '192.168.79.49', dst: '192.168.7.62', proto: 'icmp'},
    `
      nat PREROUTING 1
      ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eni6a241e7f902 to 192.168.7.62: icmp 192.168.79.49 → 192.168.7.62
      reply:
        mangle PREROUTING 2
        ip-rule.txt:15 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
        filter FORWARD 1
        forwarded by eth0 to 192.168.0.1: icmp 192.168.7.62 → 192.168.79.49
    `,
  )

  walk(
    'the ping from the other node to a secondary-ENI pod arrives by eth1, and its answer leaves by eth1',
    {src: '192.168.79.49', dst: '192.168.3.24', proto: 'icmp', iif: 'eth1'},
    `
      nat PREROUTING 1
      ip-rule.txt:7 lookup main, ip-route.txt:5 eni1f29a933002
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eni1f29a933002 to 192.168.3.24: icmp 192.168.79.49 → 192.168.3.24
      reply:
        mangle PREROUTING 2
        ip-rule.txt:12 lookup 2, ip-route-table-2.txt:1 eth1 via 192.168.128.1
        filter FORWARD 1
        forwarded by eth1 to 192.168.128.1: icmp 192.168.3.24 → 192.168.79.49
    `,
  )

  walk(
    'pod to external ping: SNAT to the primary address of the node (AWS, SNAT)',
    {src: '192.168.7.62', dst: '87.248.98.7', proto: 'icmp'},
    `
      mangle PREROUTING 2, nat PREROUTING 1
      ip-rule.txt:10 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
      filter FORWARD 1, nat POSTROUTING 1, POSTROUTING 3
      forwarded by eth0 to 192.168.0.1: icmp 192.168.4.93 → 87.248.98.7
      reply:
        mangle PREROUTING 1
        ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
        filter FORWARD 1
        forwarded by eni6a241e7f902 to 192.168.7.62: icmp 87.248.98.7 → 192.168.7.62
    `,
  )

  walk(
    'pod to external ping: a secondary-ENI pod leaves by eth0 too',
    {src: '192.168.3.24', dst: '87.248.98.7', proto: 'icmp'},
    `
      mangle PREROUTING 2, nat PREROUTING 1
      ip-rule.txt:10 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
      filter FORWARD 1, nat POSTROUTING 1, POSTROUTING 3
      forwarded by eth0 to 192.168.0.1: icmp 192.168.4.93 → 87.248.98.7
      reply:
        mangle PREROUTING 1
        ip-rule.txt:7 lookup main, ip-route.txt:5 eni1f29a933002
        filter FORWARD 1
        forwarded by eni1f29a933002 to 192.168.3.24: icmp 87.248.98.7 → 192.168.3.24
    `,
  )

  walk(
    'EKS master to pod: kubectl logs/exec, by the cross-account ENI',
    {src: '192.168.154.135', dst: '192.168.24.73', proto: 'tcp', sport: 40000, dport: 10250},
    `
      nat PREROUTING 1
      ip-rule.txt:2 lookup main, ip-route.txt:11 enie96d6354f21
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by enie96d6354f21 to 192.168.24.73: tcp 192.168.154.135:40000 → 192.168.24.73:10250
      reply:
        mangle PREROUTING 2
        ip-rule.txt:15 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
        filter FORWARD 1
        forwarded by eth0 to 192.168.0.1: tcp 192.168.24.73:10250 → 192.168.154.135:40000
    `,
  )

  walk(
    'EKS master to the kubelet of the node',
    {src: '192.168.154.135', dst: '192.168.4.93', proto: 'tcp', sport: 40000, dport: 10250},
    `
      mangle PREROUTING 1, nat PREROUTING 1, KUBE-SERVICES 4, PREROUTING 2
      ip-rule.txt:1 lookup local, ip-route.txt:4 eth0
      filter INPUT 1, INPUT 2
      delivered: tcp 192.168.154.135:40000 → 192.168.4.93:10250
      reply:
        ip-rule.txt:15 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
        filter OUTPUT 2
        forwarded by eth0 to 192.168.0.1: tcp 192.168.4.93:10250 → 192.168.154.135:40000
    `,
  )
})

describe('net410 workshop: pod to service communication', () => {
  const walk = walksOn('net410')

  walk(
    'DNS over UDP: the only endpoint of kube-dns',
    {src: '192.168.7.62', dst: '10.100.0.10', proto: 'udp', sport: 40000, dport: 53},
    `
      mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 2, KUBE-SVC-TCOU7JCQXEZGVUNU 1,
      KUBE-SEP-SBYITFTVBG66OBOJ 2
      ip-rule.txt:15 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eth0 to 192.168.0.1: udp 192.168.7.62:40000 → 192.168.64.27:53
      reply:
        ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
        filter FORWARD 1
        forwarded by eni6a241e7f902 to 192.168.7.62: udp 10.100.0.10:53 → 192.168.7.62:40000
    `,
  )

  walk(
    'DNS over TCP: a service port of its own',
    {src: '192.168.7.62', dst: '10.100.0.10', proto: 'tcp', sport: 40000, dport: 53},
    `
      mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 3, KUBE-SVC-ERIFXISQEP7F7OF4 1,
      KUBE-SEP-2NU4G5DQKUWR2CN3 2
      ip-rule.txt:15 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eth0 to 192.168.0.1: tcp 192.168.7.62:40000 → 192.168.64.27:53
      reply:
        ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
        filter FORWARD 1
        forwarded by eni6a241e7f902 to 192.168.7.62: tcp 10.100.0.10:53 → 192.168.7.62:40000
    `,
  )

  walk(
    'DNS from the node itself: routed before and after DNAT, with the source of the first route',
    {src: null, dst: '10.100.0.10', proto: 'udp', sport: 40000, dport: 53},
    `
      ip-rule.txt:10 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
      nat OUTPUT 1, KUBE-SERVICES 2, KUBE-SVC-TCOU7JCQXEZGVUNU 1, KUBE-SEP-SBYITFTVBG66OBOJ 2
      ip-rule.txt:15 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
      filter OUTPUT 1, OUTPUT 2, nat POSTROUTING 1
      forwarded by eth0 to 192.168.0.1: udp 192.168.4.93:40000 → 192.168.64.27:53
      reply:
        mangle PREROUTING 1
        ip-rule.txt:1 lookup local, ip-route.txt:4 eth0
        filter INPUT 2
        delivered: udp 10.100.0.10:53 → 192.168.4.93:40000
    `,
  )

  walk(
    'the kubernetes service with session affinity: the remembered endpoint, else one of two',
    {src: '192.168.7.62', dst: '10.100.0.1', proto: 'tcp', sport: 40000, dport: 443},
    `
      if the source address is on the list \`KUBE-SEP-U7PHXUKERII2F73Z\` of -m recent (seen in the last 10800 s)
      mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 1, KUBE-SVC-NPX46M4PTMTKRN6Y 1,
      KUBE-SEP-U7PHXUKERII2F73Z 2
      ip-rule.txt:15 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eth0 to 192.168.0.1: tcp 192.168.7.62:40000 → 192.168.119.102:443
      reply:
        ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
        filter FORWARD 1
        forwarded by eni6a241e7f902 to 192.168.7.62: tcp 10.100.0.1:443 → 192.168.7.62:40000

      unless the source address is on the list \`KUBE-SEP-U7PHXUKERII2F73Z\` of -m recent (seen in the last 10800 s),
      if the source address is on the list \`KUBE-SEP-VM7IXZRFNUK7QDNK\` of -m recent (seen in the last 10800 s)
      mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 1, KUBE-SVC-NPX46M4PTMTKRN6Y 2,
      KUBE-SEP-VM7IXZRFNUK7QDNK 2
      ip-rule.txt:15 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eth0 to 192.168.0.1: tcp 192.168.7.62:40000 → 192.168.154.135:443
      reply:
        ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
        filter FORWARD 1
        forwarded by eni6a241e7f902 to 192.168.7.62: tcp 10.100.0.1:443 → 192.168.7.62:40000

      50 %,
      unless the source address is on the list \`KUBE-SEP-U7PHXUKERII2F73Z\` of -m recent (seen in the last 10800 s),
      unless the source address is on the list \`KUBE-SEP-VM7IXZRFNUK7QDNK\` of -m recent (seen in the last 10800 s)
      mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 1, KUBE-SVC-NPX46M4PTMTKRN6Y 3,
      KUBE-SEP-U7PHXUKERII2F73Z 2
      ip-rule.txt:15 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eth0 to 192.168.0.1: tcp 192.168.7.62:40000 → 192.168.119.102:443
      reply:
        ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
        filter FORWARD 1
        forwarded by eni6a241e7f902 to 192.168.7.62: tcp 10.100.0.1:443 → 192.168.7.62:40000

      50 %,
      unless the source address is on the list \`KUBE-SEP-U7PHXUKERII2F73Z\` of -m recent (seen in the last 10800 s),
      unless the source address is on the list \`KUBE-SEP-VM7IXZRFNUK7QDNK\` of -m recent (seen in the last 10800 s)
      mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 1, KUBE-SVC-NPX46M4PTMTKRN6Y 4,
      KUBE-SEP-VM7IXZRFNUK7QDNK 2
      ip-rule.txt:15 lookup main, ip-route.txt:1 eth0 via 192.168.0.1
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eth0 to 192.168.0.1: tcp 192.168.7.62:40000 → 192.168.154.135:443
      reply:
        ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
        filter FORWARD 1
        forwarded by eni6a241e7f902 to 192.168.7.62: tcp 10.100.0.1:443 → 192.168.7.62:40000
    `,
  )
})

describe('life of a packet: pod to pod', () => {
  const walk = walksOn('net410')

  walk(
    'across nodes, same subnet as eth0: forwarded by the node without the gateway',
    {src: '192.168.7.62', dst: '192.168.13.63', proto: 'icmp'},
    `
      mangle PREROUTING 2, nat PREROUTING 1
      ip-rule.txt:15 lookup main, ip-route.txt:4 eth0
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eth0 to 192.168.13.63: icmp 192.168.7.62 → 192.168.13.63
      reply:
        ip-rule.txt:4 lookup main, ip-route.txt:7 eni6a241e7f902
        filter FORWARD 1
        forwarded by eni6a241e7f902 to 192.168.7.62: icmp 192.168.13.63 → 192.168.7.62
    `,
  )

  walk(
    'return flow: a secondary address of a secondary ENI always goes to the default gateway, even on the same subnet',
    {src: '192.168.3.24', dst: '192.168.13.63', proto: 'icmp'},
    `
      mangle PREROUTING 2, nat PREROUTING 1
      ip-rule.txt:12 lookup 2, ip-route-table-2.txt:1 eth1 via 192.168.128.1
      filter FORWARD 1, nat POSTROUTING 1
      forwarded by eth1 to 192.168.128.1: icmp 192.168.3.24 → 192.168.13.63
      reply:
        ip-rule.txt:7 lookup main, ip-route.txt:5 eni1f29a933002
        filter FORWARD 1
        forwarded by eni1f29a933002 to 192.168.3.24: icmp 192.168.13.63 → 192.168.3.24
    `,
  )
})

describe('life of a packet: services and load balancers', () => {
  const walk = walksOn('services')

  walk(
    'pod 61 to pod 72 on the same node',
    {src: '10.0.1.61', dst: '10.0.1.72', proto: 'tcp', sport: 40000, dport: 8080},
    `
      mangle PREROUTING 2, nat PREROUTING 1, PREROUTING 2, PREROUTING 3
      ip-rule.txt:3 lookup main, ip-route.txt:6 eni2bbbbbbbbbb
      filter FORWARD 1, FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2
      forwarded by eni2bbbbbbbbbb to 10.0.1.72: tcp 10.0.1.61:40000 → 10.0.1.72:8080
      reply:
        mangle PREROUTING 2
        ip-rule.txt:2 lookup main, ip-route.txt:5 eni1aaaaaaaaaa
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eni1aaaaaaaaaa to 10.0.1.61: tcp 10.0.1.72:8080 → 10.0.1.61:40000
    `,
  )

  walk(
    'pod 72 to pod 61 on the same node',
    {src: '10.0.1.72', dst: '10.0.1.61', proto: 'tcp', sport: 40000, dport: 8080},
    `
      mangle PREROUTING 2, nat PREROUTING 1, PREROUTING 2, PREROUTING 3
      ip-rule.txt:2 lookup main, ip-route.txt:5 eni1aaaaaaaaaa
      filter FORWARD 1, FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2
      forwarded by eni1aaaaaaaaaa to 10.0.1.61: tcp 10.0.1.72:40000 → 10.0.1.61:8080
      reply:
        mangle PREROUTING 2
        ip-rule.txt:3 lookup main, ip-route.txt:6 eni2bbbbbbbbbb
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eni2bbbbbbbbbb to 10.0.1.72: tcp 10.0.1.61:8080 → 10.0.1.72:40000
    `,
  )

  walk(
    'pod 61, on the primary ENI, to a pod on another node',
    {src: '10.0.1.61', dst: '10.0.7.7', proto: 'tcp', sport: 40000, dport: 8080},
    `
      mangle PREROUTING 2, nat PREROUTING 1, PREROUTING 2, PREROUTING 3
      ip-rule.txt:6 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
      filter FORWARD 1, FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2
      forwarded by eth0 to 10.0.1.1: tcp 10.0.1.61:40000 → 10.0.7.7:8080
      reply:
        ip-rule.txt:2 lookup main, ip-route.txt:5 eni1aaaaaaaaaa
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eni1aaaaaaaaaa to 10.0.1.61: tcp 10.0.7.7:8080 → 10.0.1.61:40000
    `,
  )

  walk(
    'pod 72, on a secondary ENI, to a pod on another node: by the default route of table 2',
    {src: '10.0.1.72', dst: '10.0.7.7', proto: 'tcp', sport: 40000, dport: 8080},
    `
      mangle PREROUTING 2, nat PREROUTING 1, PREROUTING 2, PREROUTING 3
      ip-rule.txt:5 lookup 2, ip-route.txt:1 eth1 via 10.0.1.1
      filter FORWARD 1, FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2
      forwarded by eth1 to 10.0.1.1: tcp 10.0.1.72:40000 → 10.0.7.7:8080
      reply:
        ip-rule.txt:3 lookup main, ip-route.txt:6 eni2bbbbbbbbbb
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eni2bbbbbbbbbb to 10.0.1.72: tcp 10.0.7.7:8080 → 10.0.1.72:40000
    `,
  )

  walk(
    'the node to its pod: the answer is delivered',
    {src: null, dst: '10.0.1.72', proto: 'tcp', sport: 40000, dport: 8080},
    `
      ip-rule.txt:3 lookup main, ip-route.txt:6 eni2bbbbbbbbbb
      nat OUTPUT 1, filter OUTPUT 1, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2
      forwarded by eni2bbbbbbbbbb to 10.0.1.72: tcp 10.0.1.10:40000 → 10.0.1.72:8080
      reply:
        mangle PREROUTING 2
        ip-rule.txt:1 lookup local, ip-addr.txt:7 eth0
        delivered: tcp 10.0.1.72:8080 → 10.0.1.10:40000
    `,
  )

  walk(
    'ClusterIP: one of two endpoints; the pod itself (hairpin) is masqueraded, or its answer would not come back',
    {src: '10.0.1.61', dst: '172.20.1.1', proto: 'tcp', sport: 40000, dport: 80},
    `
      50 %
      mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 1, KUBE-SVC-WEBWEBWEBWEBWEBW 1,
      KUBE-SEP-WEBWEBWEBWEBWEB1 1, KUBE-MARK-MASQ 1, KUBE-SEP-WEBWEBWEBWEBWEB1 2
      ip-rule.txt:2 lookup main, ip-route.txt:5 eni1aaaaaaaaaa
      filter FORWARD 1, KUBE-FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 2, KUBE-POSTROUTING 3
      forwarded by eni1aaaaaaaaaa to 10.0.1.61: tcp 10.0.1.10:* → 10.0.1.61:8080
      reply:
        mangle PREROUTING 2
        ip-rule.txt:2 lookup main, ip-route.txt:5 eni1aaaaaaaaaa
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eni1aaaaaaaaaa to 10.0.1.61: tcp 172.20.1.1:80 → 10.0.1.61:40000

      50 %
      mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 1, KUBE-SVC-WEBWEBWEBWEBWEBW 2,
      KUBE-SEP-WEBWEBWEBWEBWEB2 2
      ip-rule.txt:6 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
      filter FORWARD 1, FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2
      forwarded by eth0 to 10.0.1.1: tcp 10.0.1.61:40000 → 10.0.7.8:8080
      reply:
        ip-rule.txt:2 lookup main, ip-route.txt:5 eni1aaaaaaaaaa
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eni1aaaaaaaaaa to 10.0.1.61: tcp 172.20.1.1:80 → 10.0.1.61:40000
    `,
  )

  walk(
    'ClusterIP from a secondary-ENI pod: the remote endpoint by its own ENI',
    {src: '10.0.1.72', dst: '172.20.1.1', proto: 'tcp', sport: 40000, dport: 80},
    `
      50 %
      mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 1, KUBE-SVC-WEBWEBWEBWEBWEBW 1,
      KUBE-SEP-WEBWEBWEBWEBWEB1 2
      ip-rule.txt:2 lookup main, ip-route.txt:5 eni1aaaaaaaaaa
      filter FORWARD 1, FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2
      forwarded by eni1aaaaaaaaaa to 10.0.1.61: tcp 10.0.1.72:40000 → 10.0.1.61:8080
      reply:
        mangle PREROUTING 2
        ip-rule.txt:3 lookup main, ip-route.txt:6 eni2bbbbbbbbbb
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eni2bbbbbbbbbb to 10.0.1.72: tcp 172.20.1.1:80 → 10.0.1.72:40000

      50 %
      mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 1, KUBE-SVC-WEBWEBWEBWEBWEBW 2,
      KUBE-SEP-WEBWEBWEBWEBWEB2 2
      ip-rule.txt:5 lookup 2, ip-route.txt:1 eth1 via 10.0.1.1
      filter FORWARD 1, FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2
      forwarded by eth1 to 10.0.1.1: tcp 10.0.1.72:40000 → 10.0.7.8:8080
      reply:
        ip-rule.txt:3 lookup main, ip-route.txt:6 eni2bbbbbbbbbb
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eni2bbbbbbbbbb to 10.0.1.72: tcp 172.20.1.1:80 → 10.0.1.72:40000
    `,
  )

  walk(
    'ClusterIP whose only endpoint is the pod itself (hairpin)',
    {src: '10.0.1.72', dst: '172.20.1.2', proto: 'tcp', sport: 40000, dport: 80},
    `
      mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 2, KUBE-SVC-LOCLOCLOCLOCLOCL 1,
      KUBE-SEP-LOCLOCLOCLOCLOC1 1, KUBE-MARK-MASQ 1, KUBE-SEP-LOCLOCLOCLOCLOC1 2
      ip-rule.txt:3 lookup main, ip-route.txt:6 eni2bbbbbbbbbb
      filter FORWARD 1, KUBE-FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 2, KUBE-POSTROUTING 3
      forwarded by eni2bbbbbbbbbb to 10.0.1.72: tcp 10.0.1.10:* → 10.0.1.72:8080
      reply:
        mangle PREROUTING 2
        ip-rule.txt:3 lookup main, ip-route.txt:6 eni2bbbbbbbbbb
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eni2bbbbbbbbbb to 10.0.1.72: tcp 172.20.1.2:80 → 10.0.1.72:40000
    `,
  )

  walk(
    'pod to internet: SNAT by AWS-SNAT-CHAIN-0 and -1, with a random port',
    {src: '10.0.1.61', dst: '8.8.8.8', proto: 'udp', sport: 40000, dport: 53},
    `
      mangle PREROUTING 2, nat PREROUTING 1, PREROUTING 2, AWS-CONNMARK-CHAIN-0 1, AWS-CONNMARK-CHAIN-1 1,
      PREROUTING 3
      ip-rule.txt:4 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
      filter FORWARD 1, FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2, AWS-SNAT-CHAIN-0 1,
      AWS-SNAT-CHAIN-1 1
      forwarded by eth0 to 10.0.1.1: udp 10.0.1.10:* → 8.8.8.8:53
      reply:
        mangle PREROUTING 1
        ip-rule.txt:2 lookup main, ip-route.txt:5 eni1aaaaaaaaaa
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eni1aaaaaaaaaa to 10.0.1.61: udp 8.8.8.8:53 → 10.0.1.61:40000
    `,
  )

  walk(
    'secondary-ENI pod to internet: the connection mark sends it and its answer by eth0',
    {src: '10.0.1.72', dst: '8.8.8.8', proto: 'udp', sport: 40000, dport: 53},
    `
      mangle PREROUTING 2, nat PREROUTING 1, PREROUTING 2, AWS-CONNMARK-CHAIN-0 1, AWS-CONNMARK-CHAIN-1 1,
      PREROUTING 3
      ip-rule.txt:4 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
      filter FORWARD 1, FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2, AWS-SNAT-CHAIN-0 1,
      AWS-SNAT-CHAIN-1 1
      forwarded by eth0 to 10.0.1.1: udp 10.0.1.10:* → 8.8.8.8:53
      reply:
        mangle PREROUTING 1
        ip-rule.txt:3 lookup main, ip-route.txt:6 eni2bbbbbbbbbb
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eni2bbbbbbbbbb to 10.0.1.72: udp 8.8.8.8:53 → 10.0.1.72:40000
    `,
  )

  walk(
    'NodePort: load balanced, DNAT, SNAT to the node, and back the same way',
    {src: '198.51.100.7', dst: '10.0.1.10', proto: 'tcp', sport: 40000, dport: 30080, iif: 'eth0'},
    `
      50 %
      mangle PREROUTING 1, nat PREROUTING 1, KUBE-SERVICES 4, KUBE-NODEPORTS 1, KUBE-EXT-WEBWEBWEBWEBWEBW 1,
      KUBE-MARK-MASQ 1, KUBE-EXT-WEBWEBWEBWEBWEBW 2, KUBE-SVC-WEBWEBWEBWEBWEBW 1, KUBE-SEP-WEBWEBWEBWEBWEB1 2
      ip-rule.txt:2 lookup main, ip-route.txt:5 eni1aaaaaaaaaa
      filter FORWARD 1, KUBE-FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 2, KUBE-POSTROUTING 3
      forwarded by eni1aaaaaaaaaa to 10.0.1.61: tcp 10.0.1.10:* → 10.0.1.61:8080
      reply:
        mangle PREROUTING 2
        ip-rule.txt:4 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eth0 to 10.0.1.1: tcp 10.0.1.10:30080 → 198.51.100.7:40000

      50 %
      mangle PREROUTING 1, nat PREROUTING 1, KUBE-SERVICES 4, KUBE-NODEPORTS 1, KUBE-EXT-WEBWEBWEBWEBWEBW 1,
      KUBE-MARK-MASQ 1, KUBE-EXT-WEBWEBWEBWEBWEBW 2, KUBE-SVC-WEBWEBWEBWEBWEBW 2, KUBE-SEP-WEBWEBWEBWEBWEB2 2
      ip-rule.txt:6 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
      filter FORWARD 1, KUBE-FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 2, KUBE-POSTROUTING 3
      forwarded by eth0 to 10.0.1.1: tcp 10.0.1.10:* → 10.0.7.8:8080
      reply:
        mangle PREROUTING 1
        ip-rule.txt:6 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eth0 to 10.0.1.1: tcp 10.0.1.10:30080 → 198.51.100.7:40000
    `,
  )

  walk(
    'NodePort with externalTrafficPolicy Local: the local pod, and the client address is kept',
    {src: '198.51.100.7', dst: '10.0.1.10', proto: 'tcp', sport: 40000, dport: 30081, iif: 'eth0'},
    `
      mangle PREROUTING 1, nat PREROUTING 1, KUBE-SERVICES 4, KUBE-NODEPORTS 2, KUBE-EXT-LOCLOCLOCLOCLOCL 3,
      KUBE-SVL-LOCLOCLOCLOCLOCL 1, KUBE-SEP-LOCLOCLOCLOCLOC1 2
      ip-rule.txt:3 lookup main, ip-route.txt:6 eni2bbbbbbbbbb
      filter FORWARD 1, FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2
      forwarded by eni2bbbbbbbbbb to 10.0.1.72: tcp 198.51.100.7:40000 → 10.0.1.72:8080
      reply:
        mangle PREROUTING 2
        ip-rule.txt:4 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eth0 to 10.0.1.1: tcp 10.0.1.10:30081 → 198.51.100.7:40000
    `,
  )

  walk(
    'NodePort with externalTrafficPolicy Local and no local endpoint: dropped',
    {src: '198.51.100.7', dst: '10.0.1.10', proto: 'tcp', sport: 40000, dport: 30090, iif: 'eth0'},
    `
      mangle PREROUTING 1, nat PREROUTING 1, KUBE-SERVICES 4, KUBE-NODEPORTS 3, PREROUTING 3
      ip-rule.txt:1 lookup local, ip-addr.txt:7 eth0
      filter INPUT 1, KUBE-EXTERNAL-SERVICES 1
      dropped (FILTER_RULE): tcp 198.51.100.7:40000 → 10.0.1.10:30090
    `,
  )

  walk(
    'LoadBalancer, instance targets with the balancer’s own address: as a node port',
    {src: '198.51.100.7', dst: '203.0.113.50', proto: 'tcp', sport: 40000, dport: 80, iif: 'eth0'},
    `
      50 %
      nat PREROUTING 1, KUBE-SERVICES 3, KUBE-EXT-WEBWEBWEBWEBWEBW 1, KUBE-MARK-MASQ 1, KUBE-EXT-WEBWEBWEBWEBWEBW 2,
      KUBE-SVC-WEBWEBWEBWEBWEBW 1, KUBE-SEP-WEBWEBWEBWEBWEB1 2
      ip-rule.txt:2 lookup main, ip-route.txt:5 eni1aaaaaaaaaa
      filter FORWARD 1, KUBE-FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 2, KUBE-POSTROUTING 3
      forwarded by eni1aaaaaaaaaa to 10.0.1.61: tcp 10.0.1.10:* → 10.0.1.61:8080
      reply:
        mangle PREROUTING 2
        ip-rule.txt:6 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eth0 to 10.0.1.1: tcp 203.0.113.50:80 → 198.51.100.7:40000

      50 %
      nat PREROUTING 1, KUBE-SERVICES 3, KUBE-EXT-WEBWEBWEBWEBWEBW 1, KUBE-MARK-MASQ 1, KUBE-EXT-WEBWEBWEBWEBWEBW 2,
      KUBE-SVC-WEBWEBWEBWEBWEBW 2, KUBE-SEP-WEBWEBWEBWEBWEB2 2
      ip-rule.txt:6 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
      filter FORWARD 1, KUBE-FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 2, KUBE-POSTROUTING 3
      forwarded by eth0 to 10.0.1.1: tcp 10.0.1.10:* → 10.0.7.8:8080
      reply:
        mangle PREROUTING 1
        ip-rule.txt:6 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eth0 to 10.0.1.1: tcp 203.0.113.50:80 → 198.51.100.7:40000
    `,
  )

  walk(
    'LoadBalancer, IP targets: neither node port nor a NAT rule has a part in it',
    {src: '198.51.100.7', dst: '10.0.1.72', proto: 'tcp', sport: 40000, dport: 8080, iif: 'eth1'},
    `
      nat PREROUTING 1, PREROUTING 3
      ip-rule.txt:3 lookup main, ip-route.txt:6 eni2bbbbbbbbbb
      filter FORWARD 1, FORWARD 2, nat POSTROUTING 1, KUBE-POSTROUTING 1, POSTROUTING 2
      forwarded by eni2bbbbbbbbbb to 10.0.1.72: tcp 198.51.100.7:40000 → 10.0.1.72:8080
      reply:
        mangle PREROUTING 2
        ip-rule.txt:5 lookup 2, ip-route.txt:1 eth1 via 10.0.1.1
        filter FORWARD 1, KUBE-FORWARD 3
        forwarded by eth1 to 10.0.1.1: tcp 10.0.1.72:8080 → 198.51.100.7:40000
    `,
  )

  walk(
    'a service without endpoints rejects pods',
    {src: '10.0.1.61', dst: '172.20.9.9', proto: 'tcp', sport: 40000, dport: 80},
    `
      mangle PREROUTING 2, nat PREROUTING 1, PREROUTING 2, AWS-CONNMARK-CHAIN-0 1, AWS-CONNMARK-CHAIN-1 1,
      PREROUTING 3
      ip-rule.txt:4 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
      filter FORWARD 1, FORWARD 2, KUBE-SERVICES 1, icmp-port-unreachable goes back from 10.0.1.10 to 10.0.1.61
      rejected (REJECT_RULE): tcp 10.0.1.61:40000 → 172.20.9.9:80
    `,
  )

  walk(
    'a service without endpoints rejects the node',
    {src: null, dst: '172.20.9.9', proto: 'tcp', sport: 40000, dport: 80},
    `
      ip-rule.txt:6 lookup main, ip-route.txt:3 eth0 via 10.0.1.1
      nat OUTPUT 1, filter OUTPUT 1, KUBE-SERVICES 1, icmp-port-unreachable goes back from 10.0.1.10 to 10.0.1.10
      rejected (REJECT_RULE): tcp 10.0.1.10:40000 → 172.20.9.9:80
    `,
  )
})

describe('demystify target type ip: the node by hand', () => {
  const walk = walksOn('demystify')

  walk(
    'the load balancer reaches the pod directly, and its answer leaves by table 10001',
    {src: '172.31.5.5', dst: '172.31.11.204', proto: 'tcp', sport: 40000, dport: 80, iif: 'eth1'},
    `
      ip-rule.txt:2 lookup main, ip-route.txt:4 veth1
      nat POSTROUTING 1
      forwarded by veth1 to 172.31.11.204: tcp 172.31.5.5:40000 → 172.31.11.204:80
      reply:
        ip-rule.txt:4 lookup 10001, ip-route-table-10001.txt:2 eth1
        forwarded by eth1 to 172.31.5.5: tcp 172.31.11.204:80 → 172.31.5.5:40000
    `,
  )

  walk(
    'ping from the pod to the address of eth0',
    {src: '172.31.11.204', dst: '172.31.3.201', proto: 'icmp'},
    `
      ip-rule.txt:1 lookup local, ip-addr.txt:7 eth0
      filter INPUT 2
      delivered: icmp 172.31.11.204 → 172.31.3.201
      reply:
        ip-rule.txt:2 lookup main, ip-route.txt:4 veth1
        forwarded by veth1 to 172.31.11.204: icmp 172.31.3.201 → 172.31.11.204
    `,
  )

  walk(
    'what else the pod sends to its node meets the REJECT in INPUT',
    {src: '172.31.11.204', dst: '172.31.3.201', proto: 'tcp', sport: 40000, dport: 80},
    `
      ip-rule.txt:1 lookup local, ip-addr.txt:7 eth0
      filter INPUT 5, icmp-host-prohibited goes back from 172.31.3.201 to 172.31.11.204
      rejected (REJECT_RULE): tcp 172.31.11.204:40000 → 172.31.3.201:80
    `,
  )

  walk(
    'from the pod inside the VPC, on the subnet of eth1: table 10001 knows it as on-link',
    {src: '172.31.11.204', dst: '172.31.5.5', proto: 'tcp', sport: 40000, dport: 80},
    `
      ip-rule.txt:4 lookup 10001, ip-route-table-10001.txt:2 eth1
      nat POSTROUTING 1
      forwarded by eth1 to 172.31.5.5: tcp 172.31.11.204:40000 → 172.31.5.5:80
      reply:
        ip-rule.txt:2 lookup main, ip-route.txt:4 veth1
        forwarded by veth1 to 172.31.11.204: tcp 172.31.5.5:80 → 172.31.11.204:40000
    `,
  )

  walk(
    'from the pod inside the VPC, elsewhere: the gateway of table 10001',
    {src: '172.31.11.204', dst: '172.31.77.5', proto: 'tcp', sport: 40000, dport: 80},
    `
      ip-rule.txt:4 lookup 10001, ip-route-table-10001.txt:1 eth1 via 172.31.0.1
      nat POSTROUTING 1
      forwarded by eth1 to 172.31.0.1: tcp 172.31.11.204:40000 → 172.31.77.5:80
      reply:
        ip-rule.txt:2 lookup main, ip-route.txt:4 veth1
        forwarded by veth1 to 172.31.11.204: tcp 172.31.77.5:80 → 172.31.11.204:40000
    `,
  )

  walk(
    'from the pod to the internet: rule 1025 chooses main, SNAT to the primary address of eth0',
    {src: '172.31.11.204', dst: '172.217.160.206', proto: 'icmp'},
    `
      ip-rule.txt:3 lookup main, ip-route.txt:1 eth0 via 172.31.0.1
      nat POSTROUTING 1, AWS-SNAT-CHAIN-0 1, AWS-SNAT-CHAIN-1 1
      forwarded by eth0 to 172.31.0.1: icmp 172.31.3.201 → 172.217.160.206
      reply:
        ip-rule.txt:2 lookup main, ip-route.txt:4 veth1
        forwarded by veth1 to 172.31.11.204: icmp 172.217.160.206 → 172.31.11.204
    `,
  )
})

describe('demystify target type ip: step by step', () => {
  const withoutForwarding = walksOn('demystify', texts => ({...texts, 'sysctl.txt': 'net.ipv4.ip_forward = 0\n'}))

  withoutForwarding(
    'before `sysctl net.ipv4.ip_forward=1` nothing reaches the pod',
    {src: '172.31.5.5', dst: '172.31.11.204', proto: 'tcp', sport: 40000, dport: 80, iif: 'eth1'},
    `
      ip-rule.txt:2 lookup main, ip-route.txt:4 veth1
      unroutable (FORWARDING_DISABLED): tcp 172.31.5.5:40000 → 172.31.11.204:80
    `,
  )

  withoutForwarding(
    '… but the pod reaches its node, which needs no forwarding',
    {src: '172.31.11.204', dst: '172.31.3.201', proto: 'icmp'},
    `
      ip-rule.txt:1 lookup local, ip-addr.txt:7 eth0
      filter INPUT 2
      delivered: icmp 172.31.11.204 → 172.31.3.201
      reply:
        ip-rule.txt:2 lookup main, ip-route.txt:4 veth1
        forwarded by veth1 to 172.31.11.204: icmp 172.31.3.201 → 172.31.11.204
    `,
  )

  const withoutSnat = walksOn('demystify', texts => ({
    ...texts,
    'iptables-save.txt': (texts['iptables-save.txt'] ?? '').replace(/\*nat[^]*COMMIT\n/, ''),
  }))

  withoutSnat(
    'before the SNAT rules the ping to google.com leaves with the address of the pod, and no answer comes',
    {src: '172.31.11.204', dst: '172.217.160.206', proto: 'icmp'},
    `
      ip-rule.txt:3 lookup main, ip-route.txt:1 eth0 via 172.31.0.1
      forwarded by eth0 to 172.31.0.1: icmp 172.31.11.204 → 172.217.160.206
      reply:
        ip-rule.txt:2 lookup main, ip-route.txt:4 veth1
        forwarded by veth1 to 172.31.11.204: icmp 172.217.160.206 → 172.31.11.204
    `,
  )

  const withoutReject = walksOn('demystify', texts => ({
    ...texts,
    'iptables-save.txt': (texts['iptables-save.txt'] ?? '').replace(/^-A INPUT -j REJECT.*\n/m, ''),
  }))

  withoutReject(
    'after `iptables -D INPUT 5` the node takes what the pod sends',
    {src: '172.31.11.204', dst: '172.31.3.201', proto: 'tcp', sport: 40000, dport: 80},
    `
      ip-rule.txt:1 lookup local, ip-addr.txt:7 eth0
      delivered: tcp 172.31.11.204:40000 → 172.31.3.201:80
      reply:
        ip-rule.txt:2 lookup main, ip-route.txt:4 veth1
        forwarded by veth1 to 172.31.11.204: tcp 172.31.3.201:80 → 172.31.11.204:40000
    `,
  )
})
