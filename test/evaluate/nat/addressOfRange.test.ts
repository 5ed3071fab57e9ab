import {addressOfRange} from '../../../src/evaluate/nat/addressOfRange.js'
import {formatAddress, parseAddress} from '../../../src/net/index.js'

function choose(source: string, destination: string, side: 'source' | 'destination', range: string): string {
  const [ends = '', option, zone = '0'] = range.split(' ')
  const [first = '', last = first] = ends.split('-')
  const tuple = {
    source: address(source),
    destination: address(destination),
    protocol: 6,
    sourcePort: 1,
    destinationPort: 2,
  }
  return formatAddress(
    addressOfRange(tuple, side, address(first), address(last), option === '--persistent' ? null : Number(zone)),
  )
}

function address(text: string) {
  const parsed = parseAddress(text)
  if (parsed === null) throw new Error(text)
  return parsed
}

/** Computed from find_best_ips_proto, in another language; the first is of fixtures/measured/trap-dnat-range-same-client. */
describe('an address of a range', () => {
  const CLIENT6 = '2001:db8:9::9'
  const SERVER6 = '2001:db8:ffff::8'

  it.each([
    ['as a kernel chose', '203.0.113.7', '10.100.0.1', 'destination', '10.0.0.101-10.0.0.102', '10.0.0.102'],
    ['a hash of both addresses', '10.0.9.9', '8.8.8.9', 'source', '10.0.0.20-10.0.0.29', '10.0.0.20'],
    ['… of another destination', '10.0.9.9', '8.8.8.8', 'source', '10.0.0.20-10.0.0.29', '10.0.0.28'],
    ['one address', '10.0.9.9', '8.8.8.8', 'source', '10.0.0.20', '10.0.0.20'],
    [
      '… and of the zone',
      '10.20.0.51',
      '198.51.100.80',
      'destination',
      '100.64.0.0-100.64.255.255 --zone 5',
      '100.64.144.162',
    ],
    [
      '… in one of one direction too',
      '10.20.0.51',
      '203.0.113.9',
      'source',
      '100.64.0.0-100.64.255.255 --zone 700',
      '100.64.202.61',
    ],
    // the number of addresses is 0 in 32 bits
    ['all there are', '10.0.9.8', '8.8.8.8', 'source', '0.0.0.0-255.255.255.255', '0.0.0.0'],
    ['a word of IPv6 that may be anything', CLIENT6, SERVER6, 'source', '2001:db8::-2001:db8::ffff:ffff', '2001:db8::'],
    ['the last word alone', CLIENT6, SERVER6, 'source', '2001:db8::a0-2001:db8::af', '2001:db8::a8'],
    [
      '--persistent: of the source alone',
      CLIENT6,
      SERVER6,
      'source',
      '2001:db8::a0-2001:db8::af --persistent',
      '2001:db8::ad',
    ],
    ['… for DNAT too', CLIENT6, SERVER6, 'destination', '2001:db8::a0-2001:db8::af --persistent', '2001:db8::ad'],
    // below the end of the range, what follows is free, and each word is mixed in
    [
      'words behind one that is not the last',
      CLIENT6,
      SERVER6,
      'source',
      '2001:db8::-2001:db8:0:3::ffff',
      '2001:db8:0:2:8a86:f6ab:8a86:f6ab',
    ],
    [
      '… DNAT mixes in what it has written',
      CLIENT6,
      SERVER6,
      'destination',
      '2001:db8::-2001:db8:0:3::ffff',
      '2001:db8:0:2:8886:952:da8f:8fda',
    ],
    [
      '… in the first of them',
      CLIENT6,
      SERVER6,
      'destination',
      '2001:db8:1::-2001:db8:7::',
      '2001:db8:4:3f24:aeb9:d52:fcb4:b4fc',
    ],
    [
      'words at the end of the range hold the next ones',
      CLIENT6,
      SERVER6,
      'source',
      '2001:db8::-2001:db8:0:3::ffff --persistent',
      '2001:db8:0:3::d31b',
    ],
  ] as const)('%s', (_, source, destination, side, range, expected) => {
    expect(choose(source, destination, side, range)).toBe(expected)
  })
})
