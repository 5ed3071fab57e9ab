import fc from 'fast-check'
import {IPv4, IPv4CidrRange, IPv6, IPv6CidrRange} from 'ip-num'
import {
  contains,
  covers,
  formatAddress,
  formatPrefix,
  ipv4,
  ipv6,
  lastAddress,
  makePrefix,
  parseAddress,
  parsePrefix,
} from '../../src/net/index.js'

const anyIpv4 = fc.integer({min: 0, max: 0xffffffff}).map(ipv4)
const anyIpv6 = fc.bigInt({min: 0n, max: (1n << 128n) - 1n}).map(ipv6)

describe('addresses', () => {
  it('prints what it parses, in both families', () => {
    fc.assert(fc.property(fc.oneof(anyIpv4, anyIpv6), address => parseAddress(formatAddress(address)) === address))
  })

  it('agrees with ip-num on IPv4 text', () => {
    fc.assert(fc.property(anyIpv4, address => Number(new IPv4(formatAddress(address)).getValue()) === address))
  })

  it('agrees with ip-num on IPv6 text', () => {
    fc.assert(fc.property(anyIpv6, address => new IPv6(formatAddress(address)).getValue() === address))
  })

  it.each([
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '010.0.0.1',
    '1..2.3',
    '',
    '1.2.3.4 ',
    ':::',
    '1::2::3',
    '12345::',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7:8:9',
  ])('refuses %p', text => {
    expect(parseAddress(text)).toBeNull()
  })

  it.each([
    ['0:0:0:0:0:0:0:0', '::'],
    ['::1', '::1'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['2001:0db8::0001:0:0:1', '2001:db8::1:0:0:1'],
    ['fd00:0:0:1::', 'fd00:0:0:1::'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
  ])('writes %s as %s (RFC 5952)', (text, expected) => {
    const address = parseAddress(text)
    expect(address === null ? null : formatAddress(address)).toBe(expected)
  })
})

describe('prefixes', () => {
  it('contain what ip-num says they contain, IPv4', () => {
    fc.assert(
      fc.property(anyIpv4, fc.integer({min: 0, max: 32}), anyIpv4, (base, length, address) => {
        const range = IPv4CidrRange.fromCidr(`${formatAddress(base)}/${length}`)
        const expected = new IPv4CidrRange(new IPv4(formatAddress(address)), range.getPrefix())
          .getFirst()
          .isEquals(range.getFirst())
        return contains(makePrefix(base, length), address) === expected
      }),
    )
  })

  it('end where ip-num says they end, IPv6', () => {
    fc.assert(
      fc.property(anyIpv6, fc.integer({min: 0, max: 128}), (base, length) => {
        const range = IPv6CidrRange.fromCidr(`${formatAddress(base)}/${length}`)
        return range.getLast().getValue() === lastAddress(makePrefix(base, length))
      }),
    )
  })

  it.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['10.1.2.3', '10.1.2.3'],
    ['10.1.2.3/255.255.0.0', '10.1.0.0/16'],
    ['fd00::1/64', 'fd00::/64'],
    ['0.0.0.0/0', '0.0.0.0/0'],
  ])('reads %s as %s', (text, expected) => {
    const prefix = parsePrefix(text)
    expect(prefix === null ? null : formatPrefix(prefix)).toBe(expected)
  })

  it.each(['10.0.0.0/33', '10.0.0.0/', 'fd00::/129', '10.0.0.0/255.0.255.0', 'x/8'])('refuses %s', text => {
    expect(parsePrefix(text)).toBeNull()
  })

  it('cover a prefix exactly when they contain both its ends', () => {
    fc.assert(
      fc.property(anyIpv4, fc.integer({min: 0, max: 32}), anyIpv4, fc.integer({min: 0, max: 32}), (a, n, b, m) => {
        const outer = makePrefix(a, n)
        const inner = makePrefix(b, m)
        return covers(outer, inner) === (contains(outer, inner.address) && contains(outer, lastAddress(inner)))
      }),
    )
  })
})
