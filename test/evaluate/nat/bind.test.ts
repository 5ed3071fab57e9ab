import type {JsonStep} from '../../../src/model/index.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {outcomeLines} from '../../support/outcomeLines.js'
import {type RuleLines, tinyNode, tinyNode6} from '../../support/tinyNode.js'

const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443}
const IN: FlowWords = {src: '9.9.9.9', dst: '10.0.0.2', proto: 'tcp', sport: 4000, dport: 80, iif: 'eth0'}
const OWN: FlowWords = {src: '10.0.0.2', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}
const OUT6: FlowWords = {src: '2001:db8:9::9', dst: '2001:db8:ffff::8', proto: 'tcp', sport: 4000, dport: 443}
const IN6: FlowWords = {src: '2001:db8:ffff::8', dst: '2001:db8::2', proto: 'tcp', sport: 4000, dport: 80, iif: 'eth0'}

/** `a:1 → b:2`, a line an outcome, with its condition. */
const packets = (text: string): string => text.replace(/^(if |unless |[0-9.]+ % )?[^:]*: \w+ /gm, '$1')
const dnat = (option: string, flow = OUT): string =>
  packets(outcomeLines(tinyNode({nat: `-A PREROUTING -p tcp -j DNAT --to-destination ${option}`}), flow)).replace(
    /.*→ /,
    '',
  )
const snat = (option: string, flow = OUT): string =>
  packets(outcomeLines(tinyNode({nat: `-A POSTROUTING -p tcp -j SNAT --to-source ${option}`}), flow)).replace(
    / →.*/,
    '',
  )

describe('the destination port: nf_nat_l4proto_unique_tuple', () => {
  it.each([
    // the first of the range, unless it is in it already
    ['10.0.0.7:440-443', 443, '10.0.0.7:443'],
    ['10.0.0.7:443-450', 443, '10.0.0.7:443'],
    ['10.0.0.7:444-450', 443, '10.0.0.7:444'],
    ['10.0.0.7:440-442', 443, '10.0.0.7:440'],
    // with a base: (port - base) in 16 bits, modulo the size of the range. Measured
    ['10.0.0.7:1000-1009/390', 445, '10.0.0.7:1005'],
    ['10.0.0.7:1000-1009/500', 443, '10.0.0.7:1009'],
    ['10.0.0.7:1000-1099/60000', 446, '10.0.0.7:1082'],
    ['10.0.0.7:440-450/440', 443, '10.0.0.7:443'],
    ['10.0.0.7:440-450/441', 443, '10.0.0.7:442'],
    ['10.0.0.7:1000-1009/390', null, '10.0.0.7:*'],
  ])('DNAT --to-destination %s of port %s', (option, dport, expected) => {
    expect(dnat(option, {...OUT, dport})).toBe(expected)
  })

  it.each([
    // rules behind ask for what is left of an open port
    ['10.0.0.7:80-90', '80:90', 'dropped'],
    ['10.0.0.7:80-90', '91:65535', 'forwarded'],
    ['10.0.0.7:80-90', '0:79', 'forwarded'],
    ['10.0.0.7:80-90', '85', 'if dropped\nunless forwarded'],
    ['10.0.0.7', '443', 'if dropped\nunless forwarded'],
    ['10.0.0.7:85', '85', 'dropped'],
  ])('an open port after DNAT to %s, and a rule for %s', (to, ports, expected) => {
    const node = tinyNode({
      nat: `-A PREROUTING -p tcp -j DNAT --to-destination ${to}`,
      filter: `-A FORWARD -i veth0 -p tcp -m tcp --dport ${ports} -j DROP`,
    })
    expect(outcomeLines(node, {...OUT, dport: null}).replace(/( by \w+)?( \(\w+\))?: .*$/gm, '')).toBe(expected)
  })
})

