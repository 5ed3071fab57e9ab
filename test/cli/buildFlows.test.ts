import {ipv4, parseAddress, TCP, UDP} from '../../src/net/index.js'
import {buildFlows, type Named} from '../../src/cli/flow/buildFlows.js'
import type {FlowFlagValues} from '../../src/cli/flow/flowFlags.js'
import {makeFlow} from '../../src/explain/index.js'

const NAMES: Readonly<Record<string, Named>> = {
  'default/web': {address: ipv4(0x0a000005), port: null, protocol: null},
  'kube-system/kube-dns:dns': {address: ipv4(0x0a64000a), port: 53, protocol: UDP},
  node: {address: ipv4(0x0a000001), port: null, protocol: null},
}

function resolve(name: string): Named {
  const named = NAMES[name]
  if (named === undefined) throw new Error(`no ${name}`)
  return named
}

const build = (flags: FlowFlagValues) => buildFlows({src: '10.0.0.1', dst: '10.0.0.2:80', ...flags}, resolve)
const refusal = (flags: FlowFlagValues) =>
  build(flags).then(
    () => 'accepted',
    (error: unknown) => String(error),
  )
const address = (text: string) => parseAddress(text)

describe('buildFlows', () => {
  it('explains TCP and UDP unless told otherwise', async () => {
    const flows = await build({})
    expect(flows).toEqual([
      makeFlow({protocol: TCP, source: ipv4(0x0a000001), destination: ipv4(0x0a000002), destinationPort: 80}),
      makeFlow({protocol: UDP, source: ipv4(0x0a000001), destination: ipv4(0x0a000002), destinationPort: 80}),
    ])
  })

  it.each<[FlowFlagValues, object]>([
    [
      {dst: '[2001:db8::2]:443', src: '2001:db8::1'},
      {family: 6, destination: address('2001:db8::2'), destinationPort: 443},
    ],
    [
      {dst: '2001:db8::2', src: '[2001:db8::1]:9', dport: '443'},
      {sourcePort: 9, destinationPort: 443},
    ],
    [{src: '10.0.0.1:1234'}, {source: address('10.0.0.1'), sourcePort: 1234}],
    [{src: 'node'}, {source: null}],
    [{dst: 'node'}, {destination: address('10.0.0.1')}],
    [{src: 'default/web'}, {source: address('10.0.0.5')}],
    [{dst: 'default/web:8080'}, {destination: address('10.0.0.5'), destinationPort: 8080}],
    [{dst: 'kube-system/kube-dns:dns'}, {protocol: UDP, destinationPort: 53}],
    [
      {mark: '0x80', dscp: '46', ttl: '1', iif: 'eth0', oif: 'eth1'},
      {mark: 0x80, dscp: 46, ttl: 1, inInterface: 'eth0', outInterface: 'eth1'},
    ],
    [{'tcp-flags': 'syn,ack'}, {protocol: TCP, tcpFlags: 18}],
    [{'tcp-flags': 'NONE'}, {tcpFlags: 0}],
    [
      {dst: '10.0.0.2', 'icmp-type': '3/4'},
      {protocol: 1, icmpType: 3, icmpCode: 4},
    ],
    [
      {dst: '10.0.0.2', 'icmp-type': 'echo-request'},
      {icmpType: 8, icmpCode: null},
    ],
    [
      {src: '::1', dst: '2001:db8::2', 'icmp-type': 'echo-request'},
      {protocol: 58, icmpType: 128},
    ],
    [{'ct-state': 'established'}, {ctState: 'ESTABLISHED'}],
    [{dst: '10.0.0.2', proto: '47'}, {protocol: 47}],
  ])('%j', async (flags, parts) => {
    const [flow] = await build(flags)
    expect(flow).toMatchObject(parts)
  })

  it('explains each protocol of a list once', async () => {
    expect((await build({proto: 'udp,sctp,17'})).map(flow => flow.protocol)).toEqual([UDP, 132])
  })

  it.each<[FlowFlagValues, RegExp]>([
    [{src: undefined}, /^UsageError: Say where the packet comes from/],
    [{dst: undefined}, /^UsageError: Say where the packet goes/],
    [{dst: '10.0.0.256'}, /"10\.0\.0\.256" is no IP address \(.*Octet.*\)\. Expected 10\.0\.0\.1/],
    [{dst: '10.0.0.1:99999'}, /"99999" is no port\. A port is a number from 0 to 65535/],
    [{dst: '10.0.0.1:'}, /"" is no port/],
    [{dst: '10.0.0.0/24'}, /a network of 256 addresses, 10\.0\.0\.0 to 10\.0\.0\.255/],
    [{dst: '2001:db8::/64'}, /a network of 18446744073709551616 addresses/],
    [{dst: '2001:db8::1::2'}, /is no IP address/],
    [{dst: '[10.0.0.1:80'}, /no \[10\.0\.0\.1:80/],
    [{dst: 'default/nobody'}, /--dst default\/nobody: no default\/nobody/],
    [{dst: ''}, /--dst is empty/],
    [{dst: '2001:db8::1'}, /different families/],
    [{dport: '81'}, /--dst says port 80 and --dport says 81/],
    [{sport: '-1'}, /--sport -1: expected a whole number from 0 to 65535/],
    [{proto: 'tpc'}, /no such protocol\..*Did you mean tcp/],
    [{proto: 'icmp'}, /icmp has no ports: leave out the port 80/],
    [{proto: 'udp', 'tcp-flags': 'SYN'}, /udp has no TCP flags/],
    [{'tcp-flags': 'SYN,FOO'}, /"FOO" is no TCP flag/],
    [{dst: '10.0.0.2', proto: 'ipv6-icmp'}, /is IPv4, whose ICMP is icmp/],
    [{'icmp-type': '8'}, /icmp has no ports/],
    [{dst: '10.0.0.2', 'icmp-type': '8/0/1'}, /expected TYPE or TYPE\/CODE/],
    [{dst: '10.0.0.2', proto: 'tcp', 'icmp-type': '8'}, /tcp has no ICMP type/],
    [{mark: '0x80/0x80'}, /A packet has a mark and no mask/],
    [{dscp: '64'}, /from 0 to 63/],
    [{ttl: '0'}, /from 1 to 255/],
    [{iif: 'a b'}, /no name of an interface/],
    [{'ct-state': 'OPEN'}, /Expected one of NEW, ESTABLISHED/],
  ])('refuses %j in one paragraph', async (flags, message) => {
    const text = await refusal(flags)
    expect(text).toMatch(message)
    expect(text).not.toContain('\n')
  })
})
