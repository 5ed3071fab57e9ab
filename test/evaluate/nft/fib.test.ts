import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}
const IN: FlowWords = {...OUT, dst: '10.0.0.2'}
const OWN: FlowWords = {...OUT, src: '10.0.0.2'}
const OUT6: FlowWords = {...OUT, src: '2001:db8:9::9', dst: '2001:db8:ffff::8'}
const IN6: FlowWords = {...OUT6, dst: '2001:db8::2'}

/** Does a rule with this expression match in a hook? Marks route nothing of their own here. */
function holds(
  expression: string,
  flow: FlowWords,
  hook = 'prerouting',
  documents: Record<string, string> = {},
): boolean {
  const nft = `table inet t {\n\tchain c {\n\t\ttype filter hook ${hook} priority 10; policy accept;\n\t\t${expression} drop\n\t}\n}\n`
  const {outcomes} = explainWords(tinyNode({}, {'nft-ruleset.txt': nft, ...documents}), flow, {
    steps: false,
  }).explanation
  const [disposition, ...others] = new Set(outcomes.map(outcome => outcome.disposition))
  expect(others).toEqual([])
  return disposition === 'dropped'
}

const ALL =
  'default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 scope link\n10.0.1.0/24 dev eth1 scope link\n10.0.9.9 dev veth0 scope link\n'

describe('fib … type', () => {
  it.each<[string, FlowWords, string, boolean]>([
    ['fib daddr type local', IN, 'prerouting', true],
    ['fib daddr type local', OUT, 'prerouting', false],
    ['fib daddr type unicast', OUT, 'prerouting', true],
    ['fib saddr type local', OWN, 'output', true],
    ['fib saddr type local', OUT, 'prerouting', false],
    ['fib saddr type unicast', OUT, 'prerouting', true],
    ['fib daddr type broadcast', {...OUT, dst: '10.0.0.255'}, 'prerouting', true],
    ['fib daddr type multicast', {...OWN, dst: '224.0.0.1'}, 'output', true],
    // the device that the packet is at, or none
    ['fib daddr . iif type local', {...IN, iif: 'eth0', src: '9.9.9.9'}, 'prerouting', true],
    ['fib daddr . iif type local', IN, 'prerouting', false],
    ['fib saddr . oif type local', OWN, 'postrouting', true],
    ['fib saddr . oif type local', {...OWN, src: '10.0.1.2'}, 'postrouting', false],
    ['fib saddr type local', {...OWN, src: '10.0.1.2'}, 'postrouting', true],
    ['fib daddr type local', IN6, 'prerouting', true],
    ['fib daddr type local', OUT6, 'prerouting', false],
    ['fib daddr type unicast', OUT6, 'prerouting', true],
    ['fib daddr type unicast', {...OUT6, dst: '::ffff:8.8.8.8'}, 'prerouting', false],
    ['fib daddr type unspec', {...OUT6, dst: '::ffff:8.8.8.8'}, 'prerouting', true],
    ['fib daddr type unspec', OUT6, 'prerouting', false],
    // link-local addresses are those of the device that the packet came in by
    ['fib daddr type local', {...OUT6, dst: 'fe80::99'}, 'prerouting', true],
    ['fib daddr type local', {...OUT6, dst: 'fe80::2'}, 'prerouting', false],
    ['fib saddr type local', {...OUT6, src: 'fe80::2', dst: '2001:db8::77'}, 'postrouting', true],
  ])('%s of %o in %s: %s', (expression, flow, hook, expected) => {
    expect(holds(expression, flow, hook)).toBe(expected)
  })
})

