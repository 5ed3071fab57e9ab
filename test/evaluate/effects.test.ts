import type {JsonStep} from '../../src/model/index.js'
import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {type RuleLines, saveOf, tinyNode} from '../support/tinyNode.js'

const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443, mark: 0xf0}
const IN: FlowWords = {src: '9.9.9.9', dst: '10.0.0.2', proto: 'tcp', sport: 4000, dport: 80, iif: 'eth0'}

const stepsOf = (rules: RuleLines, flow = OUT, documents: Record<string, string | null> = {}): JsonStep[] =>
  explainWords(tinyNode(rules, documents), flow).explanation.outcomes[0]?.steps ?? []

/** `TARGET: effect` of the rules of one table. */
const effects = (rules: RuleLines, flow = OUT): string[] =>
  stepsOf(rules, flow).flatMap(({kind, target, effect}) =>
    kind === 'chain-rule' ? [`${target ?? '-'}: ${effect}`] : [],
  )

describe('a step says what its rule did', () => {
  it.each([
    ['-p tcp', '-: only counts'],
    ['-j LOG', 'LOG: '],
    ['-j ACCEPT', 'ACCEPT: '],
    ['-j RETURN', 'RETURN: '],
    ['-j MARK --set-mark 0x1/0xf', 'MARK: mark 0xf0 → 0xf1'],
    ['-j MARK --set-mark 0xf0', 'MARK: mark stays 0xf0'],
    ['-j CONNMARK --set-mark 0x7', 'CONNMARK: connection mark is now 0x7'],
    ['-j CONNMARK --save-mark', 'CONNMARK: connection mark is now 0xf0, saved from the packet'],
    ['-j CONNMARK --restore-mark', 'CONNMARK: mark 0xf0 → 0x0, from the connection mark'],
    ['-j CONNMARK --restore-mark --nfmask 0x1 --ctmask 0x1', 'CONNMARK: mark stays 0xf0: the connection mark is 0x0'],
    ['-j DSCP --set-dscp 0x0a', 'DSCP: DSCP is now 10'],
    ['-j TOS --set-tos 0x10', 'TOS: TOS is now 0x10'],
    ['-j TTL --ttl-inc 1', 'TTL: TTL is now 65'],
    ['-j TTL --ttl-inc 250', 'TTL: TTL is now 255'],
    ['-j TTL --ttl-dec 2', 'TTL: TTL is now 62'],
    ['-j SET --add-set web src', 'SET: changes the ipset web'],
    ['-j SET --del-set web src', 'SET: changes the ipset web'],
  ])('mangle: %s', (rule, expected) => {
    expect(effects({mangle: `-A PREROUTING ${rule}`})).toEqual([expected])
  })

  it.each(['--set-mark 0x7', '--save-mark', '--restore-mark'])(
    'CONNMARK %s without a connection does nothing',
    option => {
      const nothing = 'CONNMARK: does nothing: the packet belongs to no tracked connection'
      expect(effects({mangle: `-A PREROUTING -j CONNMARK ${option}`}, {...OUT, ctState: 'INVALID'})).toEqual([nothing])
      expect(effects({raw: `-A PREROUTING -j CONNMARK ${option}`})).toEqual([nothing])
    },
  )

  it('NOTRACK, once, and in raw alone', () => {
    const told = 'NOTRACK: the packet is not tracked: no connection state, no NAT'
    expect(
      effects({
        raw: '-A PREROUTING -j NOTRACK\n-A PREROUTING -j CT --notrack',
        filter: '-A INPUT -m state --state NEW',
      }),
    ).toEqual([told, 'NOTRACK: '])
  })

  it('a jump names the chain, a goto too', () => {
    expect(effects({mangle: '-A PREROUTING -j A\n-A A -g B\n-A B -p udp'})).toEqual(['A: ', 'B: '])
  })

  it('NAT', () => {
    const nat = (rule: string, flow = OUT): string[] => effects({nat: rule}, flow)
    expect(nat('-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.7:80')).toEqual([
      'DNAT: destination 8.8.8.8:443 → 10.0.0.7:80',
    ])
    expect(nat('-A PREROUTING -j NETMAP --to 10.0.0.0/24')).toEqual(['NETMAP: destination 8.8.8.8:443 → 10.0.0.8:443'])
    expect(nat('-A POSTROUTING -j NETMAP --to 10.0.7.0/24')).toEqual(['NETMAP: source 10.0.9.9:4000 → 10.0.7.9:4000'])
    expect(nat('-A POSTROUTING -j MASQUERADE')).toEqual(['MASQUERADE: source 10.0.9.9:4000 → 10.0.0.2:4000'])
    expect(nat('-A PREROUTING -p tcp -j REDIRECT --to-ports 9', IN)).toEqual([
      'REDIRECT: destination 10.0.0.2:80 → 10.0.0.2:9',
    ])
    expect(nat('-A PREROUTING -j REDIRECT')).toEqual([
      'REDIRECT: dropped: the device the packet came in by has no address to redirect to',
    ])
    const none = stepsOf({nat: '-A POSTROUTING -j MASQUERADE'}, OUT, {
      'ip-addr.txt':
        '1: lo: <UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <UP> mtu 9001\n4: veth0: <UP> mtu 9001',
    })
    expect(none.at(-1)?.effect).toBe('dropped: no interface has an address to masquerade with')
  })

  it('an IPv6 endpoint has brackets', () => {
    const save = saveOf({nat: '-A PREROUTING -p tcp -j DNAT --to-destination [2001:db8::7]:80'}, 'ip6tables-save')
    const steps = stepsOf(
      {},
      {src: '2001:db8:9::9', dst: '2001:db8:ffff::8', proto: 'tcp', sport: 4000, dport: 443},
      {'ip6tables-save.txt': save},
    )
    expect(steps.find(({target}) => target === 'DNAT')).toMatchObject({
      effect: 'destination [2001:db8:ffff::8]:443 → [2001:db8::7]:80',
      family: 'ip6',
    })
  })
})

