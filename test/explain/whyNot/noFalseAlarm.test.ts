import {identify} from '../../../src/eks/index.js'
import {explainKnown, parseFlowLine} from '../../../src/explain/index.js'
import {loadNode} from '../../../src/node/index.js'
import {formatAddress} from '../../../src/net/index.js'

/** What these nodes do lose, by rules that stand there on purpose. */
const ON_PURPOSE = [
  // loadBalancerSourceRanges
  'KUBE-PROXY-FIREWALL, which kube-proxy keeps drops it',
  // a stock INPUT chain of a distribution
  'rule 5 of INPUT rejects it',
  // a pod in strict mode cannot use node ports of its own node: its packet leaves by the trunk with the address of the node
  'leaves by vlan.eth.1 with 10.0.1.10',
]

describe('captures of healthy nodes', () => {
  test.each(['net410', 'services', 'demystify', 'vpc-cni-1.23'])(
    '%s: no why for what pods, the node and the world send',
    async name => {
      const eks = identify(await loadNode(`sample:${name}`))
      const pods = eks.pods.filter(({address, routes}) => typeof address === 'number' && routes.length > 0).slice(0, 12)
      const node = eks.address === null ? [] : [formatAddress(eks.address.value)]
      const services = eks.services.all.slice(0, 8).flatMap(service =>
        service.family === 6 || service.refusals.length > 0
          ? []
          : service.frontends.map(({address, port}) => ({
              dst: address === null ? node[0] : formatAddress(address),
              proto: service.protocol === 17 ? 'udp' : 'tcp',
              dport: port,
            })),
      )
      const targets = [
        ...pods.map(({address}) => ({dst: formatAddress(address), proto: 'tcp', dport: 8080})),
        ...services,
        {dst: '203.0.113.10', proto: 'tcp', dport: 443},
        {dst: '169.254.169.254', proto: 'tcp', dport: 80},
        ...node.map(dst => ({dst, proto: 'tcp', dport: 10250})),
      ].filter(({dst}) => dst !== undefined)
      const sources = [...pods.map(({address}) => formatAddress(address)), null, '203.0.113.99']
      const odd: string[] = []
      let count = 0
      for (const src of sources) {
        for (const target of targets) {
          if (src === target.dst) continue
          let flow
          try {
            flow = parseFlowLine(JSON.stringify({src, ...target}))
            count++
            const [explanation] = explainKnown(eks, [flow]).explanations
            for (const {symptom, way, causes} of explanation?.why ?? [])
              odd.push(`${src} → ${target.dst}:${target.dport} ${way}: ${symptom} — ${causes[0]?.text ?? ''}`)
          } catch (error) {
            if ((error as Error).name !== 'FlowError') throw error
          }
        }
      }
      expect(count).toBeGreaterThan(0)
      expect(odd.filter(line => !ON_PURPOSE.some(part => line.includes(part)))).toEqual([])
    },
  )
})