describe('the source: get_unique_tuple', () => {
  it.each([
    // address and port in the range: both stay
    ['10.0.9.9-10.0.9.20', '10.0.9.9:4000'],
    ['10.0.9.1-10.0.9.9', '10.0.9.9:4000'],
    ['10.0.9.1-10.0.9.20:4000-5000', '10.0.9.9:4000'],
    ['10.0.9.1-10.0.9.20:3000-4000', '10.0.9.9:4000'],
    // the port is not: the address is hashed too. Computed as in addressOfRange.test.ts
    ['10.0.9.1-10.0.9.20:4001-5000', '10.0.9.18:*'],
    ['10.0.9.1-10.0.9.20:3000-3999', '10.0.9.18:*'],
    // the address is not: a port in the range stays, and a drawn one does not
    ['10.0.0.2:4000-5000', '10.0.0.2:4000'],
    ['10.0.0.2:3000-4000', '10.0.0.2:4000'],
    ['10.0.0.2:3000-5000 --random', '10.0.0.2:*'],
    ['10.0.0.2:3000-5000 --random-fully', '10.0.0.2:*'],
    ['10.0.9.1-10.0.9.20 --random', '10.0.9.18:*'],
    ['10.0.9.10-10.0.9.20', '10.0.9.19:4000'],
    ['10.0.9.1-10.0.9.8', '10.0.9.7:4000'],
  ])('SNAT --to-source %s', (option, expected) => {
    expect(snat(option)).toBe(expected)
  })

  it.each([
    [1, [1, 511]],
    [511, [1, 511]],
    [512, [600, 1023]],
    [1023, [600, 1023]],
    [1024, [1024, 65535]],
    [65535, [1024, 65535]],
  ])('--random draws port %d from its class', (sport, [min = 0, max = 0]) => {
    // of nftables, since no chain of iptables sees what nat POSTROUTING did
    const seen = (match: string): string => {
      const nft = `table ip late {\n\tchain c {\n\t\ttype filter hook postrouting priority 200; policy accept;\n\t\toifname "eth0" tcp sport ${match} drop\n\t}\n}\n`
      const node = tinyNode({nat: '-A POSTROUTING -j SNAT --to-source 10.0.0.2 --random'}, {'nft-ruleset.txt': nft})
      return explainWords(node, {...OUT, sport}, {steps: false})
        .explanation.outcomes.map(({disposition}) => disposition)
        .join(' or ')
    }
    expect(seen(`${min}-${max}`)).toBe('dropped')
    expect(seen(String(min))).toBe('dropped or forwarded')
    expect(seen(String(max))).toBe('dropped or forwarded')
    expect(seen(`${max + 1 > 65535 ? 1 : max + 1}`)).toBe('forwarded')
  })

  it.each([
    // IPS_SRC_NAT is set where the tuple changed
    ['SNAT --to-source 10.0.0.2', true],
    ['SNAT --to-source 10.0.9.9', false],
    ['SNAT --to-source 10.0.9.9 --random', true],
    ['SNAT --to-source :5000', true],
    ['SNAT --to-source :4000', false],
    ['SNAT --to-source 10.0.9.9:4000-4000 --random', false],
    ['SNAT --to-source 10.0.9.9:5000-5000 --random', true],
  ])('the connection of `%s` is in state SNAT: %s', (target, expected) => {
    const node = tinyNode({
      nat: `-A POSTROUTING -p tcp -j ${target}`,
      filter: '-A FORWARD -i eth0 -m conntrack --ctstate SNAT -j DROP',
    })
    expect(explainWords(node, OUT).explanation.outcomes[0]?.reply?.disposition).toBe(expected ? 'dropped' : 'forwarded')
  })
})

describe('a connection is asked once for each side', () => {
  it('… what DNAT of OUTPUT made is not asked in PREROUTING when it comes back over lo', () => {
    const node = tinyNode({
      nat: `
        -A OUTPUT -p udp -j DNAT --to-destination 127.0.0.1:5353
        -A PREROUTING -p udp -j DNAT --to-destination 127.0.0.1:5454`,
    })
    expect(outcomeLines(node, {...OWN, src: null, dst: '10.0.0.2'})).toMatch(/^delivered: udp .* → 127\.0\.0\.1:5353$/)
  })

  it('… and SNAT of POSTROUTING not again in INPUT', () => {
    const node = tinyNode({
      nat: `
        -A POSTROUTING -o lo -p udp -j SNAT --to-source 10.0.1.2
        -A INPUT -p udp -j SNAT --to-source 10.0.0.2:9`,
    })
    expect(outcomeLines(node, {...OWN, dst: '10.0.0.2'})).toBe('delivered: udp 10.0.1.2:4000 → 10.0.0.2:53')
  })
})

