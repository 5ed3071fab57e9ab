import type {Route} from '../../../src/model/index.js'
import {formatAddress, formatPrefix, parseAddress} from '../../../src/net/index.js'
import {
  parseFibTrie,
  parseIfconfig,
  parseIfInet6,
  parseIpAddr,
  parseIpRoute,
  parseProcIpv6Route,
  parseProcRoute,
  parseRouteN,
} from '../../../src/parse/index.js'
import {codes, format, state, text} from './support.js'

/** `TYPE DESTINATION GATEWAY DEVICE METRIC table TABLE` of the first next hop. */
function brief(route: Route): string {
  const {gateway, interface: device} = route.nextHops[0] ?? {gateway: null, interface: null}
  const via = gateway === null ? '-' : formatAddress(gateway)
  return `${route.type} ${formatPrefix(route.destination)} ${via} ${device ?? '-'} ${route.metric} table ${route.table}`
}

describe('parseRouteN', () => {
  /** What `route -n` can know of the main table. */
  const known = parseIpRoute(format('ip-v7.1.0.route.txt')).value.filter(({type}) => type !== 'multicast')

  it.each(['net-tools-2.10.route_-n', 'net-tools-2.10.route_-nee', 'busybox-1.35.route_-n'])('%s', name => {
    const {value} = parseRouteN(format(`${name}.txt`))
    // a gateway of the other family and a blackhole by nexthop object do not show; prohibit is rejected as unreachable is
    const comparable = (routes: readonly Route[]) => routes.map(brief).filter(line => !/10\.(54|59|82)\./.test(line))
    expect(comparable(value)).toEqual(comparable(known))
    expect(value.find(({unknown}) => unknown.length > 0)?.destination.address).toBe(parseAddress('10.59.0.0'))
  })

  it('netstat -rn shows no metric', () => {
    const {value} = parseRouteN(format('busybox-1.35.netstat_-rn.txt'))
    expect(value.map(({metric}) => metric)).toEqual(value.map(() => 0))
  })

  it('route -6n: own addresses are local, null entries are no routes', () => {
    const {value} = parseRouteN(format('net-tools-2.10.route_-6n.txt'))
    const lines = value.map(brief)
    expect(lines).toContain('local 2001:db8::10 - eth0 0 table 255')
    expect(lines).toContain('unicast ::/0 fe80::1 eth0 1024 table 254')
    expect(lines).toContain('unreachable 2001:db8:51::/48 - - 1024 table 254')
    expect(value.filter(({destination}) => destination.length === 0)).toHaveLength(1)
  })

  it('names are not guessed at', () => {
    const {value, diagnostics} = parseRouteN(
      text(
        'default         gateway         0.0.0.0         UG    0      0        0 eth0',
        'link-local      *               255.255.0.0     U     0      0        0 eth0',
      ),
    )
    expect(value[0]?.unknown).toEqual(['a gateway that was not printed'])
    expect(codes(diagnostics)).toContain('UNPARSED_LINE:2')
  })
})

