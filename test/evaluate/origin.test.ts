import type {NodeState} from '../../src/model/index.js'
import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {tinyNode} from '../support/tinyNode.js'

/** Kind of origin, device, and what was assumed about it. */
function originOf(node: NodeState, flow: FlowWords): string {
  const {explanation, assumptions} = explainWords(node, {proto: 'udp', dst: '8.8.8.8', ...flow})
  const assumed = assumptions
    .filter(({code}) => code === 'ORIGIN_INTERFACE')
    .map(({source}) => `, assumed by ${source?.document}:${source?.line}`)
  return `${explanation.origin.kind} ${explanation.origin.interface ?? '-'}${assumed.join('')}`
}

describe('where a flow comes from', () => {
  it.each([
    ['a pod: by the host route to its veth', {src: '10.0.9.9'}, 'pod veth0'],
    ['an address of the node', {src: '10.0.1.2'}, 'node -'],
    ['loopback', {src: '127.0.0.5'}, 'node -'],
    ['an unbound socket', {src: null}, 'node -'],
    ['made on the node, although the address is a pod’s', {src: '10.0.9.9', iif: 'lo'}, 'node -'],
    ['given, and right', {src: '10.0.9.9', iif: 'veth0'}, 'pod veth0'],
    ['given, another', {src: '10.0.9.9', iif: 'eth0'}, 'external eth0'],
    ['given, without a source', {src: null, dst: '10.0.9.9', iif: 'eth1'}, 'external eth1'],
    ['on the link of eth1', {src: '10.0.1.77'}, 'external eth1, assumed by ip-route.txt:3'],
    ['a stranger: by the default route', {src: '1.1.1.1', dst: '10.0.0.2'}, 'external eth0, assumed by ip-route.txt:1'],
    ['IPv6 pod', {src: '2001:db8:9::9', dst: '2001:db8:ffff::8'}, 'pod veth0'],
    ['IPv6 stranger', {src: '2001:db8:ffff::8', dst: '2001:db8::2'}, 'external eth0, assumed by ip-route6.txt:5'],
    ['IPv6 loopback', {src: '::1', dst: '::1'}, 'node -'],
  ])('%s', (_, flow, expected) => {
    expect(originOf(tinyNode(), flow)).toBe(expected)
  })

  it('a route by a gateway says nothing of where others come from', () => {
    const routes =
      'default via 10.0.0.1 dev eth0\n1.1.1.0/24 via 10.0.1.1 dev eth1\n10.0.0.0/24 dev eth0 scope link src 10.0.0.2\n'
    expect(originOf(tinyNode({}, {'ip-route.txt': routes}), {src: '1.1.1.1', dst: '10.0.0.2'})).toBe(
      'external eth0, assumed by ip-route.txt:1',
    )
    const noDefault = routes.split('\n').slice(1).join('\n')
    expect(originOf(tinyNode({}, {'ip-route.txt': noDefault}), {src: '1.1.1.1', dst: '10.0.0.2'})).toBe(
      'external eth1, assumed by ip-route.txt:1',
    )
  })

  it('the host route of main goes before that of another table', () => {
    const routes =
      '10.0.9.9 dev eth1 table 7 scope link\n10.0.9.9 dev veth0 scope link\n10.0.8.8 dev eth1 table 7 scope link\ndefault via 10.0.0.1 dev eth0\n'
    const node = tinyNode({}, {'ip-route.txt': routes})
    expect(originOf(node, {src: '10.0.9.9'})).toBe('pod veth0')
    expect(originOf(node, {src: '10.0.8.8'})).toBe('pod eth1')
  })

  it.each([
    ['224.0.0.9', /^224\.0\.0\.9 is a multicast address: no packet comes from there\. .*--iif/],
    ['255.255.255.255', /is the broadcast address/],
    ['0.1.2.3', /is no address of a host/],
    ['::', /^:: is no address of a host/],
    ['ff02::5', /is a multicast address/],
  ])('refuses %s as a source', (src, message) => {
    const flow = {src, dst: src.includes(':') ? '2001:db8::2' : '10.0.0.2', proto: 'udp'}
    expect(() => explainWords(tinyNode(), flow)).toThrow(
      expect.objectContaining({name: 'FlowError', message: expect.stringMatching(message) as string}),
    )
    // what the kernel does with such a packet can still be asked
    expect(() => explainWords(tinyNode(), {...flow, iif: 'eth0'})).not.toThrow()
  })

  it('refuses an interface that is not there, and lists those that are', () => {
    const flow = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', iif: 'eth7'}
    expect(() => explainWords(tinyNode(), flow)).toThrow(
      'There is no interface eth7 on this node: --iif takes one of lo, eth0, eth1, veth0.',
    )
    // without a list of interfaces any name may be one
    expect(() => explainWords(tinyNode({}, {'ip-addr.txt': null}), flow)).not.toThrow()
  })

  it('refuses a source to which no route leads back', () => {
    const node = tinyNode({}, {'ip-route.txt': '10.0.0.0/24 dev eth0 scope link src 10.0.0.2\n'})
    expect(() => explainWords(node, {src: '1.1.1.1', dst: '10.0.0.2', proto: 'udp'})).toThrow(
      /^1\.1\.1\.1 is no address of this node and of none of its pods, and the main table has no route back to it.*Say it with --iif INTERFACE\.$/,
    )
    const unrouted = tinyNode({}, {'ip-route.txt': null})
    expect(() => explainWords(unrouted, {src: '1.1.1.1', dst: '10.0.0.2', proto: 'udp'})).toThrow(
      'the capture has no routes (`ip route show table all`)',
    )
  })

  it('is written into the flow of the answer', () => {
    const {flow} = explainWords(tinyNode(), {
      src: '10.0.9.9',
      dst: '8.8.8.8',
      proto: 'tcp',
      tcpFlags: 'SYN,ACK',
      dscp: 3,
      ttl: 9,
      oif: 'eth0',
      mark: 5,
      ctState: 'NEW',
    }).explanation
    expect(flow).toEqual({
      family: 4,
      proto: 'tcp',
      src: '10.0.9.9',
      sport: null,
      dst: '8.8.8.8',
      dport: null,
      mark: 5,
      iif: 'veth0',
      oif: 'eth0',
      dscp: 3,
      ttl: 9,
      tcpFlags: 'SYN,ACK',
      ctState: 'NEW',
    })
    expect(
      explainWords(tinyNode(), {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', tcpFlags: 'NONE'}).explanation.flow
        .tcpFlags,
    ).toBe('NONE')
    expect(explainWords(tinyNode(), {src: null, dst: '8.8.8.8', proto: 'udp', dport: 5}).explanation.flow).toEqual({
      family: 4,
      proto: 'udp',
      src: null,
      sport: null,
      dst: '8.8.8.8',
      dport: 5,
      mark: 0,
      iif: null,
    })
    expect(explainWords(tinyNode(), {src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp'}).explanation.flow).toMatchObject({
      icmpType: 8,
      icmpCode: 0,
      dport: null,
    })
    expect(
      explainWords(tinyNode(), {src: '2001:db8:9::9', dst: '2001:db8::2', proto: 'icmpv6', icmpType: 135, icmpCode: 1})
        .explanation.flow,
    ).toMatchObject({icmpType: 135, icmpCode: 1})
    expect(
      explainWords(tinyNode(), {src: '2001:db8:9::9', dst: '2001:db8::2', proto: 'icmpv6'}).explanation.flow,
    ).toMatchObject({icmpType: 128})
  })
})
