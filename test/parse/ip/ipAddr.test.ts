import {parseAddress} from '../../../src/net/index.js'
import {parseIfconfig, parseIpAddr, parseIpLink} from '../../../src/parse/index.js'
import {codes, format, text} from './support.js'

describe('parseIpAddr', () => {
  it('reads an interface of an EKS node', () => {
    const {value, diagnostics} = parseIpAddr(
      text(
        '3: eni1e3dd7d66d7@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc noqueue state UP group default ',
        '    link/ether de:ab:83:56:db:2d brd ff:ff:ff:ff:ff:ff link-netns cni-5e405c0b-288d-6310-6693-0b9e4852be4d',
        '    altname enp0s6',
        '    inet6 fe80::dcab:83ff:fe56:db2d/64 scope link proto kernel_ll ',
        '       valid_lft forever preferred_lft forever',
        '8: vlan.eth.2@eth2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc noqueue master br0 state UP group 7 qlen 1000',
        '    link/ether 02:fc:a9:d7:13:2b brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 0 maxmtu 65535 ',
        '    vlan protocol 802.1Q id 2 <REORDER_HDR> addrgenmode eui64 numtxqueues 1',
      ),
    )
    expect(diagnostics).toEqual([])
    expect(value.links).toMatchObject([
      {
        name: 'eni1e3dd7d66d7',
        index: 3,
        parent: 'if3',
        mtu: 9001,
        mac: 'de:ab:83:56:db:2d',
        peerNamespace: 'cni-5e405c0b-288d-6310-6693-0b9e4852be4d',
        alternativeNames: ['enp0s6'],
        group: 'default',
        kind: null,
        source: {document: 'test.txt', line: 1},
      },
      {name: 'vlan.eth.2', parent: 'eth2', master: 'br0', group: '7', kind: 'vlan', vlanId: 2},
    ])
    expect(value.links[0]?.flags).toEqual(new Set(['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP']))
    expect(value.addresses).toMatchObject([
      {
        interface: 'eni1e3dd7d66d7',
        prefixLength: 64,
        scope: 'link',
        source: {line: 4},
        text: 'inet6 fe80::dcab:83ff:fe56:db2d/64 scope link proto kernel_ll',
      },
    ])
  })

  it.each([
    [
      'inet 10.0.1.10/20 metric 512 brd 10.0.15.255 scope global dynamic ens5',
      {prefixLength: 20, broadcast: parseAddress('10.0.15.255'), scope: 'global', secondary: false},
    ],
    ['inet 10.0.1.11/20 scope global secondary eth0:1', {secondary: true, broadcast: null}],
    [
      'inet 192.0.2.1 peer 192.0.2.2/32 scope global eth1',
      {address: parseAddress('192.0.2.1'), peer: parseAddress('192.0.2.2'), prefixLength: 32},
    ],
    ['inet 169.254.20.10/32 scope link nodelocaldns', {scope: 'link', prefixLength: 32}],
    ['inet 10.0.0.9/24 scope 200 eth0', {scope: 'site'}],
    ['inet 10.0.0.9/24 scope 17 eth0', {scope: 17}],
    ['inet6 2001:db8:1::5/128 scope global deprecated dynamic ', {deprecated: true, tentative: false}],
    ['inet6 2001:db8:1::5/64 scope global tentative dadfailed ', {tentative: true}],
    ['inet6 2001:db8::10/64 scope global flags 02 ', {scope: 'global'}],
  ])('%s', (line, expected) => {
    const {value, diagnostics} = parseIpAddr(text('2: eth0: <UP> mtu 1500', `    ${line}`))
    expect(diagnostics).toEqual([])
    expect(value.addresses).toMatchObject([expected])
  })

  it('puts addresses of -o on the interface that they name', () => {
    const {value} = parseIpAddr(format('ip-v7.1.0.-o_addr.txt'))
    expect(value.links.map(({name, index}) => [name, index])).toEqual([
      ['lo', 1],
      ['peth0', 2],
      ['eth0', 3],
      ['peth1', 4],
      ['eth1', 5],
      ['eth2', 7],
    ])
    expect(value.addresses.filter(({interface: name}) => name === 'eth0')).toHaveLength(5)
  })

  it('reads -o of a link whole', () => {
    const {value, diagnostics} = parseIpLink(
      text(
        '2: ens5: <BROADCAST,UP> mtu 9001 qdisc mq state UP mode DEFAULT group default qlen 1000\\    link/ether 0a:58:0a:00:01:0a brd ff:ff:ff:ff:ff:ff\\    altname enp0s5',
      ),
    )
    expect(diagnostics).toEqual([])
    expect(value).toMatchObject([{name: 'ens5', mac: '0a:58:0a:00:01:0a', mtu: 9001, alternativeNames: ['enp0s5']}])
  })

  it('reads ip -br link', () => {
    const {value, diagnostics} = parseIpLink(
      text(
        'lo               UNKNOWN        00:00:00:00:00:00 <LOOPBACK,UP,LOWER_UP> ',
        'eth0@if3         DOWN           0a:58:0a:00:01:0a <BROADCAST> ',
      ),
    )
    expect(diagnostics).toEqual([])
    expect(value.map(({name, parent, mac, flags}) => [name, parent, mac, [...flags]])).toEqual([
      ['lo', null, '00:00:00:00:00:00', ['LOOPBACK', 'UP', 'LOWER_UP']],
      ['eth0', 'if3', '0a:58:0a:00:01:0a', ['BROADCAST']],
    ])
  })

  it('a tunnel bound to no device has no parent', () => {
    expect(parseIpLink(text('4: sit0@NONE: <NOARP> mtu 1480')).value[0]?.parent).toBeNull()
  })

  it('says which details it does not know, once for each', () => {
    const {diagnostics} = parseIpAddr(
      text('2: eth0: <UP> mtu 1500', '    frobnicate 1', '3: eth1: <UP> mtu 1500', '    frobnicate 2', 'nonsense'),
    )
    expect(codes(diagnostics)).toEqual(['UNKNOWN_KEYWORD:2', 'UNPARSED_LINE:5'])
  })

  it('says which address it cannot read', () => {
    const {value, diagnostics} = parseIpAddr(text('2: eth0: <UP> mtu 1500', '    inet 10.0.0.500/24 scope global eth0'))
    expect(value.addresses).toEqual([])
    expect(codes(diagnostics)).toEqual(['BAD_VALUE:2'])
  })

  it('reads ip -d -j link', () => {
    const json = [
      {},
      {
        ifindex: 8,
        link: 'eth2',
        ifname: 'vlan.eth.2',
        flags: ['UP', 'LOWER_UP'],
        mtu: 9001,
        master: 'br0',
        group: '7',
        address: '02:fc:a9:d7:13:2b',
        linkinfo: {info_kind: 'vlan', info_data: {protocol: '802.1Q', id: 2, flags: ['REORDER_HDR']}},
        altnames: ['enp0s9'],
      },
      {ifindex: 3, link_index: 2, ifname: 'eni1', flags: ['UP'], mtu: 1500, link_netnsid: 4},
      {ifindex: 4, link: null, ifname: 'sit0', flags: []},
      {ifindex: 5},
    ]
    const {value, diagnostics} = parseIpLink({name: 'x', text: JSON.stringify(json)})
    expect(value).toMatchObject([
      {
        name: 'vlan.eth.2',
        index: 8,
        parent: 'eth2',
        mtu: 9001,
        master: 'br0',
        group: '7',
        mac: '02:fc:a9:d7:13:2b',
        kind: 'vlan',
        vlanId: 2,
        alternativeNames: ['enp0s9'],
      },
      {name: 'eni1', parent: 'if2', peerNamespace: '4', group: 'default', mac: null, kind: null},
      {name: 'sit0', parent: null},
    ])
    expect(codes(diagnostics)).toEqual(['BAD_JSON:1'])
  })

  it('reads an address in JSON that is no address as a bad value', () => {
    const json = [
      {
        ifname: 'eth0',
        addr_info: [{local: 'x', prefixlen: 8}, {}, {family: 'inet', local: '10.0.0.1', prefixlen: 8, scope: 'global'}],
      },
    ]
    const {value, diagnostics} = parseIpAddr({name: 'x', text: JSON.stringify(json)})
    expect(value.addresses).toMatchObject([{interface: 'eth0', prefixLength: 8, scope: 'global'}])
    expect(codes(diagnostics)).toEqual(['BAD_VALUE:1'])
  })
})

describe('what pairs addresses of two families is damaged', () => {
  const PAIRED = [
    ['2: eth0: <UP> mtu 1500', '    inet 10.0.0.1 peer fe80::1/64 brd fe80::2 scope global eth0'],
    [
      'eth0: flags=4163<UP>  mtu 1500',
      '        inet 10.0.0.1  netmask 255.255.240.0  destination fe80::1  broadcast fe80::2',
    ],
    ['eth0: flags=4163<UP>  mtu 1500', '        inet 10.0.0.1  prefixlen 64'],
    ['eth0: flags=4163<UP>  mtu 1500', '        inet6 2001:db8::1  prefixlen 999'],
  ] as const

  it.each(PAIRED)('%s %s', (...lines) => {
    const parsed = lines[0].startsWith('2:') ? parseIpAddr(text(...lines)) : parseIfconfig(text(...lines))
    const [address] = parsed.value.addresses
    expect(address).toMatchObject({peer: null, broadcast: null})
    expect(address?.prefixLength).toBeLessThanOrEqual(address?.family === 4 ? 32 : 128)
  })
})
