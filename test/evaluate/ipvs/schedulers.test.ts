import {bucketOf, fillBuckets} from '../../../src/evaluate/ipvs/hashTable.js'
import {ipv4, parseAddress} from '../../../src/net/index.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const FLOW: FlowWords = {src: '10.0.9.9', dst: '10.0.0.2', proto: 'tcp', sport: 40000, dport: 80}

/** `50 % 10.0.0.20:8080 if …`: a line for each real server that the service gives. */
function servers(listing: string, flow: FlowWords = FLOW, more: Record<string, string> = {}): string[] {
  const node = tinyNode({}, {'ipvsadm-save.txt': listing, ...more})
  return explainWords(node, flow).explanation.outcomes.map(({probability, packet, conditions, disposition, reason}) => {
    const chance = probability === 1 ? '' : `${Number(((probability ?? NaN) * 100).toFixed(4))} % `
    const who = disposition === 'rejected' ? reason : `${packet.dst}:${packet.dport}`
    return [`${chance}${who}`, ...conditions].join(' ')
  })
}

/** A service at 10.0.0.2:80 and real servers 10.0.0.20:8080 and on, of these weights. */
function service(scheduler: string, weights: readonly number[], options = ''): string {
  return [
    `-A -t 10.0.0.2:80 -s ${scheduler}${options}`,
    ...weights.map((weight, i) => `-a -t 10.0.0.2:80 -r 10.0.0.${20 + i}:8080 -m -w ${weight}`),
    '',
  ].join('\n')
}

const [A, B, C] = ['10.0.0.20:8080', '10.0.0.21:8080', '10.0.0.22:8080']
const NONE = 'IPVS_NO_DESTINATION'

