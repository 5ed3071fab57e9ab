import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const FLOW: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443, mark: 5, dscp: 4}

/** Why a rule that is asked ahead of main did not decide; `~` before it where all but one of what it asks holds. */
function why(rule: string, flow: FlowWords = FLOW, misses = true): string[] {
  const node = tinyNode({}, {'ip-rule.txt': `0: from all lookup local\n100: ${rule}\n32766: from all lookup main`})
  const [outcome] = explainWords(node, flow, {misses}).explanation.outcomes
  return (outcome?.steps ?? [])
    .filter(({kind, text}) => kind === 'rule-miss' && text.includes('100:'))
    .map(({effect, near}) => `${near === true ? '~' : ''}${effect}`)
}

const OWN: FlowWords = {...FLOW, src: '10.0.0.2'}

describe('rules that were asked and did not decide', () => {
  it.each<[string, string, FlowWords]>([
    ['from all iif eth1 lookup 9', '~in-interface veth0 against eth1', FLOW],
    ['from all iif gone [detached] lookup 9', '~in-interface veth0 against gone, which is not there', FLOW],
    ['from all oif eth1 lookup 9', '~out-interface none against eth1', FLOW],
    ['from all oif eth1 lookup 9', '~out-interface eth0 against eth1', {...OWN, oif: 'eth0'}],
    ['from all fwmark 0x4/0xf lookup 9', '~mark 0x5 against 0x4/0xf', FLOW],
    ['from 10.0.9.8 lookup 9', '~source 10.0.9.9 against 10.0.9.8', FLOW],
    ['from all to 9.9.9.0/24 lookup 9', '~destination 8.8.8.8 against 9.9.9.0/24', FLOW],
    ['from all tos 0x08 lookup 9', '~TOS 0x10 against 0x8', FLOW],
    ['from all dscp 5 lookup 9', '~DSCP 4 against 5', FLOW],
    ['from all ipproto udp lookup 9', '~protocol tcp against udp', FLOW],
    ['from all sport 4001 lookup 9', '~source port 4000 against 4001', FLOW],
    ['from all sport 3998-3999 lookup 9', '~source port 4000 against 3998-3999', FLOW],
    ['from all dport 444-500 lookup 9', '~destination port 443 against 444-500', FLOW],
    // what holds is not named, and two that fail are not near
    [
      'from 10.0.9.9 iif veth0 fwmark 0x5 tos 0x10 ipproto tcp sport 4000-4000 dport 1-442 lookup 9',
      '~destination port 443 against 1-442',
      FLOW,
    ],
    [
      'from 10.0.9.9 iif veth0 fwmark 0x5 dscp 4 ipproto tcp dport 443-443 sport 4001-4001 lookup 9',
      '~source port 4000 against 4001',
      FLOW,
    ],
    ['from 10.0.9.8 iif eth1 lookup 9', 'in-interface veth0 against eth1', FLOW],
    ['from all fwmark 0x4/0xf to 9.9.9.9 lookup 9', 'mark 0x5 against 0x4/0xf', FLOW],
    ['not from 10.0.9.9 lookup 9', '~all that it excludes holds', FLOW],
    ['not from 10.0.9.9 fwmark 0x5 lookup 9', 'all that it excludes holds', FLOW],
    ['not from 10.0.9.9 tos 0x10 lookup 9', 'all that it excludes holds', FLOW],
  ])('%s: %s', (rule, expected, flow) => {
    expect(why(rule, flow)[0]).toBe(expected)
  })

  it('are told only where they are asked for', () => {
    expect(why('from 10.0.9.8 lookup 9', FLOW, false)).toEqual([])
  })
})
