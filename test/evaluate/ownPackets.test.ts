import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {outcomeLines} from '../support/outcomeLines.js'
import {tinyNode} from '../support/tinyNode.js'

const UDP: FlowWords = {src: null, dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}
const TCP: FlowWords = {...UDP, proto: 'tcp'}

describe('what the node sends itself', () => {
  it.each<[string, FlowWords, string]>([
    ['to 0.0.0.0: itself', {...UDP, dst: '0.0.0.0'}, 'delivered: udp 127.0.0.1:4000 → 127.0.0.1:53'],
    [
      'to 0.0.0.0 from an address: that address',
      {...UDP, src: '10.0.0.2', dst: '0.0.0.0'},
      'delivered: udp 10.0.0.2:4000 → 10.0.0.2:53',
    ],
    ['to an own address', {...UDP, dst: '10.0.1.2'}, 'delivered: udp 10.0.1.2:4000 → 10.0.1.2:53'],
    ['to 127.0.0.1', {...UDP, dst: '127.0.0.1'}, 'delivered: udp 127.0.0.1:4000 → 127.0.0.1:53'],
    [
      'from an own address to another',
      {...UDP, src: '10.0.0.2', dst: '10.0.1.2'},
      'delivered: udp 10.0.0.2:4000 → 10.0.1.2:53',
    ],
    [
      'to all ones from an address: by its device, no table asked',
      {...UDP, src: '10.0.1.2', dst: '255.255.255.255'},
      'forwarded by eth1: udp 10.0.1.2:4000 → 255.255.255.255:53',
    ],
    [
      'to all ones, bound to a device',
      {...UDP, dst: '255.255.255.255', oif: 'eth1'},
      'forwarded by eth1: udp 10.0.1.2:4000 → 255.255.255.255:53',
    ],
    [
      'to all ones, unbound: by the default route',
      {...UDP, dst: '255.255.255.255'},
      'forwarded by eth0: udp 10.0.0.2:4000 → 255.255.255.255:53',
    ],
    [
      'to a group from an address: by its device',
      {...UDP, src: '10.0.1.2', dst: '239.1.1.1'},
      'forwarded by eth1: udp 10.0.1.2:4000 → 239.1.1.1:53',
    ],
    [
      'to a group, bound to a device',
      {...UDP, dst: '239.1.1.1', oif: 'eth0'},
      'forwarded by eth0: udp 10.0.0.2:4000 → 239.1.1.1:53',
    ],
    [
      'bound to a device without a route: taken to be on its link',
      {...UDP, oif: 'veth0'},
      'forwarded by veth0: udp 10.0.0.2:4000 → 8.8.8.8:53',
    ],
    [
      'bound to a device with another default',
      {...UDP, oif: 'eth1', src: '10.0.1.2'},
      'forwarded by eth1: udp 10.0.1.2:4000 → 8.8.8.8:53',
    ],
    [
      'from an address that is not its own',
      {...UDP, src: '10.9.9.9', iif: 'lo'},
      'unroutable (INVALID_SOURCE): udp 10.9.9.9:4000 → 8.8.8.8:53',
    ],
    [
      'from a group',
      {...UDP, src: '239.1.1.1', iif: 'lo'},
      'unroutable (INVALID_SOURCE): udp 239.1.1.1:4000 → 8.8.8.8:53',
    ],
    [
      'from all ones',
      {...UDP, src: '255.255.255.255', iif: 'lo'},
      'unroutable (INVALID_SOURCE): udp 255.255.255.255:4000 → 8.8.8.8:53',
    ],
    ['from 0.0.0.9', {...UDP, src: '0.0.0.9', iif: 'lo'}, 'unroutable (INVALID_SOURCE): udp 0.0.0.9:4000 → 8.8.8.8:53'],
    ['to 0.0.0.9', {...UDP, dst: '0.0.0.9'}, 'unroutable (MARTIAN_DESTINATION): udp 0.0.0.0:4000 → 0.0.0.9:53'],
    [
      'TCP to a broadcast',
      {...TCP, dst: '10.0.0.255'},
      'unroutable (NOT_FORWARDABLE): tcp 10.0.0.2:4000 → 10.0.0.255:53',
    ],
    [
      'TCP to all ones',
      {...TCP, src: '10.0.0.2', dst: '255.255.255.255'},
      'unroutable (NOT_FORWARDABLE): tcp 10.0.0.2:4000 → 255.255.255.255:53',
    ],
    [
      'IPv6 from an address that is not its own',
      {...UDP, src: '2001:db8::77', dst: '2001:db8:ffff::8', iif: 'lo'},
      'unroutable (INVALID_SOURCE): udp 2001:db8::77:4000 → 2001:db8:ffff::8:53',
    ],
    ['IPv6 to itself', {...UDP, dst: '::1'}, 'delivered: udp ::1:4000 → ::1:53'],
    ['IPv6 to an own address', {...UDP, dst: '2001:db8::2'}, 'delivered: udp 2001:db8::2:4000 → 2001:db8::2:53'],
    [
      'IPv6 to a neighbour by link-local address',
      {...UDP, dst: 'fe80::77', oif: 'veth0'},
      'forwarded by veth0: udp fe80::99:4000 → fe80::77:53',
    ],
  ])('%s', (_, flow, expected) => {
    expect(outcomeLines(tinyNode(), flow)).toBe(expected)
  })

  it('TCP to a group, by the default route', () => {
    expect(outcomeLines(tinyNode(), {...TCP, dst: '239.1.1.1'})).toMatch(/^unroutable \(NOT_FORWARDABLE\)/)
  })

  it('a TCP connect without a source is routed again with it: `from` rules then apply; UDP is not', () => {
    const node = tinyNode(
      {},
      {
        'ip-rule.txt':
          '0: from all lookup local\n100: from 10.0.0.2 lookup 7\n32766: from all lookup main\n32767: from all lookup default',
        'ip-route.txt':
          'default via 10.0.1.1 dev eth1 table 7\ndefault via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 scope link src 10.0.0.2\n',
      },
    )
    expect(outcomeLines(node, TCP)).toBe('forwarded by eth1: tcp 10.0.0.2:4000 → 8.8.8.8:53')
    expect(outcomeLines(node, UDP)).toBe('forwarded by eth0: udp 10.0.0.2:4000 → 8.8.8.8:53')
    const stages = explainWords(node, TCP)
      .explanation.outcomes[0]?.steps?.filter(({kind}) => kind === 'ip-rule')
      .map(({stage}) => stage)
    expect(stages).toEqual(['routing', 'routing (again, with its source)'])
    // where it changes nothing it is not written twice
    const plain = explainWords(tinyNode(), TCP).explanation.outcomes[0]?.steps?.filter(({kind}) => kind === 'ip-rule')
    expect(plain).toHaveLength(1)
  })

  it('uidrange may match what a socket sends, and counts all else as user 0', () => {
    const node = (range: string) =>
      tinyNode(
        {},
        {
          'ip-rule.txt': `0: from all lookup local\n100: from all uidrange ${range} prohibit\n32766: from all lookup main\n32767: from all lookup default`,
        },
      )
    expect(outcomeLines(node('1000-2000'), UDP)).toBe(
      'if unroutable (PROHIBIT): udp 0.0.0.0:4000 → 8.8.8.8:53\nunless forwarded by eth0: udp 10.0.0.2:4000 → 8.8.8.8:53',
    )
    const transit = {...UDP, src: '10.0.9.9'}
    expect(outcomeLines(node('1000-2000'), transit)).toMatch(/^forwarded/)
    expect(outcomeLines(node('0-2000'), transit)).toMatch(/^unroutable/)
  })

  it('over lo it comes back in with its mark and connection: no second route, and nat is through with it', () => {
    const node = tinyNode({
      raw: '-A OUTPUT -o lo\n-A PREROUTING -i lo',
      mangle: '-A OUTPUT -j MARK --set-mark 0x5\n-A PREROUTING -m mark --mark 0x5\n-A INPUT -i lo',
      nat: '-A OUTPUT -p tcp -j REDIRECT --to-ports 9\n-A PREROUTING -p tcp -j DROP\n-A INPUT -p tcp\n-A POSTROUTING -o lo',
      filter: '-A OUTPUT -p tcp\n-A INPUT -i lo -m conntrack --ctstate NEW',
    })
    const [outcome] = explainWords(node, {...TCP, dst: '10.0.0.2'}).explanation.outcomes
    const rules = outcome?.steps
      ?.filter(({kind}) => kind === 'chain-rule')
      .map(({table, chain, rule}) => `${table} ${chain} ${rule}`)
    expect(rules).toEqual([
      'raw OUTPUT 1',
      'mangle OUTPUT 1',
      'nat OUTPUT 1',
      'filter OUTPUT 1',
      'nat POSTROUTING 1',
      'raw PREROUTING 1',
      'mangle PREROUTING 1',
      'mangle INPUT 1',
      'filter INPUT 1',
    ])
    expect(outcome?.packet).toMatchObject({dst: '127.0.0.1', dport: 9, mark: 5})
  })
})