describe('steps cite', () => {
  it('the rule: place, number, text and line', () => {
    const [step] = stepsOf({mangle: '-A PREROUTING -p tcp -j MARK --set-mark 0x1'})
    expect(step).toEqual({
      stage: 'mangle/PREROUTING',
      kind: 'chain-rule',
      backend: 'iptables-legacy',
      family: 'ip',
      table: 'mangle',
      chain: 'PREROUTING',
      rule: 1,
      target: 'MARK',
      text: '-A PREROUTING -p tcp -j MARK --set-mark 0x1',
      effect: 'mark 0xf0 → 0x1',
      source: {document: 'iptables-save.txt', line: 8},
    })
  })

  it('a policy that drops, with the line of its chain', () => {
    expect(stepsOf({filter: ':FORWARD DROP'}).at(-1)).toMatchObject({
      kind: 'chain-policy',
      stage: 'filter/FORWARD',
      chain: 'FORWARD',
      rule: null,
      target: 'DROP',
      text: ':FORWARD DROP [0:0]',
      effect: 'no rule decided: the policy of the chain drops the packet',
      source: {document: 'iptables-save.txt', line: 4},
    })
  })

  it('the policy rule and the route', () => {
    expect(stepsOf({}).slice(0, 2)).toMatchObject([
      {
        kind: 'ip-rule',
        stage: 'routing',
        target: 'lookup main',
        text: '32766: from all lookup main',
        source: {document: 'ip-rule.txt', line: 2},
      },
      {
        kind: 'route',
        stage: 'routing',
        target: 'unicast',
        text: 'default via 10.0.0.1 dev eth0',
        effect: 'eth0 via 10.0.0.1',
        source: {document: 'ip-route.txt', line: 1},
      },
    ])
    const none = stepsOf({}, OUT, {'ip-route.txt': '10.0.9.9 dev veth0 scope link\n'})
    expect(none.at(-1)).toMatchObject({kind: 'ip-rule', effect: 'no policy rule leads to a route', source: null})
    const prohibited = stepsOf({}, OUT, {'ip-route.txt': 'prohibit 8.8.8.8\n10.0.9.9 dev veth0 scope link\n'})
    expect(prohibited.at(-1)).toMatchObject({kind: 'route', target: 'prohibit', effect: '', text: 'prohibit 8.8.8.8'})
  })

  it('local delivery, with the route that makes the address local', () => {
    expect(stepsOf({}, IN).at(-1)).toMatchObject({
      kind: 'local-delivery',
      stage: 'local-delivery',
      effect: 'delivered to the node',
      text: expect.stringContaining('inet 10.0.0.2/24') as string,
    })
  })

  it('why forwarding was refused', () => {
    const last = (flow: FlowWords, sysctl: string): JsonStep | undefined =>
      stepsOf({}, flow, {'sysctl.txt': sysctl}).at(-1)
    expect(last(OUT, 'net.ipv4.ip_forward = 0')).toMatchObject({
      kind: 'forwarding',
      stage: 'routing',
      target: 'FORWARDING_DISABLED',
      effect: 'forwarding is off on veth0 (ip_forward = 0)',
    })
    expect(last({...OUT, ttl: 1}, 'net.ipv4.ip_forward = 1')).toMatchObject({
      kind: 'forwarding',
      target: 'TTL_EXCEEDED',
      effect: 'the TTL is 1: time exceeded (ICMP 11/0), before FORWARD',
    })
    expect(
      last({src: '2001:db8:9::9', dst: '2001:db8:ffff::8', proto: 'udp', ttl: 1}, 'net.ipv6.conf.all.forwarding = 1')
        ?.effect,
    ).toBe('the TTL is 1: time exceeded (ICMPv6 3/0), before FORWARD')
  })

  it('what source validation found', () => {
    const validation = (iif: string, mode: number): (string | undefined)[] =>
      stepsOf(
        {},
        {...IN, dst: '10.0.9.9', iif},
        {'sysctl.txt': `net.ipv4.ip_forward = 1\nnet.ipv4.conf.${iif}.rp_filter = ${mode}`},
      )
        .filter(({kind}) => kind === 'source-validation')
        .map(({target, effect, source}) => `${target ?? ''}: ${effect} (${source?.document}:${source?.line})`)
    expect(validation('eth0', 1)).toEqual(['rp_filter 1: the way back to the source is eth0: fine (ip-route.txt:1)'])
    expect(validation('eth1', 2)).toEqual([
      'rp_filter 2: loose: the source is reachable, by another device (ip-route.txt:1)',
    ])
    expect(validation('eth1', 1)).toEqual([
      'drop: no way back to the source by eth1 (rp_filter = 1): the way back is eth0 (ip-route.txt:1)',
    ])
    expect(validation('eth0', 0)).toEqual([])
  })

  it('the source that the kernel picks', () => {
    const picked = stepsOf({}, {src: null, dst: '8.8.8.8', proto: 'udp'}).filter(
      ({kind}) => kind === 'source-selection',
    )
    expect(picked).toMatchObject([
      {stage: 'routing', effect: 'the kernel picks the source 10.0.0.2', source: {document: 'ip-route.txt', line: 1}},
    ])
    const picked6 = stepsOf({}, {src: null, dst: '2001:db8:ffff::8', proto: 'udp'}).filter(
      ({kind}) => kind === 'source-selection',
    )
    expect(picked6.map(({effect}) => effect)).toEqual(['the kernel picks the source 2001:db8::2'])
  })

  it('conntrack: what is not a new connection', () => {
    const said = (flow: FlowWords): string[] =>
      stepsOf({filter: '-A FORWARD -m state --state NEW'}, flow).flatMap(({kind, target, effect}) =>
        kind === 'conntrack' ? [`${target ?? ''}: ${effect}`] : [],
      )
    expect(said(OUT)).toEqual([])
    expect(said({...OUT, tcpFlags: 'RST'})).toEqual(['INVALID: INVALID: no connection can begin with this packet'])
    expect(said({...OUT, ctState: 'UNTRACKED'})).toEqual(['UNTRACKED: UNTRACKED'])
    expect(said({...OUT, ctState: 'ESTABLISHED'})).toEqual([
      'ESTABLISHED: ESTABLISHED, original direction: tcp 10.0.9.9:4000 → 8.8.8.8:443',
    ])
  })

  it('the neighbour of the next hop, where it is known', () => {
    const egress = (neigh: string | null, dst = '8.8.8.8') =>
      explainWords(tinyNode({}, {'ip-neigh.txt': neigh}), {...OUT, dst}).explanation.outcomes[0]?.egress
    const table =
      '10.0.0.1 dev eth0 lladdr 0a:ff:00:00:00:01 REACHABLE\n10.0.0.7 dev eth0  FAILED\n10.0.0.8 dev eth1 lladdr 0a:ff:00:00:00:08 STALE'
    expect(egress(table)).toEqual({
      interface: 'eth0',
      nextHop: '10.0.0.1',
      mac: '0a:ff:00:00:00:01',
      neighbourState: 'REACHABLE',
      eni: null,
      pod: null,
    })
    expect(egress(table, '10.0.0.7')).toMatchObject({nextHop: '10.0.0.7', mac: null, neighbourState: 'FAILED'})
    expect(egress(table, '10.0.0.8')).toMatchObject({nextHop: '10.0.0.8', mac: null, neighbourState: null})
    expect(egress(null)).toMatchObject({nextHop: '10.0.0.1', mac: null, neighbourState: null})
  })
})

