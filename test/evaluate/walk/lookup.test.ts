import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

/** How a flow ends; scenarios of test/kernel show the kernel doing the same. */
function end(documents: Record<string, string>, flow: FlowWords): string {
  const {outcomes} = explainWords(tinyNode({}, documents), flow, {steps: false}).explanation
  return outcomes
    .map(({disposition, reason, egress}) => `${disposition} ${reason ?? egress?.interface ?? ''}`.trim())
    .join(', ')
}

const UDP: FlowWords = {src: '9.9.9.9', dst: '10.7.0.1', proto: 'udp', sport: 4000, dport: 53, iif: 'eth0'}

describe('suppress_ifgroup', () => {
  const grouped = (group: string): string => `
    1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP group default qlen 1000
        inet 10.0.0.2/24 brd 10.0.0.255 scope global eth0
    3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP group ${group} qlen 1000
        inet 10.0.1.2/24 brd 10.0.1.255 scope global eth1`
  const documents = (rule: string, group: string): Record<string, string> => ({
    'ip-addr.txt': grouped(group),
    'ip-rule.txt': `0: from all lookup local\n100: from all lookup 9 ${rule}\n32766: from all lookup main`,
    'ip-route.txt':
      'default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 scope link\n10.7.0.0/16 via 10.0.1.1 dev eth1 table 9\nblackhole 10.8.0.0/16 table 9',
  })

  it.each([
    ['a result by a device of the group does not count', 'suppress_ifgroup 7', '7', UDP, 'forwarded eth0'],
    ['one by a device of another does', 'suppress_ifgroup 7', '8', UDP, 'forwarded eth1'],
    ['one by a device of no group does', 'suppress_ifgroup 7', 'default', UDP, 'forwarded eth1'],
    ['without the word all do', '', '7', UDP, 'forwarded eth1'],
    [
      'the other word beside it suppresses too',
      'suppress_prefixlength 16 suppress_ifgroup 7',
      '8',
      UDP,
      'forwarded eth0',
    ],
    ['… not what is longer', 'suppress_prefixlength 15 suppress_ifgroup 7', '8', UDP, 'forwarded eth1'],
    ['a failure has no device', 'suppress_ifgroup 7', '7', {...UDP, dst: '10.8.0.1'}, 'unroutable BLACKHOLE'],
  ])('%s', (_, rule, group, flow, expected) => {
    expect(end(documents(rule, group), flow)).toBe(expected)
  })
})

describe('IPv6 routes to one prefix', () => {
  const UDP6: FlowWords = {...UDP, src: '2001:db8:fffe::9'}
  const documents = {
    'ip-route6.txt': `
      2001:db8::/64 dev eth0 metric 256
      fd00:77::/64 dev eth1 metric 5
      fd00:77::/64 dev eth0 metric 5
      prohibit fd00:78::/64 dev lo metric 5
      fd00:78::/64 dev eth0 metric 5
      fd00:79::/64 dev eth1 metric 5
      fd00:79::/64 dev eth0 metric 6
      default via fe80::1 dev eth0 metric 1024`,
  }

  it.each([
    ['of one metric: the one by the ingress device', {...UDP6, dst: 'fd00:77::1'}, 'forwarded eth0'],
    ['… whichever that is', {...UDP6, dst: 'fd00:77::1', iif: 'eth1'}, 'forwarded eth1'],
    ['… else the first', {...UDP6, dst: 'fd00:77::1', iif: 'veth0'}, 'forwarded eth1'],
    [
      'the node’s own take the first',
      {...UDP6, src: '2001:db8::2', dst: 'fd00:77::1', iif: undefined},
      'forwarded eth1',
    ],
    ['before one that is no way', {...UDP6, dst: 'fd00:78::1'}, 'forwarded eth0'],
    ['… which else is the first', {...UDP6, dst: 'fd00:78::1', iif: 'veth0'}, 'unroutable PROHIBIT'],
    ['of a lower metric: that one', {...UDP6, dst: 'fd00:79::1'}, 'forwarded eth1'],
  ])('%s', (_, flow, expected) => {
    expect(end(documents, flow)).toBe(expected)
  })
})
