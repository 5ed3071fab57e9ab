import type {NextHop, Route} from '../../../src/model/index.js'
import {type Address, parseAddress, parsePrefix} from '../../../src/net/index.js'
import {parseIpRoute, type RouteListing} from '../../../src/parse/index.js'
import {codes, format, text} from './support.js'

function routeOf(line: string, listing: RouteListing = {}): Route {
  const {value, diagnostics} = parseIpRoute(text(...line.split('\n')), listing)
  expect(diagnostics).toEqual([])
  expect(value).toHaveLength(1)
  return value[0] as Route
}

function hop(fields: Partial<NextHop>): NextHop {
  return {
    gateway: null,
    interface: null,
    weight: 1,
    onlink: false,
    linkdown: false,
    dead: false,
    encap: null,
    ...fields,
  }
}

function address(word: string): Address {
  return parseAddress(word) as Address
}

describe('parseIpRoute', () => {
  it.each<[string, Partial<Route>]>([
    [
      'default via 10.0.1.1 dev ens5 proto dhcp src 10.0.1.205 metric 512 ',
      {
        family: 4,
        destination: parsePrefix('0.0.0.0/0') as Route['destination'],
        table: 254,
        metric: 512,
        protocol: 'dhcp',
        preferredSource: address('10.0.1.205'),
        scope: 'global',
        nextHops: [hop({gateway: address('10.0.1.1'), interface: 'ens5'})],
      },
    ],
    [
      '10.0.1.61 dev enibbbbbbbbbbb scope link ',
      {scope: 'link', metric: 0, protocol: null, nextHops: [hop({interface: 'enibbbbbbbbbbb'})]},
    ],
    ['10.0.0.1 dev ens6 table 2 scope link', {table: 2}],
    [
      'local 10.0.1.10 dev ens5 table local proto kernel scope host src 10.0.1.10',
      {type: 'local', table: 255, scope: 'host', protocol: 'kernel'},
    ],
    [
      '2 10.0.1.10 dev ens5 table 255 proto 2 scope 254 src 10.0.1.10',
      {type: 'local', table: 255, scope: 'host', protocol: 'kernel'},
    ],
    ['local default dev lo table 100 scope host', {type: 'local', family: 4, table: 100}],
    ['unicast 10.0.0.0/8 via 10.0.0.1 dev eth0 table main proto boot scope global', {type: 'unicast', protocol: null}],
    [
      '10.0.0.0/8 dev eth0 proto kernel scope link src 10.0.0.5 metric 100',
      {metric: 100, preferredSource: address('10.0.0.5')},
    ],
    [
      '10.0.3.0/24 dev eth2 proto kernel scope link src 10.0.3.30 linkdown',
      {nextHops: [hop({interface: 'eth2', linkdown: true})]},
    ],
    [
      '10.0.3.0/24 dev eth2 scope link dead linkdown',
      {nextHops: [hop({interface: 'eth2', linkdown: true, dead: true})]},
    ],
    [
      '10.58.0.0/16 via 172.31.255.1 dev eth0 onlink',
      {nextHops: [hop({gateway: address('172.31.255.1'), interface: 'eth0', onlink: true})]},
    ],
    [
      '10.59.0.0/16 via inet6 fe80::1 dev eth0',
      {family: 4, nextHops: [hop({gateway: address('fe80::1'), interface: 'eth0'})]},
    ],
    ['default via inet6 fe80::1 dev eth0', {family: 4}],
    ['10.60.0.0/16 tos 0x10 dev eth1 scope link', {tos: 0x10}],
    ['10.80.0.0/16 nhid 7 via 10.0.0.7 dev eth0', {nextHopId: 7}],
    ['blackhole 10.52.0.0/16', {type: 'blackhole', nextHops: []}],
    ['blackhole 10.82.0.0/16 nhid 10 dev lo', {type: 'blackhole', nextHops: [], attributes: new Map([['dev', 'lo']])}],
    ['throw 10.55.0.0/16 table 105', {type: 'throw', table: 105, nextHops: []}],
    [
      '10.57.0.0/16 via 10.0.0.1 dev eth0 mtu lock 1400 rtt 100ms congctl lock cubic realms 3/4 pervasive',
      {
        attributes: new Map([
          ['mtu', 'lock 1400'],
          ['rtt', '100ms'],
          ['congctl', 'lock cubic'],
          ['realms', '3/4'],
          ['pervasive', ''],
        ]),
      },
    ],
    [
      '10.63.0.0/16  encap ip id 5 src 0.0.0.0 dst 10.0.0.9 ttl 0 tos 0 dev eth0 scope link',
      {
        tos: 0,
        preferredSource: null,
        nextHops: [hop({interface: 'eth0', encap: 'ip id 5 src 0.0.0.0 dst 10.0.0.9 ttl 0 tos 0'})],
      },
    ],
    [
      '2001:db8:55::/48  encap seg6 mode encap segs 1 [ 2001:db8::a ] dev eth0 metric 1024 pref medium',
      {nextHops: [hop({interface: 'eth0', encap: 'seg6 mode encap segs 1 [ 2001:db8::a ]'})]},
    ],
    [
      '2001:db8:53::/48 from 2001:db8::/64 via fe80::1 dev eth0 metric 1024 pref medium',
      {from: parsePrefix('2001:db8::/64'), metric: 1024},
    ],
    [
      '2001:db8:1::5 dev eth1 proto kernel metric 256  expires 566sec',
      {metric: 256, attributes: new Map([['expires', '566sec']])},
    ],
    ['0/8 dev eth0 scope link', {destination: parsePrefix('0.0.0.0/8') as Route['destination']}],
    ['8.8.8.8 via 10.0.0.1 dev eth0 src 10.0.1.10 uid 0 \n    cache ', {preferredSource: address('10.0.1.10')}],
    [
      'unreachable default dev lo table unspec proto kernel metric 4294967295 error -101 pref medium',
      {family: 6, table: 0, metric: 4294967295},
    ],
  ])('%s', (line, expected) => {
    expect(routeOf(line)).toMatchObject(expected)
  })

  const MULTIPATH = [
    hop({gateway: address('10.0.0.1'), interface: 'eth0'}),
    hop({gateway: address('10.0.0.2'), interface: 'eth1', weight: 3, linkdown: true}),
  ]
  it.each([
    [
      'lines',
      '10.50.0.0/16 proto static \n\tnexthop via 10.0.0.1 dev eth0 weight 1 \n\tnexthop via 10.0.0.2  dev eth1 weight 3 linkdown ',
    ],
    [
      '-o',
      '10.50.0.0/16 proto static \\\tnexthop via 10.0.0.1 dev eth0 weight 1 \\\tnexthop via 10.0.0.2 dev eth1 weight 3 linkdown ',
    ],
    [
      'lines run together',
      '10.50.0.0/16 proto static nexthop via 10.0.0.1 dev eth0 weight 1 nexthop via 10.0.0.2 dev eth1 weight 3 linkdown',
    ],
    [
      'indented lines',
      '    10.50.0.0/16 proto static\n    nexthop via 10.0.0.1 dev eth0 weight 1\n    nexthop via 10.0.0.2 dev eth1 weight 3 linkdown',
    ],
  ])('reads a multipath route: %s', (_, lines) => {
    expect(routeOf(lines)).toMatchObject({protocol: 'static', nextHops: MULTIPATH})
  })

  it('joins the text of a multipath route, and cites its first line', () => {
    const {value} = parseIpRoute(
      text(
        '10.9.0.0/16 dev eth0 scope link',
        '10.50.0.0/16 ',
        '\tnexthop via 10.0.0.1 dev eth0 weight 1 ',
        'blackhole 10.52.0.0/16 ',
      ),
    )
    expect(value.map(({source, text: line}) => [source.line, line])).toEqual([
      [1, '10.9.0.0/16 dev eth0 scope link'],
      [2, '10.50.0.0/16 nexthop via 10.0.0.1 dev eth0 weight 1'],
      [4, 'blackhole 10.52.0.0/16'],
    ])
  })

  it('takes the table of the listing where a line names none', () => {
    expect(routeOf('default via 10.0.0.1 dev eth1', {table: 2}).table).toBe(2)
    expect(routeOf('default via 10.0.0.1 dev eth1', {table: 'eni1'}).table).toBe('eni1')
    expect(routeOf('10.0.0.1 dev ens6 table vlan-pods scope link', {tables: new Map([['vlan-pods', 101]])}).table).toBe(
      101,
    )
  })

  describe('the family of a default route without an address', () => {
    const families = (...lines: string[]) => parseIpRoute(text(...lines)).value.map(({family}) => family)

    it('is IPv4 where no metric stands: an IPv6 route always prints one', () => {
      expect(families('default dev eth1 table 101 scope link', '2001:db8::/64 dev eth0 metric 256')).toEqual([4, 6])
    })

    it('is IPv6 where a router preference stands', () => {
      expect(families('10.0.0.0/8 dev eth0', 'default dev eth1 metric 1024 pref medium')).toEqual([4, 6])
    })

    it('is that of its neighbours', () => {
      expect(families('10.0.0.0/8 dev eth0', 'default dev tun0 metric 50', '10.1.0.0/16 dev eth0')).toEqual([4, 4, 4])
      expect(families('fe80::/64 dev eth0 metric 256', 'default dev tun0 metric 1024')).toEqual([6, 6])
    })

    it('is ambiguous between the families, and says so', () => {
      const {value, diagnostics} = parseIpRoute(
        text('10.0.0.0/8 dev eth0', 'default dev tun0 metric 50', 'fe80::/64 dev eth0 metric 256'),
      )
      expect(value[1]?.family).toBe(6)
      expect(codes(diagnostics)).toEqual(['AMBIGUOUS_TEXT:2'])
    })

    it('is what the command said', () => {
      expect(parseIpRoute(text('default dev tun0 metric 50'), {family: 6}).value[0]?.family).toBe(6)
    })
  })

  it('"FIB table does not exist" is an empty table', () => {
    const {value, diagnostics} = parseIpRoute(text('Error: ipv4: FIB table does not exist.', 'Dump terminated'), {
      table: 253,
    })
    expect(value).toEqual([])
    expect(diagnostics.map(({code, severity}) => [code, severity])).toEqual([['TOOL_ERROR', 'info']])
  })

  it('a dump that ended early is an error', () => {
    const {diagnostics} = parseIpRoute(text('10.0.0.0/8 dev eth0 scope link', 'Dump terminated'))
    expect(diagnostics.map(({code, severity}) => [code, severity])).toEqual([['TOOL_ERROR', 'error']])
  })

  it('keeps a route with an unknown attribute, and says which', () => {
    const {value, diagnostics} = parseIpRoute(text('10.0.0.0/8 via 10.0.0.1 dev eth0 colour red metric 5'))
    expect(value[0]).toMatchObject({unknown: ['colour red'], metric: 5})
    expect(codes(diagnostics)).toEqual(['UNKNOWN_KEYWORD:1'])
  })

  it('keeps a route with a bad value, and says which', () => {
    const {value, diagnostics} = parseIpRoute(text('10.0.0.0/8 via 10.0.0.256 dev eth0 metric x'))
    expect(value[0]?.unknown).toEqual(['via 10.0.0.256', 'metric x'])
    expect(codes(diagnostics)).toEqual(['BAD_VALUE:1', 'BAD_VALUE:1'])
  })

  it('drops a last route that was cut', () => {
    const {value, diagnostics} = parseIpRoute({name: 'cut', text: '10.0.3.17 dev eni1 scope link\n10.0.3.0/2'})
    expect(value).toHaveLength(1)
    expect(codes(diagnostics)).toEqual(['TRUNCATED:2'])
  })

  it('keeps a last route that only lacks its newline', () => {
    expect(parseIpRoute({name: 'x', text: '10.0.3.17 dev eni1 scope link'}).diagnostics).toEqual([])
  })

  it('says what an ip before 4.11 cannot show', () => {
    const {value, diagnostics} = parseIpRoute(
      text('10.0.0.0/8 dev eth0  proto kernel  scope link  src 10.0.0.5  metric 100 '),
    )
    expect(value[0]).toMatchObject({protocol: 'kernel', scope: 'link', metric: 100})
    expect(diagnostics.map(({code, severity}) => [code, severity])).toEqual([['LOSSY_TOOL', 'info']])
  })

  it('knows that busybox leaves out next hops, and where they lead is unknown', () => {
    const {value, diagnostics} = parseIpRoute(format('busybox-1.35.route_show_table_all.txt'))
    const multipath = value.find(({text: line}) => line.startsWith('10.50.0.0/16'))
    expect(multipath?.nextHops).toEqual([hop({})])
    expect(value.find(({metric}) => metric === 4278198272)?.destination).toEqual(parsePrefix('10.72.0.0/16'))
    expect(value.some(({table}) => table === 4294967200)).toBe(true)
    expect(diagnostics.map(({code}) => code)).toContain('LOSSY_TOOL')
  })

  it('does not take the parameters of encap in old JSON for those of the route', () => {
    const routes = parseIpRoute(format('ip-v5.10.0.-j_route_show_table_all.txt')).value
    const tunnel = routes.find(({text: line}) => line.includes('10.63.0.0/16'))
    expect(tunnel?.destination).toEqual(parsePrefix('10.63.0.0/16'))
    expect(tunnel?.nextHops).toEqual([hop({interface: 'eth0', encap: 'ip id 5 src 0.0.0.0 dst 10.0.0.9 ttl 0 tos 0'})])
  })

  it('reads features of ip -j, and keeps unknown keys as unknown', () => {
    const json = [
      {dst: '10.55.0.0/16', dev: 'eth0', scope: 'link', flags: [], metrics: [{mtu: 1400, ecn: null}], colour: 'red'},
      {dev: 'eth0'},
    ]
    const {value, diagnostics} = parseIpRoute({name: 'x', text: JSON.stringify(json)})
    expect(value).toMatchObject([
      {
        unknown: ['colour red'],
        attributes: new Map([
          ['mtu', '1400'],
          ['features', 'ecn'],
        ]),
      },
    ])
    expect(codes(diagnostics)).toEqual(['UNKNOWN_KEYWORD:1', 'BAD_JSON:1'])
  })
})
