import {readFileSync} from 'node:fs'
import {describe, expect, it} from '@jest/globals'
import {type EksNode, identify, podText} from '../../src/eks/index.js'
import {formatAddress} from '../../src/net/index.js'
import {nodeFrom} from '../support/nodeFrom.js'

const RULES = `
  0:	from all lookup local
  512:	from all to 10.0.3.17 lookup main
  512:	from all to 10.0.5.77 lookup main
  1536:	from 10.0.5.77 lookup 2
  32766:	from all lookup main
`
const ROUTES = `
  default via 10.0.0.1 dev ens5
  10.0.3.17 dev eni1a2b3c4d5e6 scope link
  10.0.5.77 dev enib055e57f00d scope link
  default via 10.0.0.1 dev ens6 table 2
`
const fixture = (name: string): string => readFileSync(`fixtures/ipamd/${name}`, 'utf8')
const nodeOfEra = (enis: string, more: Record<string, string> = {}): EksNode =>
  identify(nodeFrom({'ip-rule.txt': RULES, 'ip-route.txt': ROUTES, 'ipamd-enis.json': fixture(enis), ...more}))
const tables = (node: EksNode): unknown[] =>
  node.enis.map(eni => [eni.interface?.value, eni.table?.value, eni.table?.basis, eni.table?.proven])

describe('findEnis', () => {
  it.each(['enis-v1.5-1.6.json', 'enis-v1.7-1.8.json', 'enis-v1.9-1.10.json', 'enis-v1.11-1.19.json'])(
    'joins the ENIs of %s by the rules of their pods',
    file => {
      expect(tables(nodeOfEra(file))).toEqual([
        ['ens5', 254, 'the primary ENI uses main', true],
        ['ens6', 2, 'the rules of its pods', true],
      ])
    },
  )

  it.each(['enis-v1.20-1.21.json', 'enis-v1.22.json', 'enis-v1.23-scrubbed.json'])(
    'joins the ENIs of %s by what ipamd says',
    file => {
      expect(tables(nodeOfEra(file))).toEqual([
        ['ens5', 254, 'the primary ENI uses main', true],
        ['ens6', 2, "ipamd's RouteTableID", true],
      ])
    },
  )

  it('falls back to the formula only where a table of that number exists, and says so', () => {
    const idle = RULES.replace(/^.*10\.0\.5\.77.*\n/gm, '')
    const node = nodeOfEra('enis-v1.7-1.8.json', {'ip-rule.txt': idle})
    expect(tables(node)[1]).toEqual(['ens6', 2, "the CNI's formula, device number + 1", false])
    expect(node.enis[1]?.interface?.proven).toBe(false)
    const bare = nodeOfEra('enis-v1.7-1.8.json', {
      'ip-rule.txt': idle,
      'ip-route.txt': 'default via 10.0.0.1 dev ens5\n',
    })
    expect(bare.enis[1]).toMatchObject({table: null, interface: null})
  })

  it('does not follow a rule that an earlier owner of an address left behind', () => {
    const stale = `${RULES}  1536:	from 10.0.5.78 lookup 7\n`
    expect(nodeOfEra('enis-v1.7-1.8.json', {'ip-rule.txt': stale}).enis[1]?.table?.value).not.toBe(7)
  })

  it('lists interfaces with a table of their own where ipamd says nothing', () => {
    const node = identify(nodeFrom({'ip-rule.txt': RULES, 'ip-route.txt': ROUTES}))
    expect(node.enis.map(eni => [eni.id, eni.role, eni.interface?.value, eni.table?.value])).toEqual([
      [null, 'primary', 'ens5', 254],
      [null, 'secondary', 'ens6', 2],
    ])
    expect(node.pods.map(pod => [formatAddress(pod.address), podText(pod), node.eniOfPod(pod)?.proven])).toEqual([
      ['10.0.3.17', null, false],
      ['10.0.5.77', null, true],
    ])
  })
})

describe('findPods', () => {
  it('prefers the name of the checkpoint, and finds a veth by it where there is no route', () => {
    const node = nodeOfEra('enis-v1.23-scrubbed.json', {
      'ipamd-checkpoint.json': fixture('ipam.json'),
      'ip-link.txt': '9: eni18582a65b10@if3: <BROADCAST,UP> mtu 9001\n    link/ether 02:00:00:00:00:01\n',
    })
    const [first, , , last] = node.pods
    expect(node.pods.map(podText)).toEqual([
      'kube-system/coredns-6b9c8d7f5-x2kzq',
      'shop/web-7d4b9c-abcde',
      'shop/web-7d4b9c-fghij',
      'shop/cart-0',
    ])
    expect(first?.name?.basis).toBe("ipamd's checkpoint")
    expect(first?.containerId).toHaveLength(64)
    expect(last?.routes).toEqual([])
    expect(last?.hostInterface).toMatchObject({value: 'eni18582a65b10', proven: false})
  })
})
