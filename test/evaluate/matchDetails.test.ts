import type {NodeState} from '../../src/model/index.js'
import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {outcomeLines} from '../support/outcomeLines.js'
import {saveOf, tinyNode, tinyNode6} from '../support/tinyNode.js'

const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443}
const OUT6: FlowWords = {src: '2001:db8:9::9', dst: '2001:db8:ffff::8', proto: 'tcp', sport: 4000, dport: 443}
const IN: FlowWords = {src: '9.9.9.9', dst: '10.0.0.2', proto: 'tcp', sport: 4000, dport: 80, iif: 'eth0'}

const ends = (node: NodeState, flow: FlowWords): string[] =>
  outcomeLines(node, flow)
    .replace(/( by \w+)?: .*$/gm, '')
    .split('\n')

describe('recent, within one walk', () => {
  const rules = (...lines: string[]): string[] =>
    ends(tinyNode({raw: lines.map(line => `-A PREROUTING -i veth0 ${line}`).join('\n')}), OUT)
  const SET = '-m recent --set --name x --rsource'
  const CHECK = '-m recent --rcheck --name x --rsource'
  const REMOVE = '-m recent --remove --name x --rsource'

  it.each<[string, string[], string[]]>([
    ['who was put on the list is on it', [SET, `${CHECK} -j DROP`], ['dropped (FILTER_RULE)']],
    [
      'on that list alone',
      [SET, '-m recent --rcheck --name y --rsource -j DROP'],
      ['if dropped (FILTER_RULE)', 'unless forwarded'],
    ],
    [
      'and by that side alone',
      [SET, '-m recent --rcheck --name x --rdest -j DROP'],
      ['if dropped (FILTER_RULE)', 'unless forwarded'],
    ],
    ['who was taken off is not', [SET, REMOVE, `${CHECK} -j DROP`], ['forwarded']],
    ['to take off is true only of who is on it', [SET, `${REMOVE} -j DROP`], ['dropped (FILTER_RULE)']],
    ['put there twice: seen twice', [SET, SET, `${CHECK} --seconds 9 --hitcount 2 -j DROP`], ['dropped (FILTER_RULE)']],
    [
      'put there once: perhaps seen before',
      [SET, `${CHECK} --hitcount 2 -j DROP`],
      ['if dropped (FILTER_RULE)', 'unless forwarded'],
    ],
    [
      'taken off and put there: seen once',
      [REMOVE, SET, `${CHECK} --hitcount 2 -j DROP`],
      ['if forwarded', 'unless forwarded'],
    ],
    [
      'not on it, put there: seen once',
      [`${CHECK} -j ACCEPT`, SET, `${CHECK} --hitcount 2 -j DROP`],
      ['if forwarded', 'unless forwarded'],
    ],
    [
      '--update is a packet more',
      [SET, '-m recent --update --name x --rsource', `${CHECK} --hitcount 2 -j DROP`],
      ['dropped (FILTER_RULE)'],
    ],
    ['with the TTL it came with', [SET, `${CHECK} --rttl -j DROP`], ['dropped (FILTER_RULE)']],
    [
      'seen in 60 s is seen in 600 s; not in 60 s may be in 600 s',
      [`${CHECK} --seconds 60 -j ACCEPT`, `${CHECK} --seconds 600 -j DROP`],
      ['if forwarded', 'unless if dropped (FILTER_RULE)', 'unless unless forwarded'],
    ],
    [
      'not in 600 s is not in 60 s',
      [`${CHECK} --seconds 600 -j ACCEPT`, `${CHECK} --seconds 60 -j DROP`],
      ['if forwarded', 'unless forwarded'],
    ],
    [
      'not in 60 s may be at any time, unless reaped',
      [`${CHECK} -j MARK --set-mark 0x1`, `${CHECK} --seconds 60 --reap -j ACCEPT`, `${CHECK} -j DROP`],
      ['if if forwarded', 'if unless if dropped (FILTER_RULE)', 'if unless unless forwarded', 'unless forwarded'],
    ],
    [
      'who is not on it is in no way on it',
      [`${CHECK} -j ACCEPT`, '-m recent --rcheck --seconds 60 --hitcount 2 --name x --rsource -j DROP'],
      ['if forwarded', 'unless forwarded'],
    ],
    [
      'who is may not be often enough',
      [`${CHECK} -j RETURN`, `${CHECK} -j DROP`],
      ['if forwarded', 'unless forwarded'],
    ],
    [
      'a negated --set is false, and sets all the same',
      ['-m recent ! --set --name x --rsource -j DROP', `${CHECK} -j REJECT`],
      ['rejected (REJECT_RULE)'],
    ],
    [
      'a rule that fails before --set does not set',
      ['-m mark --mark 0x9 -m recent --set --name x --rsource', `${CHECK} -j DROP`],
      ['if dropped (FILTER_RULE)', 'unless forwarded'],
    ],
    [
      'a negated --update that holds may be a packet more',
      [
        `${CHECK} --hitcount 3 -j ACCEPT`,
        '-m recent ! --update --hitcount 3 --name x --rsource',
        `${CHECK} --hitcount 3 -j DROP`,
      ],
      ['if forwarded', 'unless if dropped (FILTER_RULE)', 'unless unless forwarded'],
    ],
    [
      'one that does not is none',
      [SET, '-m recent ! --update --name x --rsource', `${CHECK} --hitcount 2 -j DROP`],
      ['if dropped (FILTER_RULE)', 'unless forwarded'],
    ],
    [
      'an --update that fails is none',
      [REMOVE, '-m recent --update --hitcount 1 --name x --rsource', `${CHECK} -j DROP`],
      ['if forwarded', 'unless forwarded'],
    ],
    ['one that fails behind it does', [`${SET} -m mark --mark 0x9`, `${CHECK} -j DROP`], ['dropped (FILTER_RULE)']],
    [
      'between two that fail it is not asked',
      [`-m mark --mark 0x9 ${SET} -m mark --mark 0x8`, `${CHECK} -j DROP`],
      ['if dropped (FILTER_RULE)', 'unless forwarded'],
    ],
    [
      'what every rule has a field for is asked first, wherever it stands',
      [`${SET} ! -s 10.0.9.9`, `${SET} -p udp`, `${SET} -i eth1`, `${CHECK} -j DROP`],
      ['if dropped (FILTER_RULE)', 'unless forwarded'],
    ],
    ['--remove before what fails takes off', [SET, `${REMOVE} -m mark --mark 0x9`, `${CHECK} -j DROP`], ['forwarded']],
    [
      '--rcheck before what fails asks nobody',
      [`${CHECK} -m mark --mark 0x9 -j DROP`, SET, `${CHECK} --hitcount 2 -j DROP`],
      ['if dropped (FILTER_RULE)', 'unless forwarded'],
    ],
    [
      'an open condition before --set is asked though a later one fails',
      [`-m set --match-set s src ${SET} -m mark --mark 0x9`, `${CHECK} -j DROP`],
      ['if dropped (FILTER_RULE)', 'unless if dropped (FILTER_RULE)', 'unless unless forwarded'],
    ],
    [
      'an open condition behind the last --set is not',
      [`${SET} -m set --match-set s src -m mark --mark 0x9`, `${CHECK} -j DROP`],
      ['dropped (FILTER_RULE)'],
    ],
    [
      'one rule takes off, puts on and finds',
      [REMOVE, `${SET} -m recent --rcheck --name x --rsource -j DROP`],
      ['if dropped (FILTER_RULE)', 'unless dropped (FILTER_RULE)'],
    ],
    [
      'also in a long chain, which is indexed by ports',
      [
        ...Array.from({length: 20}, (_, i) => `-p tcp -m tcp --dport ${i + 1} -j DROP`),
        `${SET} -p tcp -m tcp --dport 99`,
        `${CHECK} -j DROP`,
      ],
      ['dropped (FILTER_RULE)'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(rules(...lines)).toEqual(expected)
  })

  it.each<[string, Parameters<typeof tinyNode>[0], FlowWords, string[]]>([
    [
      'in FORWARD',
      {raw: `-A PREROUTING ${SET}`, filter: `-A FORWARD ${CHECK} --rttl -j DROP`},
      OUT,
      ['dropped (FILTER_RULE)'],
    ],
    [
      'in POSTROUTING',
      {raw: `-A PREROUTING ${SET}`, mangle: `-A POSTROUTING ${CHECK} --rttl -j DROP`},
      OUT,
      ['dropped (FILTER_RULE)'],
    ],
    [
      'set in FORWARD',
      {filter: `-A FORWARD ${SET}`, mangle: `-A POSTROUTING ${CHECK} --rttl -j DROP`},
      OUT,
      ['dropped (FILTER_RULE)'],
    ],
    [
      'of what the node sends',
      {raw: `-A OUTPUT ${SET}`, mangle: `-A POSTROUTING ${CHECK} --rttl -j DROP`},
      {...OUT, src: '10.0.0.2'},
      ['dropped (FILTER_RULE)'],
    ],
    [
      'not where a rule changed it',
      {
        raw: `-A PREROUTING ${SET}`,
        mangle: '-A PREROUTING -j TTL --ttl-set 9',
        filter: `-A FORWARD ${CHECK} --rttl -j DROP`,
      },
      OUT,
      ['forwarded'],
    ],
  ])('--rttl asks for the TTL that the packet came with: %s', (_, lines, flow, expected) => {
    expect(ends(tinyNode(lines), flow)).toEqual(expected)
  })

  it('what every rule has a field for is asked first in ip6tables, too', () => {
    const node = tinyNode6({
      raw: [`-A PREROUTING -i veth0 ${SET} -p udp`, `-A PREROUTING -i veth0 ${CHECK} -j DROP`].join('\n'),
    })
    expect(ends(node, OUT6)).toEqual(['if dropped (FILTER_RULE)', 'unless forwarded'])
  })

  it('the miss of a rule that wrote a list names what failed', () => {
    const node = tinyNode({raw: `-A PREROUTING -i veth0 ${SET} -m mark --mark 0x9 -j DROP`})
    const {explanation} = explainWords(node, OUT, {misses: true})
    const misses = (explanation.outcomes[0]?.steps ?? []).filter(step => step.kind === 'chain-miss')
    expect(misses.map(step => step.effect)).toEqual(['mark 0x0 against 0x9'])
  })

  it('the condition says list, time and count', () => {
    const node = tinyNode({
      raw: '-A PREROUTING -i veth0 -m recent --update --seconds 60 --hitcount 3 --name x --rdest -j DROP',
    })
    expect(explainWords(node, OUT).explanation.outcomes[0]?.conditions).toEqual([
      'if the destination address is on the list `x` of -m recent (seen in the last 60 s) (at least 3 times)',
    ])
  })
})

describe('statistic nth, within one walk', () => {
  it('the second pass of one rule is counted from the first hit', () => {
    const lines = [
      '-A PREROUTING -i veth0 -j A',
      '-A PREROUTING -i veth0 -j A',
      '-A A -m statistic --mode nth --every 3 --packet 0 -j MARK --set-mark 0x1',
    ]
    const node = tinyNode({mangle: [...lines, '-A PREROUTING -m mark --mark 0x1'].join('\n')})
    const marks = explainWords(node, OUT).explanation.outcomes.map(({steps, conditions}) => [
      steps?.filter(({chain}) => chain === 'A').length,
      conditions.length,
    ])
    // every third: hit and then not again; not, then hit or not
    expect(marks).toEqual([
      [1, 1],
      [1, 2],
      [0, 2],
    ])
  })
})

describe('realm', () => {
  const node = (realm: string, routes: string): NodeState =>
    tinyNode({filter: `-A FORWARD -i veth0 -m realm --realm ${realm} -j DROP`}, {'ip-route.txt': routes})
  const PLAIN =
    'default via 10.0.0.1 dev eth0\n10.0.9.9 dev veth0 scope link\n10.0.0.0/24 dev eth0 scope link src 10.0.0.2\n'

  it('0 is certain while no route has another', () => {
    expect(ends(node('0x0', PLAIN), OUT)).toEqual(['dropped (FILTER_RULE)'])
    expect(ends(node('0x0', PLAIN.replace('dev eth0\n', 'dev eth0 realms 5/6\n')), OUT)).toEqual([
      'if dropped (FILTER_RULE)',
      'unless forwarded',
    ])
  })

  it('… printed `realm 5` where the source has none', () => {
    expect(ends(node('0x0', PLAIN.replace('dev eth0\n', 'dev eth0 realm 5\n')), OUT)).toEqual([
      'if dropped (FILTER_RULE)',
      'unless forwarded',
    ])
  })

  it('two rules that ask for 0 get one answer', () => {
    const twice = tinyNode(
      {
        filter:
          '-A FORWARD -i veth0 -m realm --realm 0x0 -j MARK --set-mark 0x1\n-A FORWARD -i veth0 -m realm ! --realm 0x0 -j DROP',
      },
      {'ip-route.txt': PLAIN.replace('dev eth0\n', 'dev eth0 realms 5/6\n')},
    )
    expect(ends(twice, OUT)).toEqual(['if forwarded', 'unless dropped (FILTER_RULE)'])
  })
})

describe('IPv6 addresses', () => {
  it('under a mask with holes', () => {
    const node = tinyNode6({filter: '-A FORWARD -s 2001:db8::9/ffff:ffff::ffff -j DROP'})
    expect(ends(node, OUT6)).toEqual(['dropped (FILTER_RULE)'])
    expect(ends(node, {...OUT6, src: '2001:db8:9::8', iif: 'veth0'})).toEqual(['forwarded'])
  })

  it('in ranges', () => {
    const node = tinyNode6({filter: '-A FORWARD -m iprange --src-range 2001:db8:9::1-2001:db8:9::9 -j DROP'})
    expect(ends(node, OUT6)).toEqual(['dropped (FILTER_RULE)'])
    expect(ends(node, {...OUT6, src: '2001:db8:9::a', iif: 'veth0'})).toEqual(['forwarded'])
  })

  it.each([
    ['2001:db8::2', 'UNICAST', true],
    ['2001:db8::77', 'UNICAST', true],
    ['2001:db8::2', 'UNICAST,LOCAL', true],
    ['2001:db8::77', 'UNICAST,LOCAL', false],
    ['2001:db8::2', 'LOCAL', true],
    ['2001:db8::77', 'LOCAL', false],
    ['2001:db8::', 'ANYCAST', true],
    ['2001:db8::', 'LOCAL', false],
    ['2001:db8::2', 'ANYCAST,LOCAL', true],
    ['2001:db8::2', 'ANYCAST', false],
    ['ff02::5', 'MULTICAST', true],
    ['ff02::5', 'UNICAST', false],
    ['2001:db8::2', 'MULTICAST', false],
    ['2001:db8::2', 'UNSPEC', false],
    ['2001:db8:bad::1', 'UNREACHABLE', true],
    ['2001:db8::77', 'UNREACHABLE', false],
    ['2001:db8::2', 'LOCAL --limit-iface-in', true],
    ['fe80::99', 'LOCAL --limit-iface-in', false],
  ])('addrtype: %s is %s: %s', (dst, type, expected) => {
    const save = saveOf({raw: `-A PREROUTING -m addrtype --dst-type ${type} -j DROP`}, 'ip6tables-save')
    const routes =
      '2001:db8::/64 dev eth0 proto kernel metric 256 pref medium\nunreachable 2001:db8:bad::/48 dev lo metric 1024 pref medium\n2001:db8:9::9 dev veth0 metric 1024 pref medium\ndefault via fe80::1 dev eth0 metric 1024 pref medium'
    const node = tinyNode({}, {'ip6tables-save.txt': save, 'ip-route6.txt': routes})
    const dropped = ends(node, {...OUT6, src: '2001:db8:ffff::8', dst, iif: 'eth0'})[0] === 'dropped (FILTER_RULE)'
    expect(dropped).toBe(expected)
  })

  it('addrtype UNSPEC is ::', () => {
    const node = tinyNode6({
      raw: '-A PREROUTING -m addrtype --src-type UNSPEC -j DROP\n-A PREROUTING -m addrtype --src-type UNICAST -j REJECT',
    })
    expect(ends(node, {...OUT6, src: '::', iif: 'eth0'})).toEqual(['dropped (FILTER_RULE)'])
    expect(ends(node, OUT6)).toEqual(['rejected (REJECT_RULE)'])
  })
})

describe('conntrack ports of an open flow', () => {
  it('branch', () => {
    const node = tinyNode({filter: '-A FORWARD -i veth0 -m conntrack --ctorigdstport 443 -j DROP'})
    expect(ends(node, {...OUT, dport: null})).toEqual(['if dropped (FILTER_RULE)', 'unless forwarded'])
    expect(explainWords(node, {...OUT, dport: null}).explanation.outcomes[0]?.conditions[0]).toMatch(
      /^if the connection's original destination port is 443/,
    )
  })
})

describe('packets without a connection', () => {
  it.each([
    ['-m conntrack --ctdir ORIGINAL', 'forwarded'],
    ['-m conntrack ! --ctdir ORIGINAL', 'forwarded'],
    ['-m conntrack --ctproto 6', 'forwarded'],
    ['-m conntrack ! --ctorigsrc 1.1.1.1', 'forwarded'],
    ['-m conntrack ! --ctorigdstport 1', 'forwarded'],
    ['-m conntrack ! --ctstatus ASSURED', 'forwarded'],
    ['-m connmark ! --mark 0x1', 'forwarded'],
    ['-m conntrack --ctstate INVALID --ctdir REPLY', 'dropped (FILTER_RULE)'],
    ['-m conntrack --ctstate INVALID --ctorigdstport 1', 'dropped (FILTER_RULE)'],
    ['-m conntrack --ctstate NEW --ctdir REPLY', 'forwarded'],
  ])('%s', (match, expected) => {
    expect(ends(tinyNode({filter: `-A FORWARD ${match} -j DROP`}), {...OUT, ctState: 'INVALID'})).toEqual([expected])
  })
})

describe('rpfilter', () => {
  const drops = (options: string, flow: FlowWords, documents: Record<string, string> = {}): boolean =>
    ends(tinyNode({raw: `-A PREROUTING -m rpfilter ${options}--invert -j DROP`}, documents), flow)[0] ===
    'dropped (FILTER_RULE)'

  it('passes what comes by lo, and 0.0.0.0 to the link', () => {
    expect(drops('', {...OUT, src: null, dst: '10.0.0.2'})).toBe(false)
    expect(drops('', {...IN, src: '0.0.0.0', dst: '255.255.255.255', proto: 'udp'})).toBe(false)
    expect(drops('', {...IN, src: '0.0.0.0', dst: '10.0.0.9', proto: 'udp', iif: 'eth1'})).toBe(true)
  })

  it('loose wants a route at all', () => {
    const noDefault = {'ip-route.txt': '10.0.0.0/24 dev eth0 scope link src 10.0.0.2\n10.0.9.9 dev veth0 scope link\n'}
    expect(drops('--loose ', IN, noDefault)).toBe(true)
    expect(drops('--loose ', {...IN, iif: 'eth1'})).toBe(false)
    expect(drops('', {...IN, iif: 'eth1'})).toBe(true)
  })

  it('IPv6 likewise, and :: passes', () => {
    const node = tinyNode6({raw: '-A PREROUTING -m rpfilter --invert -j DROP'})
    expect(ends(node, OUT6)).toEqual(['forwarded'])
    expect(ends(node, {...OUT6, iif: 'eth0'})).toEqual(['dropped (FILTER_RULE)'])
    expect(ends(node, {...OUT6, src: '::', iif: 'eth0'})[0]).not.toBe('dropped (FILTER_RULE)')
  })
})

describe('rules and routes of their own kind', () => {
  it('dscp selectors of a rule', () => {
    const node = tinyNode(
      {},
      {
        'ip-rule.txt':
          '0: from all lookup local\n100: from all dscp 46 prohibit\n32766: from all lookup main\n32767: from all lookup default',
      },
    )
    expect(ends(node, {...OUT, dscp: 46})).toEqual(['unroutable (PROHIBIT)'])
    expect(ends(node, OUT)).toEqual(['forwarded'])
  })

  it('IPv6 routes that are for some sources alone', () => {
    const routes =
      'unreachable 2001:db8:ffff::/48 from 2001:db8:9::9 dev lo metric 1 pref medium\n2001:db8:9::9 dev veth0 metric 1024 pref medium\ndefault via fe80::1 dev eth0 metric 1024 pref medium'
    const node = tinyNode({}, {'ip-route6.txt': routes})
    expect(ends(node, OUT6)).toEqual(['unroutable (UNREACHABLE)'])
    expect(ends(node, {...OUT6, src: '2001:db8:9::8', iif: 'veth0'})).toEqual(['forwarded'])
  })

  it('multipath: one branch a next hop, by weight', () => {
    const routes =
      '8.8.8.8 proto static\n\tnexthop via 10.0.0.1 dev eth0 weight 1\n\tnexthop via 10.0.1.1 dev eth1 weight 3\n10.0.9.9 dev veth0 scope link\n10.0.0.0/24 dev eth0 scope link src 10.0.0.2\ndefault via 10.0.0.1 dev eth0\n'
    const {outcomes} = explainWords(tinyNode({}, {'ip-route.txt': routes}), OUT).explanation
    expect(
      outcomes.map(({probability, egress, conditions}) => [probability, egress?.interface, ...conditions]),
    ).toEqual([
      [0.75, 'eth1', 'by the hash of the flow, which picks the next hop of the multipath route'],
      [0.25, 'eth0', 'by the hash of the flow, which picks the next hop of the multipath route'],
    ])
    const bound = explainWords(tinyNode({}, {'ip-route.txt': routes}), {
      src: null,
      dst: '8.8.8.8',
      proto: 'udp',
      oif: 'eth1',
    }).explanation.outcomes
    expect(bound.map(({egress}) => egress?.interface)).toEqual(['eth1'])
  })

  it('a next hop that is dead does not count', () => {
    const routes =
      '8.8.8.8 proto static\n\tnexthop via 10.0.0.1 dev eth0 weight 1 dead linkdown\n\tnexthop via 10.0.1.1 dev eth1 weight 3\n10.0.9.9 dev veth0 scope link\ndefault via 10.0.0.1 dev eth0\n'
    expect(outcomeLines(tinyNode({}, {'ip-route.txt': routes}), OUT)).toMatch(/^forwarded by eth1/)
  })

  it('multicast from a wire: 224.0.0.1 is everybody’s, others ask whether the node joined', () => {
    const udp = {...IN, src: '10.0.0.7', proto: 'udp'}
    expect(ends(tinyNode(), {...udp, dst: '224.0.0.1'})).toEqual(['delivered'])
    expect(ends(tinyNode(), {...udp, dst: '239.1.1.1'})).toEqual([
      'if delivered',
      'unless unroutable (NOT_FORWARDABLE)',
    ])
    const udp6 = {...OUT6, src: 'fe80::77', iif: 'eth0', proto: 'udp'}
    expect(ends(tinyNode(), {...udp6, dst: 'ff02::1'})).toEqual(['delivered'])
    expect(ends(tinyNode(), {...udp6, dst: 'ff02::5'})).toEqual(['if delivered', 'unless dropped (NOT_FORWARDABLE)'])
  })

  it.each([
    ['239.1.1.1', 'MARTIAN_SOURCE'],
    ['255.255.255.255', 'MARTIAN_SOURCE'],
    ['0.0.0.9', 'MARTIAN_SOURCE'],
    ['10.0.0.255', 'MARTIAN_SOURCE'],
  ])('a packet from %s', (src, reason) => {
    expect(
      ends(
        tinyNode(
          {},
          {
            'ip-rule.txt':
              '0: from all lookup local\n100: from 1.1.1.1 lookup main\n32766: from all lookup main\n32767: from all lookup default',
          },
        ),
        {...IN, src},
      ),
    ).toEqual([`dropped (${reason})`])
  })

  it('a packet to 0.0.0.9, or from 0.0.0.0 to 0.0.0.0', () => {
    expect(ends(tinyNode(), {...IN, dst: '0.0.0.9'})).toEqual(['dropped (MARTIAN_DESTINATION)'])
    expect(ends(tinyNode(), {...IN, src: '0.0.0.0', dst: '0.0.0.0', proto: 'udp'})).toEqual(['delivered'])
  })
})

describe('the kind of frame', () => {
  it.each<[string, NodeState, FlowWords]>([
    [
      'IPv4',
      tinyNode({filter: '-A INPUT -m pkttype --pkt-type multicast -j DROP'}),
      {...OUT, proto: 'udp', dst: '224.0.0.1'},
    ],
    [
      'IPv6, also where no local table is listed',
      tinyNode6({filter: '-A INPUT -m pkttype --pkt-type multicast -j DROP'}),
      {...OUT6, proto: 'udp', dst: 'ff02::1'},
    ],
  ])('to a group it may be addressed to the group or to the device: %s', (_, node, flow) => {
    expect(ends(node, flow)).toEqual(['if dropped (FILTER_RULE)', 'unless delivered'])
  })
})