describe('targets', () => {
  it.each<[string, RuleLines, FlowWords, string]>([
    [
      'NETMAP keeps the host part',
      {nat: '-A PREROUTING -j NETMAP --to 192.168.0.0/16'},
      OUT,
      '10.0.9.9:4000 → 192.168.8.8:443',
    ],
    [
      'NETMAP of a single address',
      {nat: '-A PREROUTING -j NETMAP --to 192.168.7.7/32'},
      OUT,
      '10.0.9.9:4000 → 192.168.7.7:443',
    ],
    [
      '… the source in POSTROUTING',
      {nat: '-A POSTROUTING -j NETMAP --to 192.168.0.0/16'},
      OUT,
      '192.168.9.9:4000 → 8.8.8.8:443',
    ],
    ['… the source in INPUT', {nat: '-A INPUT -j NETMAP --to 192.168.0.0/16'}, IN, '192.168.9.9:4000 → 10.0.0.2:80'],
    [
      '… the destination in OUTPUT',
      {nat: '-A OUTPUT -j NETMAP --to 192.168.0.0/16'},
      OWN,
      '10.0.0.2:4000 → 192.168.8.8:53',
    ],
    [
      'REDIRECT in OUTPUT goes to 127.0.0.1',
      {nat: '-A OUTPUT -p udp -j REDIRECT --to-ports 99'},
      OWN,
      '10.0.0.2:4000 → 127.0.0.1:99',
    ],
    [
      'REDIRECT in PREROUTING to the first address of the device',
      {nat: '-A PREROUTING -p tcp -j REDIRECT --to-ports 99'},
      {...IN, dst: '10.0.1.2'},
      '9.9.9.9:4000 → 10.0.0.2:99',
    ],
  ])('%s', (_, rules, flow, expected) => {
    expect(packets(outcomeLines(tinyNode(rules), flow))).toBe(expected)
    expect(explainWords(tinyNode(rules), flow, {steps: false}).explanation.outcomes).toHaveLength(1)
  })

  it.each<[string, string, FlowWords, string]>([
    ['NETMAP', '-A PREROUTING -j NETMAP --to 2001:db8:77::/48', OUT6, '[2001:db8:9::9]:4000 → [2001:db8:77::8]:443'],
    [
      'REDIRECT in OUTPUT goes to ::1',
      '-A OUTPUT -p tcp -j REDIRECT --to-ports 99',
      {...OUT6, src: '2001:db8::2'},
      '2001:db8::2:4000 → ::1:99',
    ],
    [
      'REDIRECT to the first address',
      '-A PREROUTING -p tcp -j REDIRECT --to-ports 99',
      IN6,
      '2001:db8:ffff::8:4000 → 2001:db8::2:99',
    ],
    [
      '… to a link-local one of what was sent to one (nf_nat_redirect_ipv6)',
      '-A PREROUTING -p tcp -j REDIRECT --to-ports 99',
      {...IN6, src: 'fe80::1', dst: 'fe80::2'},
      'fe80::1:4000 → fe80::2:99',
    ],
    [
      'DNAT to a range mixes in what it has written',
      '-A PREROUTING -p tcp -j DNAT --to-destination 2001:db8::-2001:db8:0:3::ffff',
      OUT6,
      '2001:db8:9::9:4000 → 2001:db8:0:2:8886:952:da8f:8fda:443',
    ],
  ])('IPv6: %s', (_, rule, flow, expected) => {
    expect(packets(outcomeLines(tinyNode6({nat: rule}), flow)).replace(/[[\]]/g, '')).toBe(
      expected.replace(/[[\]]/g, ''),
    )
  })

  const ADDRESSES = `
    1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN
        inet 127.0.0.1/8 scope host lo
        inet6 ::1/128 scope host
    2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 state UP
        inet 10.0.0.2/24 brd 10.0.0.255 scope global eth0
        inet 10.0.5.2/24 brd 10.0.5.255 scope global eth0
        inet6 2001:db8::3/64 scope global tentative
        inet6 2001:db8::2/64 scope global
        inet6 fe80::2/64 scope link
    4: veth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 state UP
        inet6 fe80::99/64 scope link`

  it('REDIRECT passes over an address that is tentative', () => {
    const node = tinyNode6({nat: '-A PREROUTING -p tcp -j REDIRECT --to-ports 99'}, {'ip-addr.txt': ADDRESSES})
    expect(packets(outcomeLines(node, IN6))).toMatch(/→ \S*2001:db8::2\S*:99$/)
  })

  it.each([
    ['on the link: the address of that link', '10.0.5.7', '10.0.5.2:4000 → 10.0.5.7:443'],
    ['by a gateway: the address of its link', '8.8.8.8', '10.0.0.2:4000 → 8.8.8.8:443'],
  ])('MASQUERADE %s', (_, dst, expected) => {
    const routes = `
      default via 10.0.0.1 dev eth0
      10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2
      10.0.5.0/24 dev eth0 proto kernel scope link src 10.0.5.2
      10.0.9.9 dev veth0 scope link`
    const node = tinyNode({nat: '-A POSTROUTING -j MASQUERADE'}, {'ip-addr.txt': ADDRESSES, 'ip-route.txt': routes})
    expect(packets(outcomeLines(node, {...OUT, dst}))).toBe(expected)
  })

  it('MASQUERADE of a broadcast, for which no table was asked', () => {
    const node = tinyNode({nat: '-A POSTROUTING -p udp -j MASQUERADE'})
    expect(outcomeLines(node, {...OWN, src: '10.0.1.2', dst: '255.255.255.255'})).toBe(
      'forwarded by eth1: udp 10.0.1.2:4000 → 255.255.255.255:53',
    )
  })

  it.each([
    ['SNAT --to-source 10.0.0.2', 'source 10.0.9.9:4000 → 10.0.0.2:4000'],
    ['SNAT --to-source 10.0.0.2 --random-fully', 'source 10.0.9.9:4000 → 10.0.0.2 (random port)'],
    ['SNAT --to-source 10.0.0.2:5000-6000', 'source 10.0.9.9:4000 → 10.0.0.2 (random port)'],
    ['SNAT --to-source 10.0.0.2:5000-5000', 'source 10.0.9.9:4000 → 10.0.0.2:5000'],
    ['SNAT --to-source 10.0.9.9', 'source stays 10.0.9.9:4000'],
  ])('a step says what `%s` did', (target, expected) => {
    const step = (flow: FlowWords): JsonStep | undefined =>
      explainWords(tinyNode({nat: `-A POSTROUTING -p tcp -j ${target}`}), flow).explanation.outcomes[0]?.steps?.find(
        ({chain}) => chain === 'POSTROUTING',
      )
    expect(step(OUT)?.effect).toBe(expected)
    expect(step({...OUT, sport: null})?.effect).not.toContain('random')
  })
})
