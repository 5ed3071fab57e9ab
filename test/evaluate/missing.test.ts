import type {NodeState} from '../../src/model/index.js'
import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {outcomeLines} from '../support/outcomeLines.js'
import {saveOf, tinyNode} from '../support/tinyNode.js'

const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443}
const OUT6: FlowWords = {
  src: '2001:db8:9::9',
  dst: '2001:db8:ffff::8',
  proto: 'tcp',
  sport: 4000,
  dport: 443,
  iif: 'veth0',
}

/** What the last step of each undetermined outcome says. */
function why(node: NodeState, flow: FlowWords): string[] {
  return explainWords(node, flow).explanation.outcomes.flatMap(({disposition, steps}) =>
    disposition === 'undetermined' ? [steps?.at(-1)?.effect ?? ''] : [],
  )
}

const assumed = (node: NodeState, flow: FlowWords): Record<string, string> =>
  Object.fromEntries(explainWords(node, flow).assumptions.map(({code, text}) => [code, text]))

describe('what the capture lacks makes the answer undetermined, and says what to collect', () => {
  it.each([
    ['ip-rule.txt', OUT, 'no policy rules in the capture: collect `ip rule show`'],
    ['ip-rule6.txt', OUT6, 'no policy rules in the capture: collect `ip -6 rule show`'],
    [
      'ip-route.txt',
      {...OUT, iif: 'veth0'},
      'the capture has no routes of table main: collect `ip route show table main`',
    ],
    ['ip-route6.txt', OUT6, 'the capture has no routes of table main: collect `ip -6 route show table main`'],
    ['iptables-save.txt', OUT, 'the capture has no netfilter rules of IPv4: collect `iptables-save` as root'],
    ['ip6tables-save.txt', OUT6, 'the capture has no netfilter rules of IPv6: collect `ip6tables-save` as root'],
  ])('without %s', (document, flow, text) => {
    const node = tinyNode({}, {[document]: null})
    expect(outcomeLines(node, flow)).toMatch(/^undetermined \(MISSING_INPUT\)/)
    expect(why(node, flow)).toEqual([text])
  })

  it('a table that a rule leads to and no listing covers', () => {
    const node = tinyNode(
      {},
      {'ip-rule.txt': '0: from all lookup local\n100: from all lookup 7\n32766: from all lookup main'},
    )
    expect(why(node, OUT)).toEqual(['the capture has no routes of table 7: collect `ip route show table 7`'])
    const [step] = (explainWords(node, OUT).explanation.outcomes[0]?.steps ?? []).slice(-1)
    expect(step).toMatchObject({
      kind: 'missing',
      target: 'MISSING_INPUT',
      text: '100: from all lookup 7',
      source: {document: 'ip-rule.txt', line: 2},
    })
  })

  it('… but one that is listed with nothing in it is empty', () => {
    const rules = '0: from all lookup local\n100: from all lookup 7\n32766: from all lookup main'
    const node = tinyNode({}, {'ip-rule.txt': rules, 'ip-route-table-7.txt': ''})
    expect(outcomeLines(node, OUT)).toMatch(/^(forwarded by eth0|undetermined)/)
  })

  it('the table default is taken as empty, as the kernel makes it', () => {
    const node = tinyNode({}, {'ip-route.txt': '10.0.9.9 dev veth0 scope link\n'})
    expect(outcomeLines(node, OUT)).toMatch(/^unroutable \(NO_ROUTE\)/)
    expect(assumed(node, OUT)).toHaveProperty('TABLE_DEFAULT_EMPTY')
  })

  it.each([
    [
      'filter and nat',
      {filter: '', nat: ''},
      'the tables raw, mangle and security of IPv4, which the capture does not show, do nothing',
    ],
    [
      'all but mangle',
      {filter: '', nat: '', raw: '', security: ''},
      'the table mangle of IPv4, which the capture does not show, does nothing',
    ],
  ])(
    'listings of %s alone: what holds if the other tables do nothing, and that this is not known',
    (_, tables, idle) => {
      const fragment = saveOf(tables).replace(/^#.*\n/gm, '')
      const node = tinyNode({}, {'iptables-save.txt': fragment})
      expect(outcomeLines(node, OUT)).toMatch(/^unless undetermined \(MISSING_INPUT\).*\nif forwarded by eth0/)
      const [unknown, known] = explainWords(node, OUT).explanation.outcomes
      expect(unknown?.conditions).toEqual([`unless ${idle} to the packet or its answer`])
      expect(known?.conditions).toEqual([`if ${idle} to the packet or its answer`])
      expect(why(node, OUT)[0]).toMatch(
        /^the (raw|mangle) table of iptables-legacy is not known .*: collect `iptables-legacy-save` as root$/,
      )
      expect(node.missing.map(({code}) => code)).toContain('TABLES')
    },
  )

  it('listings without nat or filter leave nothing to say', () => {
    const fragment = saveOf({raw: '', mangle: '', security: '', filter: '-A INPUT -m state --state NEW'}).replace(
      /^#.*\n/gm,
      '',
    )
    expect(outcomeLines(tinyNode({}, {'iptables-save.txt': fragment}), OUT)).toMatch(
      /^undetermined \(MISSING_INPUT\)[^\n]*$/,
    )
  })

  it('a chain that is jumped to and not there', () => {
    const save = saveOf({filter: '-A FORWARD -p tcp -j GONE\n-A GONE -j DROP'}).replace(/^(:GONE|-A GONE).*\n/gm, '')
    const node = tinyNode({}, {'iptables-save.txt': save})
    expect(why(node, OUT)).toEqual(['the rule jumps to a chain that the capture does not hold (filter GONE)'])
    expect(outcomeLines(node, {...OUT, proto: 'udp'})).toMatch(/^forwarded/)
  })

  it('a loop of chains, which no kernel loads', () => {
    const node = tinyNode({filter: '-A FORWARD -g A\n-A A -g B\n-A B -g A'})
    expect(outcomeLines(node, OUT)).toMatch(/^undetermined \(UNMODELLED_TARGET\)/)
    expect(why(node, OUT)).toEqual(['the chains of filter loop'])
  })

  it.each([
    ['a VRF rule', '100: from all lookup [l3mdev-table]', 'VRF tables are not modelled'],
    ['a selector that is not modelled', '100: from all tun_id 7 prohibit', null],
  ])('%s branches', (_, rule, text) => {
    const node = tinyNode(
      {},
      {'ip-rule.txt': `0: from all lookup local\n${rule}\n32766: from all lookup main\n32767: from all lookup default`},
    )
    const {outcomes} = explainWords(node, OUT).explanation
    // the answer meets the rule too
    expect(new Set(outcomes.map(({conditions}) => conditions[0]?.split(' ')[0]))).toEqual(new Set(['if', 'unless']))
    expect(outcomes.map(({disposition}) => disposition)).toContain('forwarded')
    if (text !== null) expect(why(node, OUT)).toEqual([text])
  })

  it.each([
    ['nat 8.8.8.8 via 10.0.0.9', 'routes of type nat are not modelled'],
    ['8.8.8.8 encap ip id 7 src 0.0.0.0 dst 10.0.0.9 ttl 0 tos 0 dev eth0', 'the packet leaves in a tunnel'],
  ])('the route `%s`', (route, text) => {
    const node = tinyNode(
      {},
      {'ip-route.txt': `${route}\ndefault via 10.0.0.1 dev eth0\n10.0.9.9 dev veth0 scope link\n`},
    )
    expect(outcomeLines(node, OUT)).toMatch(/^undetermined \(UNMODELLED_ROUTE\)/)
    expect(why(node, OUT)[0]).toContain(text)
  })
})

describe('a save that printed nothing', () => {
  it.each([
    ['iptables-save', 'iptables-save.txt', OUT],
    ['ip6tables-save', 'ip6tables-save.txt', OUT6],
  ])('%s: there are no rules, or they were not shown', (tool, document, flow) => {
    const {outcomes} = explainWords(tinyNode({}, {[document]: ''}), flow).explanation
    expect(outcomes.map(({disposition, conditions}) => [disposition, ...conditions])).toEqual([
      ['undetermined', `unless the node has no iptables rules (${document} is empty)`],
      ['forwarded', `if the node has no iptables rules (${document} is empty)`],
    ])
    expect(outcomes[0]?.steps?.at(-1)?.effect).toMatch(
      new RegExp(`^${document} is empty, which is also what ${tool} prints without root rights`),
    )
  })

  it('the other back end has rules: no branch', () => {
    const node = tinyNode(
      {},
      {
        'iptables-save.txt': null,
        'iptables-legacy-save.txt': '',
        'iptables-nft-save.txt': saveOf({filter: '-A FORWARD -j DROP'}),
      },
    )
    expect(outcomeLines(node, OUT)).toMatch(/^dropped/)
  })
})

describe('assumptions', () => {
  it('names the back end that is taken to hold nothing, unless both were captured', () => {
    expect(assumed(tinyNode(), OUT)).toMatchObject({
      OTHER_BACKEND: 'the capture holds the rules of iptables-legacy; iptables-nft is taken to hold none',
    })
    const nft = saveOf({filter: ''}).replace('v1.8.7', 'v1.8.7 (nf_tables)')
    expect(assumed(tinyNode({}, {'iptables-save.txt': nft}), OUT)).toMatchObject({
      OTHER_BACKEND: expect.stringMatching(/^the capture holds the rules of iptables-nft/) as string,
    })
    const both = {
      'iptables-save.txt': null,
      'iptables-legacy-save.txt': saveOf({filter: ''}),
      'iptables-nft-save.txt': nft,
    }
    expect(assumed(tinyNode({}, both), OUT)).not.toHaveProperty('OTHER_BACKEND')
  })

  it('ip_forward is taken as 1 without a sysctl', () => {
    expect(assumed(tinyNode({}, {'sysctl.txt': null}), OUT)).toMatchObject({
      IP_FORWARD: 'no sysctl in the capture: ip_forward taken as 1',
    })
    expect(assumed(tinyNode(), OUT)).not.toHaveProperty('IP_FORWARD')
    expect(assumed(tinyNode({}, {'sysctl.txt': null}), OUT6)).toMatchObject({
      IP_FORWARD: 'no sysctl in the capture: net.ipv6.conf.all.forwarding taken as 1',
    })
  })

  const asymmetric = {src: '9.9.9.9', dst: '10.0.9.9', proto: 'udp', iif: 'eth1'}
  const RP_FILTER =
    'no sysctl in the capture: rp_filter of eth1 taken as 0 or loose (2); strict (1) would drop this packet'
  const rules = {
    'ip-rule.txt':
      '0: from all lookup local\n512: from all to 1.1.1.1 lookup main\n32766: from all lookup main\n32767: from all lookup default',
  }

  it('rp_filter is taken as not strict where strict would drop', () => {
    const noSysctl = tinyNode({}, {...rules, 'sysctl.txt': null})
    expect(assumed(noSysctl, asymmetric)).toMatchObject({RP_FILTER})
    expect(assumed(noSysctl, {...asymmetric, iif: 'eth0'})).not.toHaveProperty('RP_FILTER')
    expect(assumed(tinyNode({}, rules), asymmetric)).not.toHaveProperty('RP_FILTER')
    expect(outcomeLines(noSysctl, asymmetric)).toMatch(/^forwarded by veth0/)
  })

  it("rp_filter is taken as not strict, also where the policy rules are the kernel's own", () => {
    expect(assumed(tinyNode({}, {'sysctl.txt': null}), asymmetric)).toMatchObject({RP_FILTER})
  })

  it('a value of conf/default that stands in for an interface is told', () => {
    const node = tinyNode(
      {},
      {...rules, 'sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.default.rp_filter = 2\n'},
    )
    const texts = explainWords(node, asymmetric).assumptions.flatMap(({code, text}) =>
      code === 'SYSCTL_DEFAULT' ? [text] : [],
    )
    expect(texts).toContain('rp_filter of eth1 is not in the capture: taken from conf/default (2)')
  })

  it('route_localnet is taken as 0', () => {
    const node = tinyNode({nat: '-A PREROUTING -j DNAT --to-destination 127.0.0.1'}, {'sysctl.txt': null})
    const flow = {src: '9.9.9.9', dst: '10.0.0.2', proto: 'udp', iif: 'eth0'}
    expect(assumed(node, flow)).toMatchObject({
      SYSCTL_ROUTE_LOCALNET: 'no sysctl in the capture: route_localnet of eth0 taken as 0',
    })
    expect(outcomeLines(node, flow)).toMatch(/^dropped \(MARTIAN_DESTINATION\)/)
  })

  it("the node's own addresses come from `src` hints and SNAT rules where nothing lists them", () => {
    const node = tinyNode({nat: '-A POSTROUTING -j AWS\n-A AWS -j SNAT --to-source 10.0.0.55'}, {'ip-addr.txt': null})
    const into = (dst: string): string =>
      outcomeLines(node, {src: '9.9.9.9', dst, proto: 'udp', iif: 'eth0'}).replace(/:.*/, '')
    expect(into('10.0.0.2')).toBe('delivered')
    expect(into('10.0.1.2')).toBe('delivered')
    expect(into('10.0.0.55')).toBe('delivered')
    expect(into('127.0.0.1')).toBe('dropped (MARTIAN_DESTINATION)')
    expect(into('10.0.0.7')).toBe('forwarded by eth0')
    expect(assumed(node, OUT)).toHaveProperty('LOCAL_ADDRESSES')
    expect(assumed(tinyNode(), OUT)).not.toHaveProperty('LOCAL_ADDRESSES')
  })

  it('MASQUERADE takes its address from a route hint then', () => {
    const node = tinyNode({nat: '-A POSTROUTING -j MASQUERADE'}, {'ip-addr.txt': null})
    expect(outcomeLines(node, OUT)).toMatch(/tcp 10\.0\.0\.2:4000/)
    expect(assumed(node, OUT)).toMatchObject({
      MASQUERADE_ADDRESS: 'no `ip addr` in the capture: the address of eth0 is taken from route hints',
    })
  })

  it('each is told once', () => {
    const node = tinyNode(
      {filter: '-A FORWARD -m u32 --u32 "1=1"\n-A FORWARD -m statistic --mode random --probability 0.5'},
      {'sysctl.txt': null},
    )
    const codes = explainWords(node, OUT).assumptions.map(({code, text}) => `${code} ${text}`)
    expect(codes).toEqual([...new Set(codes)])
  })
})
