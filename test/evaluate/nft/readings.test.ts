import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const FLOW: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53, mark: 5}
const FLOW6: FlowWords = {...FLOW, src: '2001:db8:9::9', dst: '2001:db8:ffff::8'}
const OPEN: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 4000}

function outcomesOf(rules: readonly string[], flow: FlowWords, hook = 'filter hook forward') {
  const nft = `table inet t {\n\tset s {\n\t\ttype mark\n\t\telements = { 0x5, 0x7 }\n\t}\n\tchain c {\n\t\ttype ${hook} priority 10; policy accept;\n${rules.map(rule => `\t\t${rule}\n`).join('')}\t}\n}\n`
  return explainWords(tinyNode({}, {'nft-ruleset.txt': nft}), flow, {steps: false}).explanation.outcomes
}

/** `50 % dropped`, `if forwarded 0x7`: how probable, `if` or `unless` for each condition, the end, and the mark where it is another. */
function ends(rules: readonly string[], flow: FlowWords): string[] {
  return outcomesOf(rules, flow).map(({probability, conditions, disposition, packet}) =>
    [
      ...(probability === 1 || probability === null ? [] : [`${probability * 100} %`]),
      ...conditions.map(text => text.split(' ')[0]),
      disposition,
      ...(packet.mark === (flow['mark'] ?? 0) ? [] : [`0x${packet.mark.toString(16)}`]),
    ].join(' '),
  )
}

const YES = ['dropped']
const NO = ['forwarded']
const EITHER = ['if dropped', 'unless forwarded']
const share = (percent: number): string[] => [`${percent} % dropped`, `${100 - percent} % forwarded`].sort()

