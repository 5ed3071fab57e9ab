import path from 'node:path'
import {describe, expect, it} from '@jest/globals'
import type {JsonOutcome, NodeState} from '../../src/model/index.js'
import {loadNode} from '../../src/node/index.js'
import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {describeSharedWay} from '../../src/render/explain/sharedWay.js'
import {packetText} from '../support/walkText.js'

/** A folder with captures of other people's making, which this repository may not hold. */
const FOLDER = process.env['EKSPATH_CAPTURES']
const given = FOLDER === undefined ? describe.skip : describe

const loaded = new Map<string, Promise<NodeState>>()

function load(name: string): Promise<NodeState> {
  const node = loaded.get(name) ?? loadNode(path.join(FOLDER ?? '', name))
  loaded.set(name, node)
  return node
}

/** What becomes of the packet, each ending once: captures differ in what splits a walk, such as an ipset that one of them lacks. */
async function endings(name: string, flow: FlowWords): Promise<string[]> {
  const {outcomes} = explainWords(await load(name), flow).explanation
  return [...new Set(outcomes.map(endingOf))].sort()
}

function endingOf({disposition, egress, packet}: JsonOutcome): string {
  const way = egress === null ? '' : ` ${egress.interface} to ${egress.nextHop}`
  return `${disposition}${way}: ${packetText(packet)}`
}

/** One node, captured by four collectors. */
const SAME_NODE = [
  'eksnode-live',
  'eks-log-collector-0.7.9.tar.gz',
  'sosreport-4.0-legacy.tar.xz',
  'sosreport-4.12.0-nft-allowchanges.tar.xz',
]

/** Each answer was derived by hand from ip-rule.txt, ip-route-table-all.txt and iptables-save.nft.txt of eksnode-live. */
const ANSWERS: readonly (readonly [string, FlowWords, readonly string[]])[] = [
  [
    'a pod asks the DNS service: one endpoint is the pod itself, and is masqueraded',
    {src: '10.0.3.17', dst: '172.20.0.10', proto: 'udp', sport: 40000, dport: 53},
    [
      'forwarded eni1a2b3c4d5e6 to 10.0.3.17: udp 10.0.1.10:* → 10.0.3.17:53',
      'forwarded ens5 to 10.0.0.1: udp 10.0.3.17:40000 → 10.0.40.11:53',
    ],
  ],
  [
    'the node goes out',
    {src: null, dst: '8.8.8.8', proto: 'tcp', dport: 443},
    ['forwarded ens5 to 10.0.0.1: tcp 10.0.1.10:* → 8.8.8.8:443'],
  ],
  [
    'a pod of a secondary ENI goes out by the primary one: its mark leads to main before its source leads to table 2',
    {src: '10.0.5.77', dst: '8.8.8.8', proto: 'tcp', sport: 40000, dport: 443},
    ['forwarded ens5 to 10.0.0.1: tcp 10.0.1.10:* → 8.8.8.8:443'],
  ],
  [
    'and inside the VPC by its own ENI, as itself',
    {src: '10.0.5.77', dst: '10.0.40.23', proto: 'tcp', sport: 40000, dport: 8443},
    ['forwarded ens6 to 10.0.0.1: tcp 10.0.5.77:40000 → 10.0.40.23:8443'],
  ],
  [
    'the node reaches a pod with a security group of its own by the VPC',
    {src: null, dst: '10.0.9.9', proto: 'tcp', dport: 80},
    ['forwarded ens5 to 10.0.9.9: tcp 10.0.1.10:* → 10.0.9.9:80'],
  ],
  [
    'which goes out by its VLAN, as itself',
    {src: '10.0.9.9', iif: 'vlan5b1a3c9d7e1', dst: '8.8.8.8', proto: 'tcp', sport: 40000, dport: 443},
    ['forwarded vlan.eth.1 to 10.0.0.1: tcp 10.0.9.9:40000 → 8.8.8.8:443'],
  ],
  [
    'a load balancer address takes one of its source ranges, to the local endpoint',
    {src: '203.0.113.5', iif: 'ens5', dst: '198.51.100.20', proto: 'tcp', sport: 5000, dport: 80},
    ['forwarded ens5 to 10.0.3.41: tcp 203.0.113.5:5000 → 10.0.3.41:80'],
  ],
  [
    '… and no other source',
    {src: '192.0.2.77', iif: 'ens5', dst: '198.51.100.20', proto: 'tcp', sport: 5000, dport: 80},
    ['dropped: tcp 192.0.2.77:5000 → 198.51.100.20:80'],
  ],
  [
    'a service without endpoints is rejected',
    {src: '10.0.3.40', dst: '172.20.9.9', proto: 'tcp', sport: 40000, dport: 9000},
    ['rejected: tcp 10.0.3.40:40000 → 172.20.9.9:9000'],
  ],
  [
    'a node port is masqueraded to three endpoints',
    {src: '10.0.7.7', iif: 'ens5', dst: '10.0.1.10', proto: 'tcp', sport: 5000, dport: 31080},
    [
      'forwarded enib055e57f00d to 10.0.5.77: tcp 10.0.1.10:* → 10.0.5.77:8080',
      'forwarded enic0ffee01234 to 10.0.3.40: tcp 10.0.1.10:* → 10.0.3.40:8080',
      'forwarded ens5 to 10.0.0.1: tcp 10.0.1.10:* → 10.0.40.23:8080',
    ],
  ],
  [
    'what is local to other nodes is rejected',
    {src: '10.0.3.17', dst: '169.254.172.9', proto: 'tcp', sport: 40000, dport: 80},
    ['rejected: tcp 10.0.3.17:40000 → 169.254.172.9:80'],
  ],
]

