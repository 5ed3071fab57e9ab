import type {ExplainReport, JsonOutcome} from '../../../src/model/index.js'
import {decision, egress, explanation, flow, outcome, report, rule} from './build.js'

const NAT = 'nat/PREROUTING'
const SVC = 'KUBE-SVC-NPX46M4PTMTKRN6Y'
const JUMP = `-A KUBE-SERVICES -d 10.100.7.7/32 -p tcp -m comment --comment "shop/cart:http cluster IP" -m tcp --dport 80 -j ${SVC}`

interface Endpoint {
  readonly sep: string
  readonly address: string
  readonly line: number
  /** As kube-proxy writes it; null for the last endpoint. */
  readonly odds: string | null
  readonly probability: number
  readonly interface: string
  /** How many there are. */
  readonly of: number
}

function toEndpoint(endpoint: Endpoint, index: number): JsonOutcome {
  const {sep, address, line, odds, probability} = endpoint
  const local = endpoint.interface !== 'eth0'
  const draw = odds === null ? '' : ` -m statistic --mode random --probability ${odds}`
  return outcome({
    disposition: 'forwarded',
    probability,
    packet: {src: '192.168.7.62', sport: 40000, dst: address, dport: 8080, proto: 'tcp', mark: 0},
    egress: egress(
      local
        ? {
            interface: endpoint.interface,
            pod: 'shop/cart-7c9f-x2x7q',
            mac: '5e:0c:1d:2e:3f:40',
            neighbourState: 'REACHABLE',
          }
        : {
            interface: 'eth0',
            nextHop: '192.168.0.1',
            mac: '02:aa:bb:cc:dd:ee',
            neighbourState: 'STALE',
            eni: 'eni-0334a44d21188bd24',
          },
    ),
    service: {name: 'shop/cart:http', endpoint: index + 1, of: endpoint.of},
    steps: [
      rule(
        NAT,
        'PREROUTING',
        1,
        31,
        '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
      ),
      rule(NAT, 'KUBE-SERVICES', 1, 50, JUMP),
      rule(NAT, SVC, index + 1, 57 + index, `-A ${SVC} -m comment --comment "shop/cart:http"${draw} -j ${sep}`),
      rule(
        NAT,
        sep,
        2,
        line,
        `-A ${sep} -p tcp -m comment --comment "shop/cart:http" -m tcp -j DNAT --to-destination ${address}:8080`,
        `destination 10.100.7.7:80 → ${address}:8080`,
      ),
      decision('ip-rule', 'routing', 'lookup main', '32766:\tfrom all lookup main', '', 'ip-rule.txt:15'),
      local
        ? decision(
            'route',
            'routing',
            endpoint.interface,
            `${address} dev ${endpoint.interface} scope link`,
            `on the link, dev ${endpoint.interface}`,
            'ip-route.txt:9',
          )
        : decision(
            'route',
            'routing',
            'eth0',
            'default via 192.168.0.1 dev eth0',
            'via 192.168.0.1 dev eth0',
            'ip-route.txt:1',
          ),
      rule(
        'filter/FORWARD',
        'FORWARD',
        1,
        73,
        '-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
      ),
    ],
    reply: {
      disposition: 'forwarded',
      reason: null,
      probability: 1,
      conditions: [],
      packet: {src: '10.100.7.7', sport: 80, dst: '192.168.7.62', dport: 40000, proto: 'tcp', mark: 0},
      egress: egress({interface: 'eni6a241e7f902', pod: 'default/worker-hello-5d9b798f74-2gnkc'}),
      steps: [
        decision(
          'ip-rule',
          'routing',
          'lookup main',
          '512:\tfrom all to 192.168.7.62 lookup main',
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
      ],
    },
  })
}

const THIRD = 0.33333333349

const FLOW = flow({
  proto: 'tcp',
  src: '192.168.7.62',
  sport: 40000,
  dst: '10.100.7.7',
  dport: 80,
  iif: 'eni6a241e7f902',
})

const MANY = 60

/** A service with more endpoints than letters; every third is on the node. */
export const manyReport: ExplainReport = report({
  explanations: [
    explanation({
      flow: FLOW,
      origin: {kind: 'external', interface: 'eni6a241e7f902', pod: null, eni: null},
      outcomes: Array.from({length: MANY}, (_, i) =>
        toEndpoint(
          {
            sep: `KUBE-SEP-${String(i).padStart(16, 'Q')}`,
            address: `192.168.64.${i}`,
            line: 100 + i,
            odds: (1 / (MANY - i)).toFixed(11),
            probability: 1 / MANY,
            interface: i % 3 === 0 ? 'eni3ba2d1492d5' : 'eth0',
            of: MANY,
          },
          i,
        ),
      ),
    }),
  ],
  assumptions: [],
})

/** A service with three endpoints, one of them on the node. */
export const endpointsReport: ExplainReport = report({
  explanations: [
    explanation({
      flow: flow({
        proto: 'tcp',
        src: '192.168.7.62',
        sport: 40000,
        dst: '10.100.7.7',
        dport: 80,
        iif: 'eni6a241e7f902',
      }),
      origin: {
        kind: 'pod',
        interface: 'eni6a241e7f902',
        pod: 'default/worker-hello-5d9b798f74-2gnkc',
        eni: 'eni-0334a44d21188bd24',
      },
      outcomes: [
        toEndpoint(
          {
            sep: 'KUBE-SEP-AAAAAAAAAAAAAAAA',
            address: '192.168.64.27',
            line: 43,
            odds: '0.33333333349',
            probability: THIRD,
            interface: 'eth0',
            of: 3,
          },
          0,
        ),
        toEndpoint(
          {
            sep: 'KUBE-SEP-BBBBBBBBBBBBBBBB',
            address: '192.168.9.15',
            line: 45,
            odds: '0.50000000000',
            probability: (1 - THIRD) / 2,
            interface: 'eni3ba2d1492d5',
            of: 3,
          },
          1,
        ),
        toEndpoint(
          {
            sep: 'KUBE-SEP-CCCCCCCCCCCCCCCC',
            address: '192.168.99.4',
            line: 47,
            odds: null,
            probability: (1 - THIRD) / 2,
            interface: 'eth0',
            of: 3,
          },
          2,
        ),
      ],
    }),
  ],
  assumptions: [],
})
