import {parseAddress, parsePrefix} from '../../../src/net/index.js'
import type {Match, Target} from '../../../src/model/index.js'
import {codes, rule} from './support.js'

const prefix = (text: string) => parsePrefix(text)!
const address = (text: string) => parseAddress(text)!
const not = {negated: true} as const
const is = {negated: false} as const
const port = (min: number, max = min) => ({min, max})
const flags = {random: false, fullyRandom: false, persistent: false}
const tcp: Match = {kind: 'protocol', ...is, protocol: 6}

describe('matches', () => {
  it.each<[string, Match[]]>([
    ['-s 10.0.0.0/8', [{kind: 'source', ...is, prefix: prefix('10.0.0.0/8')}]],
    ['! -d 10.0.0.1/32', [{kind: 'destination', ...not, prefix: prefix('10.0.0.1')}]],
    ['-s ! 10.0.0.0/255.0.0.0', [{kind: 'source', ...not, prefix: prefix('10.0.0.0/8')}]],
    [
      '-s 10.0.9.1/255.0.255.0',
      [{kind: 'source', ...is, prefix: {address: address('10.0.9.0'), mask: address('255.0.255.0')} as never}],
    ],
    [
      '-i eni+ ! -o vlan+',
      [
        {kind: 'in-interface', ...is, name: 'eni', wildcard: true},
        {kind: 'out-interface', ...not, name: 'vlan', wildcard: true},
      ],
    ],
    ['-i + -o lo', [{kind: 'out-interface', ...is, name: 'lo', wildcard: false}]],
    ['-p tcp', [tcp]],
    ['! -p 47', [{kind: 'protocol', ...not, protocol: 47}]],
    ['-p all', []],
    ['! -f', [{kind: 'fragment', ...not}]],
    ['-p tcp -m tcp --dport 80', [tcp, {kind: 'destination-port', ...is, range: port(80)}]],
    ['-p tcp --dport 80', [tcp, {kind: 'destination-port', ...is, range: port(80)}]],
    ['-p tcp -m tcp --sport ! 1:1023', [tcp, {kind: 'source-port', ...not, range: port(1, 1023)}]],
    [
      '-p tcp -m tcp ! --sport :1023 --dport 1024:',
      [
        tcp,
        {kind: 'source-port', ...not, range: port(0, 1023)},
        {kind: 'destination-port', ...is, range: port(1024, 65535)},
      ],
    ],
    ['-p tcp -m tcp --syn', [tcp, {kind: 'tcp-flags', ...is, mask: 0x17, flags: 0x02}]],
    ['-p tcp -m tcp ! --tcp-flags ALL NONE', [tcp, {kind: 'tcp-flags', ...not, mask: 63, flags: 0}]],
    [
      '-p icmp -m icmp --icmp-type 8',
      [
        {kind: 'protocol', ...is, protocol: 1},
        {kind: 'icmp', ...is, type: 8, code: port(0, 255)},
      ],
    ],
    [
      '-p icmp -m icmp ! --icmp-type host-unreachable',
      [
        {kind: 'protocol', ...is, protocol: 1},
        {kind: 'icmp', ...not, type: 3, code: port(1)},
      ],
    ],
    [
      '-p icmp -m icmp --icmp-type any',
      [
        {kind: 'protocol', ...is, protocol: 1},
        {kind: 'icmp', ...is, type: null, code: port(0, 255)},
      ],
    ],
    [
      '-m multiport ! --dports 53,1024:65535',
      [{kind: 'multiport', ...not, side: 'destination', ranges: [port(53), port(1024, 65535)]}],
    ],
    [
      '-m comment --comment "it\\\'s \\"quoted\\" \\\\" -m comment --comment -j',
      [
        {kind: 'comment', ...is, text: 'it\'s "quoted" \\'},
        {kind: 'comment', ...is, text: '-j'},
      ],
    ],
    ['-m mark ! --mark 0x4000/0x4000', [{kind: 'mark', ...not, mark: {value: 0x4000, mask: 0x4000}}]],
    ['-m connmark --mark 128', [{kind: 'connmark', ...is, mark: {value: 128, mask: 0xffffffff}}]],
    ['-m state --state NEW', [{kind: 'ct-state', ...is, states: ['NEW'], module: 'state'}]],
    [
      '-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT',
      [{kind: 'ct-state', ...not, states: ['RELATED', 'ESTABLISHED', 'DNAT'], module: 'conntrack'}],
    ],
    [
      '-m conntrack --ctorigdst 10.0.0.1 ! --ctreplsrcport 80 --ctdir REPLY',
      [
        {
          kind: 'ct-address',
          ...is,
          besideState: false,
          tuple: 'original',
          side: 'destination',
          prefix: prefix('10.0.0.1'),
        },
        {kind: 'ct-port', ...not, besideState: false, tuple: 'reply', side: 'source', range: port(80)},
        {kind: 'ct-direction', ...is, besideState: false, direction: 'REPLY'},
      ],
    ],
    [
      '-m conntrack --ctproto 6 --ctstate NEW -m conntrack --ctdir REPLY',
      [
        {kind: 'ct-state', ...is, states: ['NEW'], module: 'conntrack'},
        {kind: 'ct-protocol', ...is, besideState: true, protocol: 6},
        {kind: 'ct-direction', ...is, besideState: false, direction: 'REPLY'},
      ],
    ],
    [
      '-m addrtype ! --src-type LOCAL --dst-type UNICAST,LOCAL --limit-iface-in',
      [
        {kind: 'address-type', ...not, side: 'source', types: ['LOCAL'], limit: 'in'},
        {kind: 'address-type', ...is, side: 'destination', types: ['UNICAST', 'LOCAL'], limit: 'in'},
      ],
    ],
    [
      '-m set ! --match-set KUBE-CLUSTER-IP src,dst --return-nomatch ! --update-counters -m set --match-set B dst',
      [
        {
          kind: 'set',
          ...not,
          set: 'KUBE-CLUSTER-IP',
          directions: ['src', 'dst'],
          returnNomatch: true,
          options: ['! --update-counters'],
        },
        {kind: 'set', ...is, set: 'B', directions: ['dst'], returnNomatch: false, options: []},
      ],
    ],
    ['-m statistic --mode random ! --probability 0.25', [{kind: 'statistic-random', ...not, probability: 0.25}]],
    ['-m statistic --mode nth --every 3 --packet 1', [{kind: 'statistic-nth', ...is, every: 3, packet: 1}]],
    [
      '-m recent ! --rcheck --seconds 10800 --reap --name A --mask 255.255.255.255 --rdest',
      [
        {
          kind: 'recent',
          ...not,
          operation: 'rcheck',
          name: 'A',
          side: 'destination',
          seconds: 10800,
          hitcount: null,
          rttl: false,
          reap: true,
          mask: address('255.255.255.255'),
        },
      ],
    ],
    [
      '-m rpfilter --validmark --invert',
      [{kind: 'rp-filter', ...is, loose: false, validMark: true, acceptLocal: false, invert: true}],
    ],
    [
      '-m physdev ! --physdev-is-in --physdev-out eth+',
      [
        {kind: 'physdev', ...not, option: 'is-in', name: '', wildcard: false},
        {kind: 'physdev', ...is, option: 'out', name: 'eth', wildcard: true},
      ],
    ],
    [
      '-m owner ! --uid-owner 0-9 --socket-exists',
      [
        {kind: 'owner', ...not, field: 'uid', range: port(0, 9), text: '--uid-owner 0-9'},
        {kind: 'owner', ...is, field: 'socket-exists', range: null, text: '--socket-exists'},
      ],
    ],
    [
      '-m iprange ! --src-range 10.0.0.1-10.0.0.9',
      [{kind: 'ip-range', ...not, side: 'source', first: address('10.0.0.1'), last: address('10.0.0.9')}],
    ],
    ['-m nfacct --nfacct-name drops', [{kind: 'accounting', ...is, name: 'drops'}]],
    [
      '-m limit --limit 5/min --limit-burst 7',
      [{kind: 'opaque', ...is, module: 'limit', text: '-m limit --limit 5/min --limit-burst 7', reason: 'state'}],
    ],
    [
      '-m u32 ! --u32 "0x0&0xff=0x1" -m tcp --dport 1',
      [
        {kind: 'opaque', ...not, module: 'u32', text: '-m u32 --u32 "0x0&0xff=0x1"', reason: 'unmodelled'},
        {kind: 'destination-port', ...is, range: port(1)},
      ],
    ],
    // an option goes to the module loaded last that knows it, wherever it stands
    [
      '-p tcp -m comment --comment x --dport 80 -m limit --limit 1/sec',
      [
        tcp,
        {kind: 'comment', ...is, text: 'x'},
        {kind: 'destination-port', ...is, range: port(80)},
        {kind: 'opaque', ...is, module: 'limit', text: '-m limit --limit 1/sec', reason: 'state'},
      ],
    ],
  ])('%s', (spec, matches) => {
    const read = rule(spec)
    expect(read.rule.matches).toEqual(matches)
    expect(read.rule.target).toEqual({kind: 'none'})
    expect(read.diagnostics).toEqual([])
  })

  it.each<[string, Match[]]>([
    [
      '-s fd00::/8 ! -d fd00::1/128',
      [
        {kind: 'source', ...is, prefix: prefix('fd00::/8')},
        {kind: 'destination', ...not, prefix: prefix('fd00::1')},
      ],
    ],
    [
      '-p ipv6-icmp -m icmp6 --icmpv6-type neighbour-advertisement',
      [
        {kind: 'protocol', ...is, protocol: 58},
        {kind: 'icmp', ...is, type: 136, code: port(0, 255)},
      ],
    ],
    [
      '-p ipv6-icmp -m icmp6 --icmpv6-type 255',
      [
        {kind: 'protocol', ...is, protocol: 58},
        {kind: 'icmp', ...is, type: 255, code: port(0, 255)},
      ],
    ],
    ['-m hl --hl-lt 5', [{kind: 'ttl', ...is, operator: 'lt', value: 5}]],
    ['-m eui64', [{kind: 'opaque', ...is, module: 'eui64', text: '-m eui64', reason: 'unmodelled'}]],
  ])('IPv6: %s', (spec, matches) => {
    const read = rule(spec, 6)
    expect(read.rule.matches).toEqual(matches)
    expect(read.diagnostics).toEqual([])
  })

  it('joins the comments of a rule', () => {
    expect(rule('-m comment --comment "a b" -m comment --comment c').rule.comment).toBe('a b c')
    expect(rule('-j ACCEPT').rule.comment).toBeNull()
  })
})

