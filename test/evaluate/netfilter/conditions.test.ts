import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443}
const OWN: FlowWords = {...OUT, src: '10.0.0.2'}
const REALMS = {'ip-route.txt': 'default via 10.0.0.1 dev eth0 realm 5\n10.0.9.9 dev veth0 scope link'}

function conditions(
  rules: string,
  flow: FlowWords,
  documents: Record<string, string> = {},
): readonly (readonly string[])[] {
  const {outcomes} = explainWords(tinyNode({filter: rules}, documents), flow, {steps: false}).explanation
  return outcomes.map(outcome => outcome.conditions)
}

/** A match that state cannot decide asks one question, in words, and another argument asks another. */
describe('the condition of', () => {
  it.each<[string, string, string, FlowWords?, Record<string, string>?]>([
    ['-m ecn --ecn-tcp-cwr', '-m ecn --ecn-tcp-ece', 'the TCP header has the CWR bit'],
    ['-m ecn --ecn-tcp-ece', '-m ecn --ecn-tcp-cwr', 'the TCP header has the ECE bit'],
    ['-m realm --realm 0x5', '-m realm --realm 0x6', 'the route has the realm `0x5`', OUT, REALMS],
    ['-m owner --uid-owner 1000', '-m owner --uid-owner 1001', 'the sending socket is one of `--uid-owner 1000`', OWN],
    ['-m cpu --cpu 1', '-m cpu --cpu 2', 'CPU 1 handles the packet'],
    [
      '-m socket --transparent',
      '-m socket --nowildcard',
      'a socket of the node takes the packet (`-m socket --transparent`)',
    ],
    ['-m tcpmss --mss 500:600', '-m tcpmss --mss 500:601', 'the MSS option is 500–600'],
    ['-m tcp --tcp-option 4', '-m tcp --tcp-option 5', 'the TCP header has option 4'],
    [
      '-m limit --limit 5/sec',
      '-m limit --limit 5/sec',
      '`-m limit --limit 5/sec` holds (it depends on packets before this one)',
    ],
    ['-m u32 --u32 "1=1"', '-m u32 --u32 "1=2"', '`-m u32 --u32 1=1` holds (it is not modelled)'],
    [
      '-m recent --rcheck --name a --rsource',
      '-m recent --rcheck --name b --rsource',
      'the source address is on the list `a` of -m recent',
    ],
  ])('%s', (match, other, text, flow = OUT, documents = {}) => {
    const chain = flow === OWN ? 'OUTPUT' : 'FORWARD -i veth0'
    const rule = (what: string, mark: string): string => `-A ${chain} -p tcp ${what} -j MARK --set-mark ${mark}`
    const one = conditions(`-A ${chain} -p tcp ${match} -j DROP`, flow, documents)
    expect(one.map(texts => texts.map(said => said.replaceAll('"', '')))).toEqual([[`if ${text}`], [`unless ${text}`]])
    const two = conditions(`${rule(match, '0x1/0x1')}\n${rule(other, '0x2/0x2')}`, flow, documents)
    expect(two).toHaveLength(4)
    // the bucket of a limit is its rule's own
    if (!match.includes('limit')) {
      expect(conditions(`${rule(match, '0x1/0x1')}\n${rule(match, '0x2/0x2')}`, flow, documents)).toHaveLength(2)
    }
  })
})