describe('the index of a long chain', () => {
  /** Rules of every kind, shuffled by a fixed stride: walked with the index and without (--misses), they must match alike. */
  const kinds = [
    (i: number) => `-d 8.8.8.${i % 5}/32`,
    (i: number) => `-d 8.8.8.${i % 5}/32 -p tcp -m tcp --dport ${i % 7}`,
    (i: number) => `-p tcp -m tcp --dport ${i % 7}`,
    (i: number) => `-p tcp -m tcp ! --dport ${i % 7}`,
    (i: number) => `! -d 8.8.8.${i % 5}/32`,
    (i: number) => `-p tcp -m tcp --dport ${i % 7}:9`,
    (i: number) => `-d 8.8.8.0/${24 + (i % 8)}`,
    (i: number) => `-p udp -m udp --dport ${i % 7}`,
    () => '-i veth0',
  ]
  const chainOf = (length: number): string =>
    Array.from(
      {length},
      (_, i) => `-A FORWARD ${(kinds[(i * 7) % kinds.length] ?? String)(i)} -j MARK --xor-mark ${i + 1}`,
    ).join('\n')

  it.each([1, 11, 12, 13, 60])('%i rules: the same rules match in the same order', length => {
    const node = tinyNode({filter: chainOf(length)})
    for (const dst of ['8.8.8.0', '8.8.8.3', '8.8.8.200', '1.1.1.1']) {
      for (const dport of [0, 3, 6, 8, 443]) {
        for (const proto of ['tcp', 'udp']) {
          const flow = {...OUT, dst, dport, proto}
          const matched = (misses: boolean): (number | null)[] =>
            (explainWords(node, flow, {misses}).explanation.outcomes[0]?.steps ?? []).flatMap(({kind, rule}) =>
              kind === 'chain-rule' ? [rule] : [],
            )
          expect({flow, rules: matched(false)}).toEqual({flow, rules: matched(true)})
        }
      }
    }
  })
})