describe('targets', () => {
  const nat = (
    first: string | null,
    last: string | null,
    ports: {min: number; max: number} | null,
    basePort: number | null = null,
  ) => ({
    first: first === null ? null : address(first),
    last: last === null ? null : address(last),
    ports,
    basePort,
  })
  const FULL = 0xffffffff

  it.each<[string, Target]>([
    ['-j ACCEPT', {kind: 'accept'}],
    ['-j RETURN', {kind: 'return'}],
    ['-j Y', {kind: 'jump', chain: 'Y'}],
    ['-g Y', {kind: 'goto', chain: 'Y'}],
    ['-j REJECT', {kind: 'reject', with: 'icmp-port-unreachable'}],
    ['-j REJECT --reject-with tcp-reset', {kind: 'reject', with: 'tcp-reset'}],
    ['-j MARK --set-xmark 0x4000/0x0', {kind: 'mark', set: {value: 0x4000, mask: 0}}],
    ['-j MARK --set-mark 0x5', {kind: 'mark', set: {value: 5, mask: FULL}}],
    ['-j MARK --set-mark 0x10/0xf', {kind: 'mark', set: {value: 0x10, mask: 0x1f}}],
    ['-j MARK --or-mark 0x4000', {kind: 'mark', set: {value: 0x4000, mask: 0x4000}}],
    ['-j MARK --and-mark 0xf', {kind: 'mark', set: {value: 0, mask: 0xfffffff0}}],
    ['-j MARK --xor-mark 0x4000', {kind: 'mark', set: {value: 0x4000, mask: 0}}],
    ['-j CONNMARK --set-xmark 0x80/0x80', {kind: 'connmark-set', set: {value: 0x80, mask: 0x80}}],
    ['-j CONNMARK --save-mark', {kind: 'connmark-save', nfMask: FULL, ctMask: FULL}],
    ['-j CONNMARK --restore-mark --mask 0x80', {kind: 'connmark-restore', nfMask: 0x80, ctMask: 0x80}],
    ['-j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x40', {kind: 'connmark-restore', nfMask: 0x80, ctMask: 0x40}],
    ['-j DNAT --to-destination 10.0.0.1', {kind: 'dnat', ranges: [nat('10.0.0.1', '10.0.0.1', null)], flags}],
    ['-p tcp -j DNAT --to-destination :8081', {kind: 'dnat', ranges: [nat(null, null, port(8081))], flags}],
    [
      '-p tcp -j DNAT --to-destination 1.2.3.4-1.2.3.9:80-90/80 --random --persistent',
      {
        kind: 'dnat',
        ranges: [nat('1.2.3.4', '1.2.3.9', port(80, 90), 80)],
        flags: {...flags, random: true, persistent: true},
      },
    ],
    [
      '-j SNAT --to-source 10.0.0.1 --random-fully',
      {kind: 'snat', ranges: [nat('10.0.0.1', '10.0.0.1', null)], flags: {...flags, fullyRandom: true}},
    ],
    ['-p tcp -j MASQUERADE --to-ports 1024-2048', {kind: 'masquerade', ports: port(1024, 2048), flags}],
    ['-p tcp -j REDIRECT --to-ports 15001', {kind: 'redirect', ports: port(15001), flags}],
    ['-j NETMAP --to 10.1.0.0/16', {kind: 'netmap', prefix: prefix('10.1.0.0/16')}],
    ['-j NOTRACK', {kind: 'notrack'}],
    ['-j CT --notrack', {kind: 'notrack'}],
    [
      '-j CT --zone 5 --helper ftp',
      {kind: 'ct', zone: {id: 5, direction: 'both'}, helper: 'ftp', text: '-j CT --zone 5 --helper ftp'},
    ],
    ...(
      [
        ['--zone-orig 5', 5, 'original'],
        ['--zone-reply 65535', 65535, 'reply'],
        ['--zone mark', 'mark', 'both'],
        ['--zone-orig mark', 'mark', 'original'],
        ['--ctevents new', 0, 'both'],
        ['--zone-orig 9 --zone 8', 8, 'original'],
        ['--zone 8 --zone-orig 9', 9, 'original'],
        ['--zone-orig 1 --zone-reply 2', 2, 'both'],
      ] as const
    ).map(([words, id, direction]): [string, Target] => [
      `-j CT ${words}`,
      {kind: 'ct', zone: {id, direction}, helper: null, text: `-j CT ${words}`},
    ]),
    ['-j DSCP --set-dscp-class EF', {kind: 'dscp-set', value: 46}],
    ['-j TOS --set-tos 0x10/0x3f', {kind: 'tos-set', set: {value: 0x10, mask: 0x3f}}],
    ['-j TTL --ttl-inc 1', {kind: 'ttl-set', operation: 'inc', value: 1}],
    [
      '-j SET --add-set A src,dst --exist --timeout 5',
      {kind: 'set-add', set: 'A', directions: ['src', 'dst'], text: '-j SET --add-set A src,dst --exist --timeout 5'},
    ],
    [
      '-j LOG --log-prefix "a b: " --log-uid',
      {kind: 'continue', name: 'LOG', text: '-j LOG --log-prefix "a b: " --log-uid'},
    ],
    ['-j NFQUEUE --queue-num 5', {kind: 'opaque', name: 'NFQUEUE', text: '-j NFQUEUE --queue-num 5', recognised: true}],
  ])('%s', (spec, target) => {
    const read = rule(spec)
    expect(read.rule.target).toEqual(target)
    expect(read.diagnostics).toEqual([])
  })

  it.each<[string, Target]>([
    [
      '-p tcp -j DNAT --to-destination [fd00::1]:80',
      {kind: 'dnat', ranges: [nat('fd00::1', 'fd00::1', port(80))], flags},
    ],
    [
      '-p tcp -j DNAT --to-destination [fd00::1-fd00::9]:80',
      {kind: 'dnat', ranges: [nat('fd00::1', 'fd00::9', port(80))], flags},
    ],
    ['-j SNAT --to-source fd00::1-fd00::9', {kind: 'snat', ranges: [nat('fd00::1', 'fd00::9', null)], flags}],
    ['-j REJECT', {kind: 'reject', with: 'icmp6-port-unreachable'}],
  ])('IPv6: %s', (spec, target) => {
    expect(rule(spec, 6).rule.target).toEqual(target)
  })
})

