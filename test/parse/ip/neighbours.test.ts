import type {Neighbour} from '../../../src/model/index.js'
import {formatAddress} from '../../../src/net/index.js'
import {parseNeighbours} from '../../../src/parse/index.js'
import {codes, format, text} from './support.js'

/** `ADDRESS DEVICE MAC STATE` and the flags. */
function brief({address, interface: device, mac, state, router, proxy}: Neighbour): string {
  return [formatAddress(address), device, mac, state, router ? 'router' : '', proxy ? 'proxy' : '']
    .filter(word => word !== '')
    .join(' ')
}

describe('parseNeighbours', () => {
  it.each([
    ['10.0.14.99 dev ens5 FAILED ', '10.0.14.99 ens5  FAILED'],
    ['10.0.0.2 dev eth0  INCOMPLETE', '10.0.0.2 eth0  INCOMPLETE'],
    ['10.0.3.17 dev eni1 lladdr 3A:f8:0c:80:21:5f PERMANENT', '10.0.3.17 eni1 3a:f8:0c:80:21:5f PERMANENT'],
    ['fe80::1 dev eth0 lladdr 0a:00:00:00:00:01 router STALE', 'fe80::1 eth0 0a:00:00:00:00:01 STALE router'],
    [
      '10.0.0.12 dev eth0 lladdr 0a:00:00:00:00:12 extern_learn PERMANENT ',
      '10.0.0.12 eth0 0a:00:00:00:00:12 PERMANENT',
    ],
    ['10.0.0.13 dev eth0 managed  ref 1 used 2/93/2probes 5 INCOMPLETE ', '10.0.0.13 eth0  INCOMPLETE'],
    ['10.0.0.13 dev eth0  ref 1 used 1/93/1 probes 5 INCOMPLETE', '10.0.0.13 eth0  INCOMPLETE'],
    ['10.0.13.13 dev ens5 proxy ', '10.0.13.13 ens5  NONE proxy'],
    ['10.0.0.9 lladdr 0a:00:00:00:00:09 REACHABLE', '10.0.0.9  0a:00:00:00:00:09 REACHABLE'],
    ['10.0.14.99                       (incomplete)                              ens5', '10.0.14.99 ens5  INCOMPLETE'],
    [
      '10.0.0.3                 ether   0a:00:00:00:00:03   CM                    eth0',
      '10.0.0.3 eth0 0a:00:00:00:00:03 PERMANENT',
    ],
    [
      '10.0.0.4                 ether   0a:00:00:00:00:04   C                     eth0',
      '10.0.0.4 eth0 0a:00:00:00:00:04 COMPLETE',
    ],
    ['10.0.0.99                *       <from_interface>    MP                    eth0', '10.0.0.99 eth0  NONE proxy'],
    ['? (10.0.14.99) at <incomplete> on ens5', '10.0.14.99 ens5  INCOMPLETE'],
    ['? (10.0.3.17) at 3a:f8:0c:80:21:5f [ether] PERM on eni1', '10.0.3.17 eni1 3a:f8:0c:80:21:5f PERMANENT'],
    [
      'ip-10-0-0-1.ec2.internal (10.0.0.1) at 0a:00:00:00:00:01 [ether] on eth0',
      '10.0.0.1 eth0 0a:00:00:00:00:01 COMPLETE',
    ],
    ['? (10.0.0.99) at * PERM PUP on eth0', '10.0.0.99 eth0  NONE proxy'],
    ['? (10.0.13.13) at <from_interface> PERM PUB on ens5', '10.0.13.13 ens5  NONE proxy'],
    ['10.0.14.99       0x1         0x0         00:00:00:00:00:00     *        ens5', '10.0.14.99 ens5  INCOMPLETE'],
    [
      '10.0.3.17        0x1         0x6         3a:f8:0c:80:21:5f     *        eni1',
      '10.0.3.17 eni1 3a:f8:0c:80:21:5f PERMANENT',
    ],
    ['10.0.13.13       0x1         0xc         00:00:00:00:00:00     *        ens5', '10.0.13.13 ens5  NONE proxy'],
  ])('%s', (line, expected) => {
    const {value, diagnostics} = parseNeighbours(text(line))
    expect(diagnostics).toEqual([])
    expect(value.map(brief).map(words => words.replace(/ +/g, ' '))).toEqual([expected.replace(/ +/g, ' ')])
  })

  it('passes over titles and totals', () => {
    expect(parseNeighbours(format('net-tools-2.10.arp_-vn.txt')).diagnostics).toEqual([])
    expect(parseNeighbours(format('proc/proc-net-arp.txt')).diagnostics).toEqual([])
    expect(parseNeighbours(format('proc/proc-net-arp.txt')).value).toHaveLength(7)
  })

  it('an empty table is an empty table', () => {
    expect(parseNeighbours(text())).toEqual({value: [], diagnostics: []})
  })

  it.each([
    '10.0.0.1 dev eth0',
    '10.0.0.1 dev eth0 lladdr 0a:00:00:00:00:01 WHATEVER',
    'gateway ether 0a:00:00:00:00:01 C eth0',
    '10.0.0.1',
  ])('does not guess: %s', line => {
    expect(parseNeighbours(text(line)).value).toEqual([])
    expect(codes(parseNeighbours(text(line)).diagnostics)).toEqual(['UNPARSED_LINE:1'])
  })

  it('takes a remark for a remark', () => {
    const {diagnostics} = parseNeighbours(text('# after ping to pod IP, add more record'))
    expect(diagnostics.map(({code, severity}) => [code, severity])).toEqual([['UNPARSED_LINE', 'info']])
  })
})
