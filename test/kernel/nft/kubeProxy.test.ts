import {kubeProxyNft, type NftService} from '../../support/kubeProxyNft.js'
import {tryNode} from '../compare/tryNode.js'
import {describeKernel} from '../lab/describeKernel.js'
import {tcp, udp, V4, V6, type Words} from '../scenarios/families.js'

/** Services of all kinds, and so many plain ones beside them. */
function services(words: Words, count: number): NftService[] {
  const {podA, podB, web, at} = words
  const address = (i: number): string =>
    words.family === 4 ? `10.100.${1 + (i >> 8)}.${i & 255}` : `fd00:10:100::${(i + 16).toString(16)}`
  const plain = Array.from({length: count}, (_, i): NftService => {
    const endpoints = [at(podA, 8000 + i), at(podB, 8000 + i), at(web, 8000 + i)].slice(0, 1 + (i % 3))
    return {
      namespace: 'many',
      name: `s${i}`,
      address: address(i),
      protocol: i % 5 === 0 ? 'udp' : 'tcp',
      port: 80,
      endpoints,
    }
  })
  const own = (name: string, i: number, more: Partial<NftService>): NftService => ({
    namespace: 'x',
    name,
    address: address(60000 + i),
    protocol: 'tcp',
    port: 80,
    endpoints: [at(podA, 80), at(podB, 80)],
    ...more,
  })
  return [
    ...plain,
    own('dead', 1, {endpoints: [], nodePort: 30001}),
    own('node', 2, {nodePort: 30002}),
    own('local', 3, {nodePort: 30003, local: [at(podB, 80)]}),
    own('nolocal', 4, {nodePort: 30004, local: []}),
    own('sticky', 5, {affinity: true}),
    own('guarded', 6, {loadBalancer: {address: words.vip, sources: [words.client]}}),
  ]
}

function trials(words: Words, all: readonly NftService[]) {
  const {podA, podB, client, node, vip} = words
  const by = new Map(all.map(service => [service.name, service]))
  const at = (name: string): string => by.get(name)?.address ?? ''
  const flows = [
    ...all
      .slice(0, 6)
      .map(({address, protocol}) => (protocol === 'udp' ? udp(podA, address, 80) : tcp(podA, address, 80))),
    tcp(podA, at('dead'), 80),
    tcp(client, node, 30001, {iif: 'eth0'}),
    tcp(client, node, 30002, {iif: 'eth0'}),
    tcp(podB, node, 30002),
    tcp(client, node, 30003, {iif: 'eth0'}),
    tcp(podA, node, 30003),
    tcp(node, node, 30003),
    tcp(client, node, 30004, {iif: 'eth0'}),
    tcp(podA, at('sticky'), 80),
    tcp(client, vip, 80, {iif: 'eth0'}),
    tcp(podA, vip, 80),
    tcp(null, at('node'), 80),
    tcp(podA, at('node'), 81),
    udp(podA, at('node'), 80),
    tcp(null, at('node'), 81),
    tcp(podA, words.family === 4 ? '10.100.250.250' : 'fd00:10:100::ffff:1', 80),
    tcp(podA, words.web, 443),
  ]
  return flows.map(flow => ({flow, expect: null}))
}

const runs = [V4, V6].flatMap(words => [3, 500].map(count => ({words, count, family: words.family})))

describeKernel('kube-proxy in nftables mode', agent => {
  it.each(runs)('$count services and some special ones (IPv$family)', async ({words, count}) => {
    const all = services(words, count)
    const nft = kubeProxyNft({
      family: words.family,
      podNetwork: words.family === 4 ? '10.20.0.0/24' : '2001:db8:20:0:a::/80',
      serviceNetwork: words.family === 4 ? '10.100.0.0/16' : 'fd00:10:100::/96',
      nodeAddresses: [words.node],
      services: all,
    })
    const name = `kube-proxy-nft-${words.family}-${count}`
    const fact = 'services by look-up in maps'
    await tryNode(agent(), {
      name,
      fact,
      node: words.make({nft}),
      backend: 'nft',
      trials: trials(words, all),
      handMade: true,
    })
  })
})