describe('what cannot be read', () => {
  const unread = (text: string, negated = false): Match => ({kind: 'unrecognised', negated, text})

  it.each<[string, string[], Match[]]>([
    ['-m foo --bar 1 --baz', ['UNKNOWN_KEYWORD:4'], [unread('-m foo --bar 1 --baz')]],
    [
      '-m foo ! --bar 1 -m mark --mark 1',
      ['UNKNOWN_KEYWORD:4'],
      [unread('-m foo --bar 1', true), {kind: 'mark', ...is, mark: {value: 1, mask: 0xffffffff}}],
    ],
    ['! --frobnicate x', ['UNKNOWN_KEYWORD:4'], [unread('--frobnicate x', true)]],
    ['-p tcp -m tcp --dport http', ['BAD_VALUE:4'], [tcp, unread('--dport http')]],
    ['-s fd00::1', ['BAD_VALUE:4'], [unread('-s fd00::1')]],
    ['-s host.example.com', ['BAD_VALUE:4'], [unread('-s host.example.com')]],
    ['-m conntrack --ctstate NEW,FOO', ['BAD_VALUE:4'], [unread('--ctstate NEW,FOO')]],
    ['! -m comment --comment x', ['BAD_VALUE:4'], [unread('! -m'), {kind: 'comment', ...is, text: 'x'}]],
    ['-m comment ! --comment x', ['BAD_VALUE:4'], [unread('! --comment x')]],
    ['-m mark', ['VERSION_SKEW:4'], [unread('-m mark')]],
    ['-m recent --name A', ['BAD_VALUE:4'], [unread('-m recent')]],
    ['stray word', ['UNKNOWN_KEYWORD:4'], [unread('stray word')]],
  ])('%s', (spec, expected, matches) => {
    const read = rule(`${spec} -j ACCEPT`)
    expect(read.rule.matches).toEqual(matches)
    expect(codes(read.diagnostics)).toEqual(expected)
  })

  it.each([
    ['-j NOWHERE', 'UNDECLARED_CHAIN', {kind: 'jump', chain: 'NOWHERE'}],
    [
      '-j NEWEXT --foo 1',
      'UNKNOWN_KEYWORD',
      {kind: 'opaque', name: 'NEWEXT', text: '-j NEWEXT --foo 1', recognised: false},
    ],
    ['-j DSCP', 'BAD_VALUE', {kind: 'opaque', name: 'DSCP', text: '-j DSCP', recognised: false}],
    [
      '-j MARK --set-mark x',
      'BAD_VALUE',
      {kind: 'opaque', name: 'MARK', text: '-j MARK --set-mark x', recognised: false},
    ],
    ['-j CT --zone 70000', 'BAD_VALUE', {kind: 'opaque', name: 'CT', text: '-j CT --zone 70000', recognised: false}],
    ['-m comment --comment "cut', 'TRUNCATED', {kind: 'opaque', name: '', text: '', recognised: false}],
    ['-j ACCEPT -m mark --mark', 'TRUNCATED', {kind: 'opaque', name: '', text: '', recognised: false}],
  ])('%s', (spec, code, target) => {
    const read = rule(spec)
    expect(read.rule.target).toEqual(target)
    expect(codes(read.diagnostics)).toEqual([`${code}:4`])
  })
})
