import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {type RuleLines, saveOf, tinyNode} from '../../support/tinyNode.js'

/** eth0 has the default route; eth1 that of table 7. */
const IN: FlowWords = {src: '9.9.9.9', dst: '10.0.9.9', proto: 'udp', sport: 4000, dport: 80, iif: 'eth0'}
const BY_ETH1: FlowWords = {...IN, iif: 'eth1'}
const IN6: FlowWords = {
  src: '2001:db8:ffff::8',
  dst: '2001:db8:9::9',
  proto: 'udp',
  sport: 4000,
  dport: 80,
  iif: 'eth0',
}
const MAIN = `
  default via 10.0.0.1 dev eth0
  10.0.9.9 dev veth0 scope link`

const rule = (selector: string): Record<string, string> => ({
  'ip-rule.txt': `0: from all lookup local\n100: ${selector} lookup 7\n32766: from all lookup main\n32767: from all lookup default`,
  'ip-route.txt': `default via 10.0.1.1 dev eth1 table 7${MAIN}`,
})
const routes = (text: string): Record<string, string> => ({'ip-route.txt': `${text}\n10.0.9.9 dev veth0 scope link`})

function matches(flow: FlowWords, option: string, documents: Record<string, string>): boolean {
  const rules: RuleLines = {raw: `-A PREROUTING -m rpfilter ${option} -j DROP`, filter: ''}
  const node = tinyNode(rules, {'ip6tables-save.txt': saveOf(rules, 'ip6tables-save'), ...documents})
  const reasons = new Set(explainWords(node, flow, {steps: false}).explanation.outcomes.map(({reason}) => reason))
  expect(reasons.has('FILTER_RULE') && reasons.size > 1).toBe(false)
  return reasons.has('FILTER_RULE')
}

describe('-m rpfilter: ipt_rpfilter.c, ip6t_rpfilter.c', () => {
  it.each<[string, FlowWords, string, boolean, Record<string, string>?]>([
    ['by the device of the way back', IN, '', true],
    ['by another', BY_ETH1, '', false],
    ['… loosely', BY_ETH1, '--loose', true],
    ['no way back', IN, '', false, routes('')],
    ['… loosely neither', IN, '--loose', false, routes('')],
    [
      'by one of several',
      BY_ETH1,
      '',
      true,
      routes('default nexthop via 10.0.0.1 dev eth0 nexthop via 10.0.1.1 dev eth1'),
    ],
    [
      'by a link without carrier',
      IN,
      '',
      true,
      {
        ...routes('default via 10.0.0.1 dev eth0 linkdown'),
        'sysctl.txt':
          'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.ignore_routes_with_linkdown = 1\nnet.ipv4.conf.eth0.ignore_routes_with_linkdown = 1',
      },
    ],
    ['a source of the node', {...IN, src: '10.0.0.2'}, '', false],
    ['… loosely neither', {...IN, src: '10.0.0.2'}, '--loose', false],
    ['… where that is accepted, on its device', {...IN, src: '10.0.0.2'}, '--accept-local', true],
    ['… on another', {...BY_ETH1, src: '10.0.0.2'}, '--accept-local', false],
    ['… on another, loosely', {...BY_ETH1, src: '10.0.0.2'}, '--accept-local --loose', true],
    ['a broadcast address, accepted or not', {...IN, src: '10.0.0.255'}, '--accept-local --loose', false],
    // what asks for an address has none
    ['0.0.0.0 to everybody', {...BY_ETH1, src: '0.0.0.0', dst: '255.255.255.255'}, '', true],
    ['0.0.0.0 to the link', {...BY_ETH1, src: '0.0.0.0', dst: '224.0.0.5'}, '', true],
    ['0.0.0.0 to another group', {...BY_ETH1, src: '0.0.0.0', dst: '224.0.1.5'}, '', false],
    ['0.0.0.0 to an address', {...BY_ETH1, src: '0.0.0.0', dst: '10.0.1.2'}, '', false],
    ['others to the link', {...BY_ETH1, dst: '224.0.0.5'}, '', false],
    ['the way back starts where the packet goes', BY_ETH1, '', true, rule('from 10.0.9.9')],
    ['… not from a group', {...BY_ETH1, dst: '239.1.1.1'}, '', false, rule('from 239.0.0.0/8')],
    ['… not from everybody', {...BY_ETH1, dst: '255.255.255.255'}, '', false, rule('from 255.255.255.255')],
    ['… and is one of the node', BY_ETH1, '', true, rule('from all iif lo')],
    ['… without the mark', {...BY_ETH1, mark: 1}, '', false, rule('from all fwmark 0x1')],
    ['… but with --validmark', {...BY_ETH1, mark: 1}, '--validmark', true, rule('from all fwmark 0x1')],
    ['… nor protocol and ports', BY_ETH1, '', false, rule('from all ipproto udp')],
    ['IPv6', IN6, '', true],
    ['IPv6 by another device', {...IN6, iif: 'eth1'}, '', false],
    ['IPv6 from ::', {...IN6, src: '::', iif: 'eth1'}, '', true],
    ['IPv6 from the node', {...IN6, src: '2001:db8::2'}, '', false],
    ['… accepted, on any device', {...IN6, src: '2001:db8::2', iif: 'eth1'}, '--accept-local', true],
  ])('%s', (_, flow, option, expected, documents = {}) => {
    expect(matches(flow, option, documents)).toBe(expected)
    expect(matches(flow, `${option} --invert`.trim(), documents)).toBe(!expected)
  })

  it('is true of what comes back over lo', () => {
    expect(matches({src: '10.0.0.2', dst: '10.0.1.2', proto: 'udp', sport: 4000, dport: 53}, '', {})).toBe(true)
  })
})
