import {applyEdits} from '../../../src/edit/index.js'
import {explain, parseFlowLine} from '../../../src/explain/index.js'
import type {JsonWhy} from '../../../src/model/index.js'
import {HEALTHY} from '../../audit/healthyNode.js'
import {nodeFrom} from '../../support/nodeFrom.js'
import {ENDPOINT, LISTING, withoutMarks} from './nftListing.js'

const SAVE = withoutMarks(HEALTHY['iptables-save.txt'] ?? '')

const node = nodeFrom({...HEALTHY, 'iptables-save.txt': SAVE, 'nft-ruleset.txt': LISTING})
const plain = nodeFrom({
  ...HEALTHY,
  'iptables-save.txt': SAVE,
  'nft-ruleset.txt': LISTING.replace(/ # handle \d+/g, ''),
})

const FLOWS = {
  service: {src: '10.0.3.17', dst: '172.20.0.8', proto: 'tcp', dport: 80},
  own: {src: null, dst: '172.20.0.8', proto: 'tcp', dport: 80},
  internet: {src: '10.0.5.77', dst: '203.0.113.10', proto: 'tcp', dport: 443},
  vpc: {src: '10.0.5.77', dst: '10.0.44.9', proto: 'tcp', dport: 5432},
  kubelet: {src: '10.0.44.9', dst: '10.0.1.10', proto: 'tcp', dport: 10250, iif: 'ens5'},
} as const

function whysOf(flow: keyof typeof FLOWS, damage: string, state = node): JsonWhy[] {
  const damaged = damage === '' ? state : applyEdits(state, [damage]).state
  const [explanation] = explain(damaged, [parseFlowLine(JSON.stringify(FLOWS[flow]))]).explanations
  return explanation?.why ?? []
}

describe('rules of nftables', () => {
  test.each(Object.keys(FLOWS) as (keyof typeof FLOWS)[])('%s needs no why on the healthy node', flow => {
    expect(whysOf(flow, '')).toEqual([])
  })

  test.each([
    [
      'service',
      'nft delete rule ip kube-proxy nat-prerouting handle 9',
      'nft add rule ip kube-proxy nat-prerouting jump services',
    ],
    [
      'own',
      'nft delete rule ip kube-proxy nat-output handle 11',
      'nft add rule ip kube-proxy nat-output jump services',
    ],
    [
      'service',
      `nft flush chain ip kube-proxy ${ENDPOINT}`,
      `nft add rule ip kube-proxy ${ENDPOINT} meta l4proto tcp dnat to 10.0.44.9:8080`,
    ],
    [
      'internet',
      'nft delete rule ip aws-cni nat-prerouting handle 6',
      'nft \'insert rule ip aws-cni nat-prerouting index 1 iifname "eni*" jump snat-mark\'',
    ],
    [
      'internet',
      'nft delete rule ip aws-cni nat-prerouting handle 7',
      'nft add rule ip aws-cni nat-prerouting ct mark and 0x80 == 0x80 meta mark set meta mark or 0x80',
    ],
    [
      'internet',
      'nft delete rule ip aws-cni snat-mark handle 3',
      'nft add rule ip aws-cni snat-mark ct mark set ct mark or 0x80',
    ],
    ['vpc', "nft 'chain inet guard forward { policy drop; }'", "nft 'chain inet guard forward { policy accept; }'"],
    [
      'kubelet',
      "nft 'chain inet guard input { policy drop; }'",
      'nft add rule inet guard input ip daddr 10.0.1.10 tcp dport 10250 accept',
    ],
    ['vpc', 'nft add rule inet guard forward ip saddr 10.0.5.0/24 drop', "nft 'flush chain inet guard forward'"],
  ] as const)('%s, after %s', (flow, damage, repair) => {
    expect(whysOf(flow, damage).map(why => [why.repair, why.restores])).toEqual([
      [[repair.replace(/^nft '(flush chain [^;]*)'$/, 'nft $1')], true],
    ])
  })

  it('that the listing has with a handle are deleted by it, the others with their chain', () => {
    const [found, bare] = [node, plain].map(
      state => applyEdits(state, ['nft add rule inet guard forward ip daddr 10.0.44.9 drop']).state,
    )
    expect([found, bare].map(state => whysOf('vpc', '', state)[0]?.repair)).toEqual([
      ['nft flush chain inet guard forward'],
      ['nft flush chain inet guard forward'],
    ])
    const dropping = LISTING.replace(
      'policy accept;\n\t}\n\tchain input',
      'policy accept;\n\t\tip daddr 10.0.44.9 drop # handle 9\n\t}\n\tchain input',
    )
    const listed = nodeFrom({...HEALTHY, 'iptables-save.txt': SAVE, 'nft-ruleset.txt': dropping})
    expect(whysOf('vpc', '', listed)[0]?.repair).toEqual(['nft delete rule inet guard forward handle 9'])
  })
})
