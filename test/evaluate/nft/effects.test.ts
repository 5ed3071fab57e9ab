import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const FLOW: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53, mark: 5, dscp: 4}
const FLOW6: FlowWords = {...FLOW, src: '2001:db8:9::9', dst: '2001:db8:ffff::8'}

function stepsOf(rules: readonly string[], flow: FlowWords, hook: string) {
  const nft = `table inet t {\n\tset s {\n\t\ttype ipv4_addr\n\t\tflags dynamic\n\t}\n\tchain c {\n\t\ttype filter hook ${hook}; policy accept;\n${rules.map(rule => `\t\t${rule}\n`).join('')}\t}\n\tchain tracked {\n\t\ttype filter hook forward priority 99; policy accept;\n\t\tct state invalid drop\n\t}\n}\n`
  const [outcome] = explainWords(tinyNode({}, {'nft-ruleset.txt': nft}), flow).explanation.outcomes
  return (outcome?.steps ?? []).filter(({backend}) => backend === 'nft')
}

/** Targets and effects of the rules that matched. */
function told(rules: readonly string[], flow: FlowWords = FLOW, hook = 'forward priority 0'): string[] {
  return stepsOf(rules, flow, hook).map(({target, effect}) => `${target}: ${effect}`)
}

const EARLY = 'prerouting priority -300'
const LATE = 'prerouting priority -150'

describe('the step of a rule says what it did', () => {
  it.each<[string, FlowWords, string, string]>([
    ['meta mark set 0x00000007', FLOW, LATE, 'MARK: mark 0x5 → 0x7'],
    ['meta mark set 0x00000005', FLOW, LATE, 'MARK: mark stays 0x5'],
    ['ct mark set 0x00000007', FLOW, LATE, 'CONNMARK: connection mark is now 0x7'],
    ['ct mark set 0x00000007', FLOW, EARLY, 'CONNMARK: does nothing: the packet belongs to no tracked connection'],
    ['ct zone set 5', FLOW, EARLY, 'CT: connection tracking looks it up in zone 5'],
    ['ct original zone set 5', FLOW, EARLY, 'CT: connection tracking looks it up in zone 5 (original direction)'],
    ['ct reply zone set 5', FLOW, EARLY, 'CT: connection tracking looks it up in zone 5 (reply direction)'],
    ['ct zone set 5', FLOW, LATE, 'CT: does nothing: the packet has a connection already, or a zone'],
    ['notrack', FLOW, EARLY, 'NOTRACK: the packet is not tracked: no connection state, no NAT'],
    ['ip saddr set 10.0.9.7', FLOW, LATE, 'SET: source is now 10.0.9.7'],
    ['ip daddr set 8.8.8.7', FLOW, LATE, 'SET: destination is now 8.8.8.7'],
    ['ip6 daddr set 2001:db8::7', FLOW6, LATE, 'SET: destination is now 2001:db8::7'],
    ['udp sport set 7', FLOW, LATE, 'SET: source port is now 7'],
    ['udp dport set 7', FLOW, LATE, 'SET: destination port is now 7'],
    ['ip dscp set cs1', FLOW, LATE, 'DSCP: DSCP is now 8'],
    ['ip ecn set ce', FLOW, LATE, 'TOS: ECN is now 3'],
    ['ip ttl set 9', FLOW, LATE, 'TTL: TTL is now 9'],
    ['ip6 hoplimit set 9', FLOW6, LATE, 'TTL: TTL is now 9'],
  ])('%s', (rule, flow, hook, expected) => {
    expect(told([rule], flow, hook)[0]).toBe(expected)
  })

  it('the second zone is not taken', () => {
    expect(told(['ct zone set 5', 'ct zone set 6'], FLOW, EARLY)).toEqual([
      'CT: connection tracking looks it up in zone 5',
      'CT: does nothing: the packet has a connection already, or a zone',
    ])
  })

  it('a zone behind connection tracking, of a packet without a connection, is not modelled', () => {
    const end = (hook: string): string | undefined => stepsOf(['notrack', 'ct zone set 5'], FLOW, hook).at(-1)?.effect
    expect(end('prerouting priority -300')).toBe('connection tracking looks it up in zone 5')
    const [outcome] = explainWords(
      tinyNode(
        {},
        {
          'nft-ruleset.txt':
            'table ip t {\n\tchain a {\n\t\ttype filter hook prerouting priority -300; policy accept;\n\t\tnotrack\n\t}\n\tchain b {\n\t\ttype filter hook prerouting priority -199; policy accept;\n\t\tct zone set 5\n\t}\n\tchain c {\n\t\ttype filter hook forward priority 0; policy accept;\n\t\tct state invalid drop\n\t}\n}\n',
        },
      ),
      FLOW,
    ).explanation.outcomes
    expect([outcome?.disposition, outcome?.reason]).toEqual(['undetermined', 'UNMODELLED_TARGET'])
    expect(outcome?.steps?.at(-1)?.effect).toContain(
      'what `ct zone set 5` does behind connection tracking is not modelled',
    )
  })

  it.each<[string, FlowWords]>([
    ['ip6 daddr set 2001:db8::7', FLOW],
    ['ip daddr set 8.8.8.7', FLOW6],
    ['tcp dport set 7', FLOW],
    ['ip ttl set 7', FLOW6],
  ])('%s: nothing of a packet that does not have it', (rule, flow) => {
    expect(told([`${rule} drop`], flow)).toEqual([])
  })

  it('keeps the other bits of the TOS byte', () => {
    const tos = (...rules: string[]): string[] =>
      told([...rules, 'ip dscp 4 counter', 'ip ecn 3 counter', 'ip dscp 8 counter'], FLOW)
    expect(tos('ip ecn set ce')).toHaveLength(3)
    expect(tos('ip ecn set ce', 'ip dscp set cs1')).toHaveLength(4)
    expect(tos('ip ecn set ce', 'ip dscp set cs1', 'ip ecn set not-ect')).toHaveLength(4)
  })
})