describe('what a rule reads', () => {
  it.each<[string, FlowWords, string[]]>([
    // bits
    ['meta mark & 0x00000003 == 0x00000001 drop', FLOW, YES],
    ['meta mark & 0x00000003 == 0x00000005 drop', FLOW, NO],
    ['meta mark | 0x00000002 == 0x00000007 drop', FLOW, YES],
    ['meta mark ^ 0x00000001 == 0x00000004 drop', FLOW, YES],
    ['meta mark << 4 == 0x00000050 drop', FLOW, YES],
    ['meta mark >> 1 == 0x00000002 drop', FLOW, YES],
    ['meta mark & 0x00000004 != 0x00000000 drop', FLOW, YES],
    ['ip6 saddr & ffff:ffff:: == 2001:db8:: drop', FLOW6, YES],
    ['ip6 saddr & ffff:ffff:: == 2001:db9:: drop', FLOW6, NO],
    ['ip6 saddr | ::6 == 2001:db8:9::f drop', FLOW6, YES],
    ['ip6 saddr ^ ::1 == 2001:db8:9::8 drop', FLOW6, YES],
    ['ip saddr & 255.255.0.0 == 10.0.0.0 drop', FLOW, YES],
    // packets are whole
    ['ip frag-off & 8191 != 0 drop', FLOW, NO],
    ['ip frag-off & 8191 == 0 drop', FLOW, YES],
    ['ip frag-off & 16384 != 0 drop', FLOW, ['if forwarded', 'unless dropped']],
    // values, ranges, wildcards, sets
    ['meta mark 0x00000004-0x00000005 drop', FLOW, YES],
    ['meta mark 0x00000006-0x00000009 drop', FLOW, NO],
    ['meta mark < 0x00000006 drop', FLOW, YES],
    ['meta mark >= 0x00000006 drop', FLOW, NO],
    ['iifname "veth*" drop', FLOW, YES],
    ['iifname "eth*" drop', FLOW, NO],
    ['iifname != "eth*" drop', FLOW, YES],
    ['iifname { "eth0", "veth0" } drop', FLOW, YES],
    ['oifname { "eth1", "veth0" } drop', FLOW, NO],
    ['meta mark @s drop', FLOW, YES],
    ['meta mark != @s drop', FLOW, NO],
    ['ip saddr 10.0.9.0-10.0.9.9 drop', FLOW, YES],
    ['ip saddr 10.0.9.10-10.0.9.20 drop', FLOW, NO],
    ['ip6 saddr 2001:db8:9::-2001:db8:9::9 drop', FLOW6, YES],
    ['ip6 saddr 2001:db8:9::a-2001:db8:9::f drop', FLOW6, NO],
    // ports that are left open
    ['udp dport 53 drop', OPEN, EITHER],
    ['udp dport != 53 drop', OPEN, ['if forwarded', 'unless dropped']],
    ['udp dport 0-65535 drop', OPEN, YES],
    ['udp dport { 53, 54 } drop', OPEN, ['if dropped', 'unless if dropped', 'unless unless forwarded']],
    ['udp dport . ip saddr { 53 . 10.0.9.9 } drop', OPEN, EITHER],
    ['udp dport . ip saddr { 53 . 10.0.9.8 } drop', OPEN, NO],
    // lengths: of the packet, and of what is in it
    ['meta length 0-27 drop', FLOW, NO],
    ['meta length 28-65535 drop', FLOW, YES],
    ['meta length 28-100 drop', FLOW, EITHER],
    ['ip length 28-65535 drop', FLOW, YES],
    ['ip6 length 8-65495 drop', FLOW6, YES],
    ['ip6 length 0-7 drop', FLOW6, NO],
    ['ip6 length 8-16 drop', FLOW6, EITHER],
    ['udp length 8-16 drop', FLOW, EITHER],
    // chance
    ['numgen random mod 4 < 2 drop', FLOW, share(50)],
    ['numgen random mod 4 == 3 drop', FLOW, share(25)],
    ['numgen random mod 4 offset 2 == 3 drop', FLOW, share(25)],
    ['numgen random mod 4 offset 2 < 2 drop', FLOW, NO],
    ['numgen random mod 4 offset 2 1-2 drop', FLOW, share(25)],
    ['numgen random mod 4 < 9 drop', FLOW, YES],
    ['numgen random mod 4 != 3 drop', FLOW, share(75)],
    ['meta random & 2147483647 < 536870912 drop', FLOW, share(25)],
    ['numgen inc mod 2 0 drop', FLOW, ['if dropped', 'if forwarded']],
    ['numgen inc mod 2 5 drop', FLOW, NO],
    // what no capture tells
    ['meta cpu 3 drop', FLOW, EITHER],
    ['meta cpu { 3, 4 } drop', FLOW, ['if dropped', 'unless if dropped', 'unless unless forwarded']],
    // maps, and keys that they lack
    ['meta mark set udp dport map { 53 : 0x00000007, 54 : 0x00000008 }', FLOW, ['forwarded 0x7']],
    ['meta mark set udp dport map { 55 : 0x00000007 } drop', FLOW, NO],
    ['meta mark set udp dport map { 53 : 0x00000007 } drop', FLOW, ['dropped 0x7']],
    ['meta mark set meta mark | 0x00000002', FLOW, ['forwarded 0x7']],
    ['meta mark set meta mark << 4', FLOW, ['forwarded 0x50']],
    ['meta mark set meta mark >> 1', FLOW, ['forwarded 0x2']],
    ['meta mark set numgen random mod 2 offset 8', FLOW, ['50 % forwarded 0x8', '50 % forwarded 0x9']],
    [
      'meta mark set numgen random mod 2 map { 0 : 0x00000001, 1 : 0x00000002 }',
      FLOW,
      ['50 % forwarded 0x1', '50 % forwarded 0x2'],
    ],
    ['numgen random mod 4 vmap { 0 : drop, 1 : accept, 2 : drop }', FLOW, share(50)],
    ['udp dport vmap { 53 : drop }', OPEN, EITHER],
    ['meta mark vmap { 0x00000005 : drop }', FLOW, YES],
    ['meta mark vmap { 0x00000006 : drop }', FLOW, NO],
  ])('%s', (rule, flow, expected) => {
    expect(ends([rule], flow).sort()).toEqual(expected)
  })

  it.each<[string, string[], FlowWords, string[]]>([
    [
      'one answer to one question',
      ['meta cpu 3 meta mark set 0x00000001', 'meta cpu 3 drop'],
      FLOW,
      ['if dropped 0x1', 'unless forwarded'],
    ],
    [
      'another to another',
      ['meta cpu 3 meta mark set 0x00000001', 'meta cpu 4 drop'],
      FLOW,
      ['if if dropped 0x1', 'if unless forwarded 0x1', 'unless if dropped', 'unless unless forwarded'],
    ],
    [
      'a port narrows down',
      ['udp dport 50-60 meta mark set 0x00000001', 'udp dport 70 drop'],
      OPEN,
      ['if forwarded 0x1', 'unless if dropped', 'unless unless forwarded'],
    ],
    ['a port that was excluded is out', ['udp dport 53 accept', 'udp dport 53 drop'], OPEN, ['forwarded']],
    ['a length narrows down', ['meta length 28-100 accept', 'meta length 28-50 drop'], FLOW, ['forwarded']],
    [
      'a length of what is inside narrows down the whole',
      ['ip6 length 8-80 accept', 'meta length 48-70 drop'],
      FLOW6,
      ['forwarded'],
    ],
    [
      'chance is drawn anew each time',
      ['numgen random mod 2 0 meta mark set 0x00000001', 'numgen random mod 2 0 drop'],
      FLOW,
      ['25 % dropped 0x1', '25 % forwarded 0x1', '25 % dropped', '25 % forwarded'],
    ],
  ])('%s', (_, rules, flow, expected) => {
    expect(ends(rules, flow)).toEqual(expected)
  })

  it.each<[string, string]>([
    ['meta cpu 3 drop', 'if meta cpu is 3'],
    ['meta length 28-100 drop', 'if meta length is 28–100'],
    ['udp length 8-16 drop', 'if udp length is 8–16'],
    ['numgen inc mod 2 0 drop', 'if it is the turn of `numgen inc mod 2 0`'],
    ['symhash mod 2 0 drop', '`symhash mod 2` gives one flow the same value each time'],
  ])('%s: %s', (rule, expected) => {
    expect(outcomesOf([rule], FLOW)[0]?.conditions[0]).toBe(expected)
  })

  it('an address of a map, for NAT', () => {
    const to = (rule: string): (string | null)[] =>
      outcomesOf([rule], FLOW, 'nat hook prerouting').map(({packet}) => `${packet.dst} ${packet.dport}`)
    expect(to('dnat ip to numgen random mod 2 map { 0 : 10.0.0.7, 1 : 10.0.0.8 }')).toEqual([
      '10.0.0.7 53',
      '10.0.0.8 53',
    ])
    expect(to('dnat ip to udp dport map { 53 : 10.0.0.7 }')).toEqual(['10.0.0.7 53'])
    expect(to('dnat ip to udp dport map { 54 : 10.0.0.7 }')).toEqual(['8.8.8.8 53'])
    expect(to('dnat ip to udp dport map { 53 : 10.0.0.7 . 99 }')).toEqual(['10.0.0.7 99'])
  })
})