describe('fib … oif', () => {
  it.each<[string, FlowWords, string, boolean]>([
    ['fib daddr oifname "eth0"', OUT, 'prerouting', true],
    ['fib daddr oifname "eth1"', OUT, 'prerouting', false],
    ['fib saddr oifname "veth0"', OUT, 'prerouting', true],
    ['fib saddr oifname "eth0"', OUT, 'prerouting', false],
    ['fib saddr . iif oif exists', OUT, 'prerouting', true],
    ['fib saddr . iif oif missing', OUT, 'prerouting', false],
    ['fib saddr . iif oif missing', {...OUT, iif: 'eth1'}, 'prerouting', true],
    ['fib saddr . iif oif exists', {...OUT, iif: 'eth1'}, 'prerouting', false],
    ['fib saddr oif exists', {...OUT, iif: 'eth1'}, 'prerouting', true],
    ['fib daddr . oif oif exists', OWN, 'postrouting', true],
    ['fib daddr . oif oifname "eth0"', OWN, 'postrouting', true],
    // what is the node's own leads to no device
    ['fib daddr oif missing', IN, 'prerouting', true],
    ['fib daddr oif exists', IN, 'prerouting', false],
    ['fib daddr oif exists', {...OWN, dst: '10.0.1.2'}, 'input', true],
    ['fib daddr oifname "lo"', {...OWN, dst: '10.0.1.2'}, 'input', true],
    ['fib daddr oif missing', {...OWN, dst: '10.0.1.2'}, 'output', true],
    // DHCP: of no address, to everybody
    ['fib saddr oifname "eth1"', {...OUT, src: '0.0.0.0', dst: '255.255.255.255', iif: 'eth1'}, 'prerouting', true],
    ['fib saddr . iif oif exists', {...OUT, src: '0.0.0.0', dst: '255.255.255.255', iif: 'eth1'}, 'prerouting', true],
    ['fib saddr . iif oif exists', {...OUT, src: '0.0.0.0', dst: '224.0.0.1', iif: 'eth1'}, 'prerouting', true],
    ['fib daddr oifname "eth0"', OUT6, 'prerouting', true],
    ['fib saddr . iif oif exists', OUT6, 'prerouting', true],
    ['fib saddr . iif oif exists', {...OUT6, iif: 'eth1'}, 'prerouting', false],
    ['fib saddr oif exists', {...OUT6, iif: 'eth0'}, 'prerouting', true],
    ['fib daddr oif missing', IN6, 'prerouting', true],
  ])('%s of %o in %s: %s', (expression, flow, hook, expected) => {
    expect(holds(expression, flow, hook)).toBe(expected)
  })

  it('asks the rules by mark only where it is told to', () => {
    const documents = {
      'ip-rule.txt': '0: from all lookup local\n100: from all fwmark 0x1 lookup 9\n32766: from all lookup main',
      'ip-route.txt': `${ALL}default via 10.0.1.1 dev eth1 table 9`,
    }
    const marked = {...OUT, mark: 1}
    expect(holds('fib daddr . mark oifname "eth1"', marked, 'prerouting', documents)).toBe(true)
    expect(holds('fib daddr . mark oifname "eth1"', OUT, 'prerouting', documents)).toBe(false)
    expect(holds('fib daddr oifname "eth0"', marked, 'prerouting', documents)).toBe(true)
  })

  it('knows the other address, unless that is nobody’s', () => {
    const documents = {
      'ip-rule.txt':
        '0: from all lookup local\n100: from 10.0.9.9 lookup 9\n101: from 0.0.0.0 lookup 8\n32766: from all lookup main',
      'ip-route.txt': `${ALL}default via 10.0.1.1 dev eth1 table 9`,
    }
    expect(holds('fib daddr oifname "eth1"', OUT, 'prerouting', documents)).toBe(true)
    const back = {...OUT, src: '8.8.8.8', dst: '10.0.9.9', iif: 'eth0'}
    expect(holds('fib saddr oifname "eth1"', back, 'prerouting', documents)).toBe(true)
    const toGroup = {...OUT, src: '8.8.8.8', dst: '224.0.0.1', iif: 'eth0'}
    expect(holds('fib saddr oifname "eth0"', toGroup, 'prerouting', documents)).toBe(true)
  })

  it('asks the rules as a packet of the node’s own, in IPv6 as one of the ingress device', () => {
    const rules = '0: from all lookup local\n100: from all iif veth0 lookup 9\n32766: from all lookup main'
    const documents = {'ip-rule.txt': rules, 'ip-route.txt': `${ALL}default via 10.0.1.1 dev eth1 table 9`}
    expect(holds('fib daddr oifname "eth0"', OUT, 'prerouting', documents)).toBe(true)
    const documents6 = {
      'ip-rule6.txt': rules,
      'ip-route6.txt':
        '2001:db8:9::9 dev veth0 metric 1024\ndefault via fe80::1 dev eth0 metric 1024\ndefault via fe80::1 dev eth1 table 9 metric 1024',
    }
    expect(holds('fib daddr oifname "eth1"', OUT6, 'prerouting', documents6)).toBe(true)
  })

  it('a device among several hops', () => {
    const documents = {
      'ip-route.txt':
        '10.0.0.0/24 dev eth0 scope link\n10.0.1.0/24 dev eth1 scope link\ndefault nexthop via 10.0.0.1 dev eth0 weight 1 nexthop via 10.0.1.1 dev eth1 weight 1\n',
    }
    const from = {...OUT, src: '9.9.9.9', dst: '10.0.0.2'}
    expect(holds('fib saddr . iif oif exists', {...from, iif: 'eth1'}, 'input', documents)).toBe(true)
    expect(holds('fib saddr . iif oif exists', {...from, iif: 'eth0'}, 'input', documents)).toBe(true)
    expect(holds('fib saddr . iif oif exists', {...from, iif: 'veth0'}, 'input', documents)).toBe(false)
  })
})