describe('schedulers', () => {
  it.each<[string, string, readonly string[]]>([
    ['rr: equal shares', service('rr', [1, 5]), [`50 % ${A}`, `50 % ${B}`]],
    ['rr: without drained servers', service('rr', [1, 0, 1]), [`50 % ${A}`, `50 % ${C}`]],
    ['rr: all drained', service('rr', [0, 0]), [NONE]],
    ['rr: no server', service('rr', []), [NONE]],
    ['rr: the only one', service('rr', [0, 1]), [B]],
    ['wrr: by weight', service('wrr', [1, 3]), [`75 % ${B}`, `25 % ${A}`]],
    ['fo: the heaviest', service('fo', [1, 3, 2]), [B]],
    [
      'fo: a tie',
      service('fo', [3, 3, 2]),
      [`${A} if ${A} stands first in the kernel's list (fo)`, `${B} if ${B} stands first in the kernel's list (fo)`],
    ],
    [
      'lc: load decides',
      service('lc', [1, 1]),
      [
        `${A} if the scheduler chooses ${A} (lc: the fewest connections)`,
        `${B} if the scheduler chooses ${B} (lc: the fewest connections)`,
      ],
    ],
    ['wlc: the only one', service('wlc', [0, 2]), [B]],
    [
      'ovf: the heaviest while it has room',
      service('ovf', [1, 9]),
      [
        `${B} if ${B} has fewer than 9 active connections (ovf)`,
        `${A} unless ${B} has fewer than 9 active connections (ovf) if ${A} has fewer than 1 active connections (ovf)`,
        `${NONE} unless ${B} has fewer than 9 active connections (ovf) unless ${A} has fewer than 1 active connections (ovf)`,
      ],
    ],
    [
      'mh',
      service('mh', [1, 1]),
      [`${A} if the client's hash (mh) leads to ${A}`, `${B} if the client's hash (mh) leads to ${B}`],
    ],
    [
      'one that nobody knows',
      service('new', [1, 1]),
      [`${A} if the scheduler new chooses ${A}`, `${B} if the scheduler new chooses ${B}`],
    ],
    [
      'a limit of connections',
      service('rr', [1]).replace('-w 1', '-w 1 -x 100 -y 80'),
      [
        `${NONE} if ${A} has reached its limit of 100 connections`,
        `${A} unless ${A} has reached its limit of 100 connections`,
      ],
    ],
  ])('%s', (_, listing, expected) => {
    expect(servers(listing)).toEqual(expected)
  })

  it('lc: with the connections that the listing has', () => {
    const list = `Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.0.2:80 lc
  -> 10.0.0.20:8080               Masq    1      7          2
  -> 10.0.0.21:8080               Masq    1      0          0
`
    expect(servers(list)[0]).toContain('which had 7 active and 2 inactive when captured')
  })

  it('sh: by the client; the drained server refuses its share', () => {
    const by = 'by the hash of the client 10.0.9.9 (sh), whose table depends on an order that ipvsadm does not show'
    expect(servers(service('sh', [1, 2]))).toEqual([`66.6667 % ${B} ${by}`, `33.3333 % ${A} ${by}`])
    expect(servers(service('sh', [1, 0]))).toEqual([`50 % ${A} ${by}`, `50 % ${NONE} ${by}`])
    expect(servers(service('sh', [1, 0], ' -b sh-fallback'))).toEqual([A])
  })

  it("sh and dh: computed in the kernel's order", () => {
    const proc = (scheduler: string, order: readonly number[], weight = 1) => `Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A000002:0050 ${scheduler} 
${order.map(last => `  -> 0A0000${last.toString(16).toUpperCase()}:1F90      Masq    ${weight}      0          0         \n`).join('')}`
    const chosen = (hash: number, order: readonly number[]): string =>
      `10.0.0.${order[hash % order.length] as number}:8080`
    for (const order of [
      [20, 21, 22],
      [22, 20, 21],
    ]) {
      const client = bucketOf(parseAddress('10.0.9.9')!, 0)
      const old = bucketOf(parseAddress('10.0.9.9')!, 0, {old: true})
      const now = servers(proc('sh', order))
      expect(now[0]?.split(' ')[0]).toBe(chosen(client, order))
      expect(now).toHaveLength(chosen(client, order) === chosen(old, order) ? 1 : 2)
      expect(servers(proc('dh', order))[0]?.split(' ')[0]).toBe(chosen(bucketOf(parseAddress('10.0.0.2')!, 0), order))
    }
    expect(servers(proc('fo', [21, 20]))).toEqual([B])
  })

  it('persistent: of clients, not of connections', () => {
    const by = 'by the client, which keeps its real server for 60 s (persistent)'
    expect(servers(service('rr', [1, 1], ' -p 60'))).toEqual([`50 % ${A} ${by}`, `50 % ${B} ${by}`])
  })

  it('persistent: a drained server keeps its clients, unless told otherwise', () => {
    const sysctl = (value: number) => ({
      'sysctl.txt': `net.ipv4.ip_forward = 1\nnet.ipv4.vs.conntrack = 1\nnet.ipv4.vs.expire_quiescent_template = ${value}\n`,
    })
    expect(servers(service('rr', [1, 0], ' -p 60'), FLOW, sysctl(1))).toEqual([A])
    const within = 'the client has connected within the last 60 s, to a server that is drained by now'
    expect(servers(service('rr', [1, 0], ' -p 60'), FLOW, sysctl(0))).toEqual([
      `${B} if ${within}`,
      `${A} unless ${within}`,
    ])
  })

  it('drop_packet 3 drops one of am_droprate', () => {
    const sysctl = {'sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.ipv4.vs.drop_packet = 3\nnet.ipv4.vs.am_droprate = 4\n'}
    expect(servers(service('rr', [1]), FLOW, sysctl)).toEqual([`75 % ${A}`, '25 % 10.0.0.2:80'])
  })
})

describe('the hash table', () => {
  // computed with ((value * 0x61C88647) mod 2^32) >> 24, and with (value * 2654435761) mod 256, in Python
  it.each([
    [0x0a000909, 0, 0x0a000909],
    [0xc0a80a01, 0, 0xc0a80a01],
    [0x0a000909, 40000, 0x0a000909 + 40000],
  ])('address %p port %p', (address, port, sum) => {
    expect(bucketOf(ipv4(address), port)).toBe(Number(((BigInt(sum) * 0x61c88647n) & 0xffffffffn) >> 24n))
    expect(bucketOf(ipv4(address), port, {old: true})).toBe(Number((BigInt(sum) * 2654435761n) & 0xffn))
  })

  it('folds IPv6', () => {
    expect(bucketOf(parseAddress('2001:db8::a00:909')!, 0)).toBe(bucketOf(ipv4(0x20010db8 ^ 0x0a000909), 0))
  })

  it.each([
    [
      [1, 1],
      [128, 128],
    ],
    [
      [1, 3],
      [64, 192],
    ],
    [
      [0, 1],
      [128, 128],
    ],
    [
      [2, 1, 1],
      [128, 64, 64],
    ],
    [[], []],
  ])('weights %p', (weights, counts) => {
    const owners = fillBuckets(weights)
    expect(weights.map((_, i) => owners.filter(owner => owner === i).length)).toEqual(counts)
  })

  it('fills weight after weight', () => {
    expect(fillBuckets([2, 1]).slice(0, 6)).toEqual([0, 0, 1, 0, 0, 1])
  })
})
