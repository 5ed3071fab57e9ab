import fc from 'fast-check'
import {parseAddress} from '../../../src/net/index.js'
import {parseConntrack} from '../../../src/parse/index.js'
import {codes, fixture} from '../iptables/support.js'

const read = (text: string) => parseConntrack({name: 'conntrack', text})
const address = (text: string) => parseAddress(text)!

const TCP =
  'tcp      6 431999 ESTABLISHED src=10.0.3.40 dst=172.20.0.1 sport=39888 dport=443 src=10.0.1.9 dst=10.0.3.40 sport=6443 dport=39888 [ASSURED] mark=128 use=1\n'

describe('entries', () => {
  it('have two tuples', () => {
    const {value, diagnostics} = read(TCP)
    expect(value).toEqual([
      {
        family: 4,
        protocol: 6,
        original: {
          source: address('10.0.3.40'),
          destination: address('172.20.0.1'),
          sourcePort: 39888,
          destinationPort: 443,
          icmp: null,
        },
        reply: {
          source: address('10.0.1.9'),
          destination: address('10.0.3.40'),
          sourcePort: 6443,
          destinationPort: 39888,
          icmp: null,
        },
        state: 'ESTABLISHED',
        unreplied: false,
        assured: true,
        timeout: 431999,
        mark: 128,
        zone: {id: 0, direction: 'both'},
        source: {document: 'conntrack', line: 1},
        text: TCP.trim(),
      },
    ])
    expect(diagnostics).toEqual([])
  })

  it.each<[string, object]>([
    [
      'icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=7 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=7 mark=0 zone=5 use=1 id=123456',
      {
        original: {icmp: {type: 8, code: 0, id: 7}},
        reply: {icmp: {type: 0, code: 0, id: 7}},
        unreplied: true,
        zone: {id: 5, direction: 'both'},
        state: null,
      },
    ],
    [
      'ipv6     10 udp      17 29 src=fd00::1 dst=fd00::2 sport=53 dport=54 packets=1 bytes=60 src=fd00::2 dst=fd00::1 sport=54 dport=53 packets=0 bytes=0 mark=0 secctx=x delta-time=5 use=1',
      {family: 6, protocol: 17, timeout: 29},
    ],
    [
      'unknown  2 578 src=10.0.0.1 dst=224.0.0.22 [UNREPLIED] src=224.0.0.22 dst=10.0.0.1 mark=0 use=1',
      {protocol: 2, timeout: 578, original: {sourcePort: null}},
    ],
    [
      'udp      17 29 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=5002 zone-orig=6 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=5002 dport=1 mark=0 use=1',
      {zone: {id: 6, direction: 'original'}, unreplied: true},
    ],
    [
      'udp      17 29 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=5003 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=5003 dport=1 zone-reply=7 mark=0 use=1',
      {zone: {id: 7, direction: 'reply'}},
    ],
    [
      'gre      47 179 src=10.0.0.1 dst=10.0.0.2 srckey=0x0 dstkey=0x1 src=10.0.0.2 dst=10.0.0.1 srckey=0x1 dstkey=0x0 [ASSURED] mark=0 use=1',
      {protocol: 47, assured: true},
    ],
    [
      'ipv4     2 gre      47 29 timeout=30, stream_timeout=180 src=10.0.0.1 dst=10.0.0.2 srckey=0x0 dstkey=0x1 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 srckey=0x1 dstkey=0x0 mark=0 zone=0 use=2',
      {protocol: 47, timeout: 29, unreplied: true},
    ],
    [
      'tcp      6 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [OFFLOAD] mark=0 use=2',
      {protocol: 6, timeout: null, state: null},
    ],
  ])('%s', (line, expected) => {
    const {value, diagnostics} = read(`${line}\n`)
    expect(value[0]).toMatchObject(expected)
    expect(diagnostics).toEqual([])
  })

  it('are the same in /proc and from conntrack -L', () => {
    const facts = (name: string) =>
      parseConntrack(fixture(name)).value.map(({original, reply, mark, state}) => ({original, reply, mark, state}))
    expect(facts('conntrack/proc-net-nf_conntrack.txt')).toHaveLength(11)
    expect(facts('conntrack/conntrack-L-extended.txt')).toEqual(facts('conntrack/proc-net-nf_conntrack.txt'))
  })

  it('stand between the headers of eks-log-collector', () => {
    const {value, diagnostics} = parseConntrack(fixture('conntrack/eks-log-collector.txt'))
    expect(value.map(({source}) => source.line)).toEqual([5, 6])
    expect(diagnostics).toEqual([])
  })
})

describe('what is no entry', () => {
  it.each([
    ['frob 6 1 src=10.0.0.1\n', 'UNPARSED_LINE:1'],
    ['tcp 6 1 SYN src=10.0.0.1 dst=10.0.0.2 sport=99999 dport=1\n', 'UNPARSED_LINE:1'],
    [TCP.slice(0, 90), 'TRUNCATED:1'],
    ['Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this\n', 'TOOL_ERROR:1'],
    ['conntrack: command not found\n', 'TOOL_ERROR:1'],
  ])('%s', (text, code) => {
    const {value, diagnostics} = read(text)
    expect(value).toEqual([])
    expect(codes(diagnostics)).toEqual([code])
  })

  it('never makes the parser throw', () => {
    const splinter = fc.oneof(
      fc.string({maxLength: 5, unit: 'binary'}),
      fc.constantFrom('=', ' ', '\n', '[', ']', 'src=', 'id=', '99999999999'),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(300), fc.nat(20), splinter), {maxLength: 12}), edits => {
        read(
          edits.reduce(
            (result, [at, length, insert]) => result.slice(0, at) + insert + result.slice(at + length),
            TCP + TCP,
          ),
        )
      }),
      {numRuns: 200},
    )
  })
})
