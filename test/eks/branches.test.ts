import {describe, expect, it} from '@jest/globals'
import {describeAddress, describeInterface, identify, interfaceRole} from '../../src/eks/index.js'
import {formatAddress, parseIpv4} from '../../src/net/index.js'
import {nodeFrom} from '../support/nodeFrom.js'

/** Two pods with security groups of their own, in strict mode, and one of ipamd's. */
const node = identify(
  nodeFrom({
    'ip-rule.txt': `
      10:	from all iif vlan.eth.2 lookup 102
      10:	from all iif vlan1c357e15edb lookup 102
      10:	from all iif vlan.eth.1 lookup 101
      10:	from all iif vlan015fbd5badf lookup 101
      20:	from all lookup local
      512:	from all to 172.31.3.129 lookup main
      1024:	from all fwmark 0x80/0x80 lookup main
      32766:	from all lookup main
      32767:	from all lookup default
    `,
    'ip-route.txt': `
      default via 172.31.0.1 dev vlan.eth.1 table 101
      172.31.0.1 dev vlan.eth.1 table 101 scope link
      172.31.2.37 dev vlan015fbd5badf table 101 scope link
      default via 172.31.0.1 dev vlan.eth.2 table 102
      172.31.9.169 dev vlan1c357e15edb table 102 scope link
      default via 172.31.0.1 dev eth0
      172.31.0.0/20 dev eth0 proto kernel scope link src 172.31.0.225
      172.31.3.129 dev eni1e3dd7d66d7 scope link
      local 172.31.0.225 dev eth0 table local proto kernel scope host src 172.31.0.225
      local 172.31.12.57 dev eth2 table local proto kernel scope host src 172.31.12.57
    `,
    'ip-link.txt': `
      2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP
          link/ether 02:f0:a2:fb:16:95 brd ff:ff:ff:ff:ff:ff
      6: eth2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP
          link/ether 02:76:e9:96:26:c3 brd ff:ff:ff:ff:ff:ff
      8: vlan.eth.2@eth2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc noqueue state UP
          link/ether 02:fc:a9:d7:13:2b brd ff:ff:ff:ff:ff:ff
      10: vlan.eth.1@eth2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc noqueue state UP
          link/ether 02:af:7e:67:89:e3 brd ff:ff:ff:ff:ff:ff
    `,
  }),
)

describe('pods with security groups of their own', () => {
  it('finds them by their routes, without names, and their branches by the rules for their veths', () => {
    const rows = node.pods.map(pod => [
      formatAddress(pod.address),
      pod.hostInterface?.value,
      pod.table?.value,
      node.eniOfPod(pod)?.value.vlan,
    ])
    expect(rows).toEqual([
      ['172.31.2.37', 'vlan015fbd5badf', 101, 1],
      ['172.31.3.129', 'eni1e3dd7d66d7', 254, null],
      ['172.31.9.169', 'vlan1c357e15edb', 102, 2],
    ])
    expect(node.pods.map(({name}) => name)).toEqual([null, null, null])
  })

  it('knows trunk and branches', () => {
    expect(node.enis.map(eni => [eni.role, eni.interface?.value, eni.table?.value])).toEqual([
      ['primary', 'eth0', 254],
      ['trunk', 'eth2', undefined],
      ['branch', 'vlan.eth.1', 101],
      ['branch', 'vlan.eth.2', 102],
    ])
    expect(interfaceRole(node, 'eth2')).toBe('trunk ENI')
    expect(describeInterface(node, 'vlan.eth.1')).toBe('vlan.eth.1 (branch ENI, VLAN 1, table 101)')
    expect(describeInterface(node, 'vlan015fbd5badf')).toBe('vlan015fbd5badf (a pod)')
    expect(describeInterface(node, 'vlan00000000000')).toBe('vlan00000000000 (pod)')
    expect(describeAddress(node, parseIpv4('172.31.12.57')!)).toBe('172.31.12.57 (this node, eth2)')
  })
})