describe('/proc/net', () => {
  it('route', () => {
    const {value} = parseProcRoute(format('proc/proc-net-route.txt'))
    expect(value.slice(0, 3).map(brief)).toEqual([
      'unicast 0.0.0.0/0 10.0.0.1 ens5 512 table 254',
      'unicast 10.0.0.0/20 - ens5 512 table 254',
      'unicast 10.0.0.1 - ens5 512 table 254',
    ])
    expect(value).toHaveLength(8)
  })

  it('route: rejected and discarded', () => {
    const {value} = parseProcRoute(
      text(
        '*\t0000350A\t00000000\t0201\t0\t0\t100\t0000FFFF\t0\t0\t0',
        '*\t0000340A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
      ),
    )
    expect(value.map(brief)).toEqual([
      'unreachable 10.53.0.0/16 - - 100 table 254',
      'blackhole 10.52.0.0/16 - - 0 table 254',
    ])
  })

  it('ipv6_route', () => {
    const lines = parseProcIpv6Route(format('proc/proc-net-ipv6_route.txt')).value.map(brief)
    expect(lines).toHaveLength(28)
    expect(lines).toContain('unicast ::/0 fe80::1 ens5 512 table 254')
    expect(lines).toContain('local ::1 - lo 0 table 255')
    expect(lines).toContain('multicast ff00::/8 - ens5 256 table 255')
  })

  it('if_inet6', () => {
    const {value, diagnostics} = parseIfInet6(format('proc/proc-net-if_inet6.txt'))
    expect(diagnostics).toEqual([])
    expect(value).toHaveLength(10)
    expect(value.find(({interface: name}) => name === 'lo')).toMatchObject({
      address: parseAddress('::1'),
      prefixLength: 128,
      scope: 'host',
    })
    expect(value.find(({interface: name}) => name === 'ens6')).toMatchObject({prefixLength: 64, scope: 'link'})
  })

  it('fib_trie', () => {
    const {value} = parseFibTrie(format('proc/proc-net-fib_trie.txt'))
    const own = value.filter(({type}) => type === 'local').map(({destination}) => formatPrefix(destination))
    expect(own).toEqual(['10.0.1.10', '10.0.2.20', '127.0.0.0/8', '127.0.0.1'])
    expect(new Set(value.map(({table}) => table))).toEqual(new Set([2, 101, 254, 255]))
  })

  it('fib_trie: a trie that main and local share is read once', () => {
    const trie = [
      '  +-- 0.0.0.0/0 3 0 5',
      '     |-- 0.0.0.0',
      '        /0 universe UNICAST',
      '     |-- 10.0.1.10',
      '        /32 host LOCAL',
    ]
    const {value} = parseFibTrie(text('Main:', ...trie, 'Local:', ...trie))
    expect(value.map(brief)).toEqual(['unicast 0.0.0.0/0 - - 0 table 254', 'local 10.0.1.10 - - 0 table 255'])
  })

  it('notes what is none', () => {
    expect(codes(parseProcRoute(text('a b c')).diagnostics)).toContain('UNPARSED_LINE:1')
    expect(codes(parseProcIpv6Route(text('a b c')).diagnostics)).toContain('UNPARSED_LINE:1')
    expect(codes(parseIfInet6(text('a b c')).diagnostics)).toContain('UNPARSED_LINE:1')
    expect(codes(parseFibTrie(text('a b c')).diagnostics)).toContain('UNPARSED_LINE:1')
  })
})

describe('parseIfconfig', () => {
  const {addresses, links} = parseIpAddr(format('ip-v7.1.0.addr.txt')).value

  it.each(['net-tools-2.10.ifconfig_-a', 'busybox-1.35.ifconfig'])('%s', name => {
    const {value, diagnostics} = parseIfconfig(format(`${name}.txt`))
    expect(diagnostics).toEqual([])
    // only the first address of an interface, and those with a label
    const shown = addresses.filter(
      ({address}) => address !== parseAddress('10.77.0.1') && address !== parseAddress('192.0.2.1'),
    )
    const sorted = (records: typeof addresses) =>
      state(
        records.map(address => ({
          ...address,
          secondary: false,
          deprecated: false,
          key: formatAddress(address.address) + address.interface,
        })),
      )
        .map(record =>
          JSON.stringify(record, (_, entry: unknown) => (typeof entry === 'bigint' ? String(entry) : entry)),
        )
        .sort()
    expect(sorted(value.addresses)).toEqual(sorted(shown))
    expect(value.links.map(({name: link}) => link).sort()).toEqual(links.map(({name: link}) => link).sort())
    expect(value.links.find(({name: link}) => link === 'eth0')).toMatchObject({mac: '82:83:f6:54:bf:63', mtu: 1500})
    expect(value.links.find(({name: link}) => link === 'eth0')?.flags.has('UP')).toBe(true)
    expect(value.links.find(({name: link}) => link === 'peth2')?.flags.has('UP')).toBe(false)
  })

  it('reads peers', () => {
    const modern = parseIfconfig(
      text(
        'tun0: flags=4305<UP,POINTOPOINT>  mtu 1500',
        '        inet 10.8.0.1  netmask 255.255.255.255  destination 10.8.0.2',
      ),
    )
    const classic = parseIfconfig(
      text(
        'tun0      Link encap:UNSPEC  HWaddr 00-00',
        '          inet addr:10.8.0.1  P-t-P:10.8.0.2  Mask:255.255.255.255',
      ),
    )
    for (const {value} of [modern, classic])
      expect(value.addresses[0]).toMatchObject({peer: parseAddress('10.8.0.2'), prefixLength: 32})
  })

  it('notes what is none', () => {
    expect(codes(parseIfconfig(text('nonsense', 'eth0: flags=1<UP>  mtu 1500', '        wibble')).diagnostics)).toEqual(
      ['UNPARSED_LINE:1', 'UNPARSED_LINE:3'],
    )
  })
})