given(`answers from the captures in EKSPATH_CAPTURES (${FOLDER ?? 'not set: skipped'})`, () => {
  describe.each(SAME_NODE)('%s', name => {
    it.each(ANSWERS)('%s', async (_, flow, expected) => expect(await endings(name, flow)).toEqual(expected))
  })

  it.each([
    // trunk__ip_route_get_172.31.2.37.txt: 172.31.2.37 dev eth0 src 172.31.0.225
    ['172.31.2.37', 'forwarded eth0 to 172.31.2.37: tcp 172.31.0.225:* → 172.31.2.37:80'],
    ['172.31.3.129', 'forwarded eni1e3dd7d66d7 to 172.31.3.129: tcp 172.31.0.225:* → 172.31.3.129:80'],
    ['8.8.8.8', 'forwarded eth0 to 172.31.0.1: tcp 172.31.0.225:* → 8.8.8.8:80'],
  ])('eks-real-sgpods: the node to %s, if the tables nobody listed do nothing', async (dst, ending) => {
    const node = await load('eks-real-sgpods')
    const {outcomes} = explainWords(node, {src: null, dst, proto: 'tcp', dport: 80}).explanation
    expect(outcomes.map(({disposition}) => disposition)).toEqual(['undetermined', 'forwarded'])
    const [unknown, known] = outcomes
    expect(known === undefined ? '' : endingOf(known)).toBe(ending)
    expect(known?.conditions).toEqual([
      'if the tables raw, mangle and security of IPv4, which the capture does not show, do nothing to the packet or its answer',
    ])
    expect(unknown?.reason).toBe('MISSING_INPUT')
    expect(describeSharedWay(outcomes)?.facts[0]).toEqual([
      `leaves by ${known?.egress?.interface} in every case, as far as the capture shows`,
    ])
  })

  it.each([
    ['vpc-cni-1.23-nft', 'collect `ip rule show`'],
    ['dirty/iptables-save.crlf.txt', 'collect `ip rule show`'],
  ])('%s holds no routing: the answer says what to collect', async (name, text) => {
    const {outcomes} = explainWords(await load(name), {src: null, dst: '8.8.8.8', proto: 'tcp', dport: 80}).explanation
    expect(outcomes).toMatchObject([{disposition: 'undetermined', reason: 'MISSING_INPUT'}])
    expect(outcomes[0]?.steps?.at(-1)?.effect).toContain(text)
  })
})
