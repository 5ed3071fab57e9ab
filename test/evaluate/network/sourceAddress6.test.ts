import {Network} from '../../../src/evaluate/network/network.js'
import {selectSource6} from '../../../src/evaluate/network/sourceAddress6.js'
import {formatAddress, parseIpv6} from '../../../src/net/index.js'
import {addressListing} from '../../support/addressListing.js'
import {tinyNode} from '../../support/tinyNode.js'

/** @param addresses `eth0 2001:db8::2/64 deprecated` */
function choose(destination: string, device: string | null, addresses: readonly string[]): string | null {
  const devices: Record<string, string[]> = {eth0: [], eth1: []}
  for (const text of addresses) {
    const [name = '', address = '', flag = ''] = text.split(' ')
    ;(devices[name] ??= []).push(`${address} scope ${address.startsWith('fe80') ? 'link' : 'global'} ${flag}`.trimEnd())
  }
  const network = new Network(tinyNode({}, {'ip-addr.txt': addressListing(devices)}))
  const chosen = selectSource6(network, device, parseIpv6(destination)!)
  return chosen === null ? null : formatAddress(chosen)
}

/** The rules of RFC 6724 section 5 as ipv6_dev_get_saddr has them: each before those below it. */
describe('the source of an own IPv6 packet', () => {
  it.each([
    ['1: the destination itself', '2001:db8:1::2', ['eth0 2001:db8::2/64', 'eth1 2001:db8:1::2/64'], '2001:db8:1::2'],
    [
      '2: a scope that reaches, though of another device',
      '2001:db8:ffff::8',
      ['eth0 fe80::2/64', 'eth1 2001:db8:1::2/64'],
      '2001:db8:1::2',
    ],
    ['2: no wider than needed', 'fe80::1', ['eth0 2001:db8::2/64', 'eth0 fe80::2/64'], 'fe80::2'],
    ['2: of a group of the link', 'ff02::5', ['eth0 2001:db8::2/64', 'eth0 fe80::2/64'], 'fe80::2'],
    ['2: of a group of the site', 'ff05::5', ['eth0 fe80::2/64', 'eth0 2001:db8::2/64'], '2001:db8::2'],
    ['2: the widest where none reaches', '2001:db8:ffff::8', ['eth0 fe80::2/64'], 'fe80::2'],
    [
      '3: one that is not deprecated',
      '2001:db8::8',
      ['eth0 2001:db8::2/64 deprecated', 'eth1 2001:db8:7::2/64'],
      '2001:db8:7::2',
    ],
    [
      '5: one of the outgoing device',
      '2001:db8:ffff::8',
      ['eth1 2001:db8:ffff::2/64', 'eth0 2001:db8::2/64'],
      '2001:db8::2',
    ],
    [
      '6: one with the label of the destination: ULA',
      'fd00:1::8',
      ['eth0 2001:db8::2/64', 'eth0 fd00::2/64'],
      'fd00::2',
    ],
    ['6: … global', 'fe00::8', ['eth0 fd00::2/64', 'eth0 2001:db8::2/64'], '2001:db8::2'],
    ['6: … 6to4', '2002:5::1', ['eth0 2001:db8::2/64', 'eth0 2002:ff::2/64'], '2002:ff::2'],
    [
      '8: the longest common prefix',
      '2001:db8:2::9',
      ['eth0 2001:db8:1::2/64', 'eth0 2001:db8:2::2/64'],
      '2001:db8:2::2',
    ],
    [
      '8: … no longer than the subnet',
      '2001:db8:0:1::9',
      ['eth0 2001:db8:0:1::2/32', 'eth0 2001:db8:0:4::2/64'],
      '2001:db8:0:4::2',
    ],
    ['the first of equals', '2001:db8:ffff::8', ['eth0 2001:db8::3/64', 'eth0 2001:db8::2/64'], '2001:db8::3'],
    [
      'never a tentative one',
      '2001:db8::8',
      ['eth0 2001:db8::2/64 tentative', 'eth1 2001:db8:7::2/64'],
      '2001:db8:7::2',
    ],
    ['nor for a link one of another link', 'fe80::1', ['eth1 fe80::3/64'], null],
    ['… for a group one of another device', 'ff05::5', ['eth1 2001:db8:1::2/64'], null],
    ['… for ::1, which is of the link too', '::1', ['eth1 2001:db8:1::2/64'], null],
    ['none where there is none', '2001:db8:ffff::8', [], null],
  ])('%s', (_, destination, addresses, expected) => {
    expect(choose(destination, 'eth0', addresses)).toBe(expected)
  })

  it('without a device any link will do', () => {
    expect(choose('fe80::1', null, ['eth1 fe80::3/64'])).toBe('fe80::3')
  })
})
