import type {NodeState} from '../../src/model/index.js'
import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {rulesOf} from '../support/kernelAnswers.js'
import {outcomeLines} from '../support/outcomeLines.js'
import {type RuleLines, tinyNode} from '../support/tinyNode.js'
import {packetText} from '../support/walkText.js'

const DNS: FlowWords = {src: '10.0.9.9', dst: '172.20.0.10', proto: 'udp', sport: 5353, dport: 53}
/** The rules know a living endpoint. */
const RULES: RuleLines = {
  nat: `
    -A PREROUTING -d 172.20.0.10/32 -p udp -m udp --dport 53 -j DNAT --to-destination 10.0.0.20:53
    -A POSTROUTING -p udp -j MASQUERADE`,
}
const STALE =
  'udp      17 25 src=10.0.9.9 dst=172.20.0.10 sport=5353 dport=53 src=10.0.0.66 dst=10.0.9.9 sport=53 dport=5353 [ASSURED] mark=128 use=1'

const nodeWith = (conntrack: string | null, rules = RULES): NodeState => tinyNode(rules, {'conntrack.txt': conntrack})

describe('an entry of conntrack -L', () => {
  it('sends a flow to the endpoint it was made for, though that is dead and the rules know better', () => {
    expect(outcomeLines(nodeWith(null), DNS)).toBe('forwarded by eth0: udp 10.0.0.2:5353 → 10.0.0.20:53')
    const node = nodeWith(STALE)
    expect(outcomeLines(node, DNS)).toBe('forwarded by eth0: udp 10.0.9.9:5353 → 10.0.0.66:53')
    const [outcome] = explainWords(node, DNS).explanation.outcomes
    if (outcome === undefined) throw new Error('no outcome')
    expect(rulesOf(outcome)).toEqual([])
    expect(outcome.steps?.filter(({kind}) => kind === 'conntrack' || kind === 'nat')).toEqual([
      expect.objectContaining({
        target: 'ESTABLISHED',
        text: STALE,
        effect: 'an existing connection decides: ESTABLISHED, original direction: udp 10.0.9.9:5353 → 172.20.0.10:53',
        source: {document: 'conntrack.txt', line: 1},
      }),
      expect.objectContaining({
        target: 'connection',
        effect: 'destination 172.20.0.10:53 → 10.0.0.66:53, as the connection says; no rule is asked',
        source: {document: 'conntrack.txt', line: 1},
      }),
    ])
    expect(outcome.reply && packetText(outcome.reply.packet)).toBe('udp 172.20.0.10:53 → 10.0.9.9:5353')
  })

  it.each([
    ['another source port', {sport: 5354}],
    ['another destination', {dst: '172.20.0.11'}],
    ['another source', {src: '10.0.9.9', dst: '172.20.0.10', dport: 54}],
    ['another protocol', {proto: 'tcp'}],
    ['an open source port: no entry for certain', {sport: null}],
    ['a state that is given', {ctState: 'NEW'}],
  ])('decides nothing for %s', (_, change) => {
    expect(outcomeLines(nodeWith(STALE), {...DNS, ...change})).not.toContain('10.0.0.66')
  })

  it('is found from its reply side too, and un-NATs', () => {
    const reply = {src: '10.0.0.66', dst: '10.0.9.9', proto: 'udp', sport: 53, dport: 5353, iif: 'eth0'}
    expect(outcomeLines(nodeWith(STALE), reply)).toBe('forwarded by veth0: udp 172.20.0.10:53 → 10.0.9.9:5353')
  })

  it('undoes SNAT for what comes back to the node', () => {
    const snat =
      'udp 17 25 src=10.0.9.9 dst=8.8.8.8 sport=5353 dport=53 src=8.8.8.8 dst=10.0.0.2 sport=53 dport=40001 mark=0 use=1'
    const reply = {src: '8.8.8.8', dst: '10.0.0.2', proto: 'udp', sport: 53, dport: 40001, iif: 'eth0'}
    expect(outcomeLines(nodeWith(snat), reply)).toBe('forwarded by veth0: udp 8.8.8.8:53 → 10.0.9.9:5353')
    expect(outcomeLines(nodeWith(snat), {...DNS, dst: '8.8.8.8'})).toBe(
      'forwarded by eth0: udp 10.0.0.2:40001 → 8.8.8.8:53',
    )
  })

  it.each([
    ['seen both ways: ESTABLISHED', STALE, 'ESTABLISHED'],
    ['unreplied: NEW', STALE.replace('src=10.0.0.66', '[UNREPLIED] src=10.0.0.66').replace('[ASSURED] ', ''), 'NEW'],
  ])('%s', (_, entry, state) => {
    const node = nodeWith(entry, {...RULES, filter: `-A FORWARD -m conntrack --ctstate ${state} -j DROP`})
    expect(outcomeLines(node, DNS)).toMatch(/^dropped/)
  })

  it('keeps its mark, which CONNMARK restores', () => {
    const mangle = '-A PREROUTING -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80'
    expect(outcomeLines(nodeWith(STALE, {...RULES, mangle}), DNS)).toMatch(/ mark 0x80$/)
  })

  it('of a ping is not taken for one of ports', () => {
    const ping =
      'icmp 1 29 src=10.0.9.9 dst=8.8.8.8 type=8 code=0 id=7 src=8.8.8.8 dst=10.0.0.2 type=0 code=0 id=7 mark=0 use=1'
    expect(outcomeLines(nodeWith(ping), {src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp'})).toBe(
      'forwarded by eth0: icmp 10.0.9.9 → 8.8.8.8',
    )
  })

  it('of a protocol without ports is found by its addresses', () => {
    const gre = 'unknown 47 100 src=10.0.9.9 dst=8.8.8.8 src=8.8.8.8 dst=10.0.0.2 mark=0 use=1'
    expect(outcomeLines(nodeWith(gre), {src: '10.0.9.9', dst: '8.8.8.8', proto: 'gre'})).toBe(
      'forwarded by eth0: gre 10.0.0.2 → 8.8.8.8',
    )
  })

  it('means nothing while nothing asks for conntrack', () => {
    expect(outcomeLines(nodeWith(STALE, {}), DNS)).toBe('forwarded by eth0: udp 10.0.9.9:5353 → 172.20.0.10:53')
  })

  it('counts only as the first of two with one tuple', () => {
    expect(outcomeLines(nodeWith(`${STALE}\n${STALE.replace('10.0.0.66', '10.0.0.67')}`), DNS)).toContain('10.0.0.66')
  })
})

describe('an entry of a zone', () => {
  const at = (zone: string, raw: string): NodeState =>
    nodeWith(STALE.replace('[ASSURED] mark=128', `[ASSURED] mark=128 ${zone}`), {...RULES, raw})
  const orig = (raw: string): NodeState =>
    nodeWith(STALE.replace('dport=53 src', 'dport=53 zone-orig=5 src'), {...RULES, raw})
  const reply = (raw: string): NodeState =>
    nodeWith(STALE.replace('dport=5353 [', 'dport=5353 zone-reply=5 ['), {...RULES, raw})
  const REPLY: FlowWords = {src: '10.0.0.66', dst: '10.0.9.9', proto: 'udp', sport: 53, dport: 5353, iif: 'eth0'}
  const IN_5 = '-A PREROUTING -j CT --zone 5'

  it.each<[string, NodeState, boolean, boolean]>([
    ['another than the packet', at('zone=5', ''), false, false],
    ['the packet’s', at('zone=5', IN_5), true, true],
    ['0, the packet of another', at('', IN_5), false, false],
    ['0, said', at('zone=0', '-A PREROUTING -j CT --zone 0'), true, true],
    ['one direction, the packet of none', orig(''), false, true],
    ['one direction, the packet too', orig('-A PREROUTING -j CT --zone-orig 5'), true, true],
    ['one direction, the packet both', orig(IN_5), true, false],
    ['the reply, the packet of none', reply(''), true, false],
    ['the reply, the packet both', reply(IN_5), false, true],
    [
      'the packet’s mark',
      at('zone=5', '-A PREROUTING -j CT --zone mark\n-A PREROUTING -j MARK --set-mark 0x20005'),
      true,
      true,
    ],
  ])('%s', (_, node, finds, findsBack) => {
    expect(outcomeLines(node, DNS).includes('10.0.0.66')).toBe(finds)
    expect(outcomeLines(node, REPLY).includes('172.20.0.10')).toBe(findsBack)
  })

  it('stands beside one of the same tuple in another', () => {
    const two = `${STALE} \n${STALE.replace('10.0.0.66', '10.0.0.67').replace('use=1', 'zone=5 use=1')}`
    expect(outcomeLines(nodeWith(two), DNS)).toContain('10.0.0.66')
    expect(outcomeLines(nodeWith(two, {...RULES, raw: IN_5}), DNS)).toContain('10.0.0.67')
  })
})

describe('what the report says of zones', () => {
  const effects = (flow: FlowWords, raw: string): readonly string[] => {
    const [outcome] = explainWords(nodeWith(null, {...RULES, raw}), flow).explanation.outcomes
    return [...(outcome?.steps ?? []), ...(outcome?.reply?.steps ?? [])].flatMap(({kind, target, effect}) =>
      kind === 'conntrack' || target === 'CT' ? [effect] : [],
    )
  }

  it('names the zone, and why the answer is not found', () => {
    expect(effects(DNS, '-A PREROUTING -i veth0 -j CT --zone 5')).toEqual([
      'connection tracking looks it up in zone 5',
      'NEW, original direction: udp 10.0.9.9:5353 → 172.20.0.10:53, in zone 5',
      'NEW, original direction: udp 10.0.0.20:53 → 10.0.0.2:5353; what it answers is a connection of zone 5, which is not looked for in zone 0',
    ])
  })

  it('says so of an answer that is nobody’s', () => {
    const rules = '-A PREROUTING -i veth0 -j CT --zone-reply 5\n-A PREROUTING -i eth0 -j CT --zone mark'
    expect(effects({...DNS, dst: '8.8.8.8', proto: 'tcp'}, rules)).toEqual([
      'connection tracking looks it up in zone 5 (reply direction)',
      'NEW, original direction: tcp 10.0.9.9:5353 → 8.8.8.8:53, in zone 5 (reply direction)',
      'connection tracking looks it up in the zone of its mark',
      'INVALID: no connection can begin with this packet; what it answers is a connection of zone 5 (reply direction), which is not looked for in zone 0',
    ])
  })
})

describe('a connection state that is given', () => {
  const TCP: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443}

  it.each(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'])('%s', ctState => {
    const node = tinyNode({filter: `-A FORWARD -m conntrack --ctstate ${ctState} -j DROP`})
    expect(outcomeLines(node, {...TCP, ctState})).toMatch(/^dropped/)
  })

  it('of an existing connection assumes that it has no NAT and no mark', () => {
    const codes = (ctState: string): string[] =>
      explainWords(tinyNode({filter: '-A FORWARD -m state --state NEW'}), {...TCP, ctState}).assumptions.flatMap(
        ({code, text}) => (code === 'CONNECTION_STATE' ? [text] : []),
      )
    expect(codes('NEW')).toEqual([])
    expect(codes('ESTABLISHED')).toEqual([
      'the connection is taken as ESTABLISHED without NAT and with mark 0: the capture has no entry of it',
    ])
    expect(codes('RELATED')).toHaveLength(1)
    expect(codes('INVALID')).toEqual([])
  })

  it('has seen a reply where it is ESTABLISHED, not where it is RELATED', () => {
    const node = tinyNode({
      filter: '-A FORWARD -m conntrack --ctstatus SEEN_REPLY -m conntrack --ctdir ORIGINAL -j DROP',
    })
    expect(outcomeLines(node, {...TCP, ctState: 'ESTABLISHED'})).toMatch(/^dropped/)
    expect(outcomeLines(node, {...TCP, ctState: 'RELATED'})).toMatch(/^forwarded/)
    expect(outcomeLines(node, {...TCP, ctState: 'NEW'})).toMatch(/^forwarded/)
  })
})
