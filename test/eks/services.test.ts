import {describe, expect, it} from '@jest/globals'
import {
  describeChain,
  type EksNode,
  endpointHash,
  endpointsOf,
  identify,
  resolveName,
  serviceHash,
} from '../../src/eks/index.js'
import {formatAddress, parseIpv4} from '../../src/net/index.js'
import {nodeFrom} from '../support/nodeFrom.js'

const WEB = serviceHash('shop/web:http', 'tcp')
const BARE = serviceHash('shop/cart', 'tcp')
const [FIRST, SECOND, THIRD] = ['10.0.3.40:80', '10.0.5.77:80', '10.0.9.9:80'].map(
  endpoint => `KUBE-SEP-${endpointHash('shop/web:http', 'tcp', endpoint)}`,
)

function node(comments: boolean): EksNode {
  const chains = [
    ...['SVC', 'SVL', 'EXT', 'FW'].map(kind => `KUBE-${kind}-${WEB}`),
    `KUBE-SVC-${BARE}`,
    ...[FIRST, SECOND, THIRD].map(chain => chain ?? ''),
    'KUBE-SERVICES',
    'KUBE-NODEPORTS',
  ]
  const say = (text: string): string => (comments ? ` -m comment --comment "${text}"` : '')
  return identify(
    nodeFrom({
      'iptables-save.txt': `
        *nat
        :PREROUTING ACCEPT [0:0]
        ${chains.map(chain => `:${chain} - [0:0]`).join('\n        ')}
        -A KUBE-SERVICES -d 172.20.0.7/32 -p tcp -m comment --comment "shop/web:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-${WEB}
        -A KUBE-SERVICES -d 192.0.2.44/32 -p tcp -m comment --comment "shop/web:http external IP" -m tcp --dport 80 -j KUBE-EXT-${WEB}
        -A KUBE-SERVICES -d 198.51.100.20/32 -p tcp -m comment --comment "shop/web:http loadbalancer IP" -m tcp --dport 80 -j KUBE-FW-${WEB}
        -A KUBE-SERVICES -d 172.20.0.8/32 -p tcp -m comment --comment "shop/cart cluster IP" -m tcp --dport 8080 -j KUBE-SVC-${BARE}
        -A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
        -A KUBE-NODEPORTS -p tcp${say('shop/web:http')} -m tcp --dport 31080 -j KUBE-EXT-${WEB}
        -A KUBE-SVC-${WEB}${say('shop/web:http -> 10.0.3.40:80')} -m recent --rcheck --seconds 10800 --reap --name ${FIRST} --mask 255.255.255.255 --rsource -j ${FIRST}
        -A KUBE-SVC-${WEB}${say('shop/web:http -> 10.0.3.40:80')} -m statistic --mode random --probability 0.33333333349 -j ${FIRST}
        -A KUBE-SVC-${WEB}${say('shop/web:http -> 10.0.5.77:80')} -m statistic --mode random --probability 0.50000000000 -j ${SECOND}
        -A KUBE-SVC-${WEB}${say('shop/web:http -> 10.0.9.9:80')} -j ${THIRD}
        -A ${FIRST} -p tcp${say('shop/web:http')} -m tcp -j DNAT --to-destination 10.0.3.40:80
        -A ${SECOND} -p tcp${say('shop/web:http')} -m tcp -j DNAT --to-destination 10.0.5.77:80
        -A ${THIRD} -p tcp${say('shop/web:http')} -m tcp -j DNAT --to-destination 10.0.9.9:80
        COMMIT
        *filter
        :FORWARD ACCEPT [0:0]
        :KUBE-SERVICES - [0:0]
        -A KUBE-SERVICES -d 172.20.9.9/32 -p tcp -m comment --comment "shop/orders:grpc has no endpoints" -m tcp --dport 9000 -j REJECT --reject-with icmp-port-unreachable
        COMMIT
      `,
    }),
  )
}

describe.each([
  ['with comments', true],
  ['of a large cluster, without comments', false],
])('services %s', (_, comments) => {
  const eks = node(comments)

  it('lists every way in', () => {
    const [web] = eks.services.named('shop/web:http')
    const frontends = web?.frontends.map(({kind, address, port}) => [kind, address && formatAddress(address), port])
    expect(frontends).toEqual([
      ['cluster IP', '172.20.0.7', 80],
      ['external IP', '192.0.2.44', 80],
      ['loadbalancer IP', '198.51.100.20', 80],
      ['node port', null, 31080],
    ])
  })

  it('gives each endpoint its exact share', () => {
    const [web] = eks.services.named('shop/web')
    expect(web && endpointsOf(web).map(({number, probability}) => [number, probability])).toEqual([
      [1, 1 / 3],
      [2, 1 / 3],
      [3, 1 / 3],
    ])
  })

  it.each([
    [`KUBE-SVC-${WEB}`, 'shop/web:http'],
    [`KUBE-SVL-${WEB}`, 'shop/web:http, endpoints of this node'],
    [`KUBE-EXT-${WEB}`, 'shop/web:http, from outside the cluster'],
    [`KUBE-FW-${WEB}`, 'shop/web:http, allowed sources'],
    [SECOND ?? '', 'shop/web:http endpoint 2 of 3, 33.33 %'],
    [`KUBE-SVC-${BARE}`, 'shop/cart'],
  ])('describes %s', (chain, text) => {
    expect(describeChain(eks, chain)).toBe(text)
  })

  it('keeps a service that is refused', () => {
    const [orders] = eks.services.named('shop/orders')
    expect(orders).toMatchObject({port: 'grpc', hash: null, refusals: [{why: 'no endpoints'}]})
    expect(orders && endpointsOf(orders)).toEqual([])
    expect(resolveName(eks, 'shop/orders')).toMatchObject({address: parseIpv4('172.20.9.9'), port: 9000})
  })

  it('finds a service by its address', () => {
    expect(eks.services.at(parseIpv4('198.51.100.20')!).map(({fullName}) => fullName)).toEqual(['shop/web:http'])
  })

  it('resolves a service to its cluster address', () => {
    expect(resolveName(eks, 'shop/web')).toMatchObject({name: 'shop/web:http', address: parseIpv4('172.20.0.7')})
    expect(resolveName(eks, 'shop/cart')).toMatchObject({name: 'shop/cart', port: 8080})
  })
})

describe('without any comments', () => {
  const DNS = serviceHash('kube-system/kube-dns:dns', 'udp')
  const SEP = `KUBE-SEP-${endpointHash('kube-system/kube-dns:dns', 'udp', '10.0.3.17:53')}`
  const eks = identify(
    nodeFrom({
      'iptables-save.txt': `
        *nat
        :PREROUTING ACCEPT [0:0]
        :KUBE-SVC-${DNS} - [0:0]
        :KUBE-SVC-${WEB} - [0:0]
        :${SEP} - [0:0]
        :KUBE-SERVICES - [0:0]
        -A KUBE-SERVICES -d 172.20.0.10/32 -p udp -m udp --dport 53 -j KUBE-SVC-${DNS}
        -A KUBE-SERVICES -d 172.20.0.7/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-${WEB}
        -A KUBE-SVC-${DNS} -j ${SEP}
        -A ${SEP} -p udp -m udp -j DNAT --to-destination 10.0.3.17:53
        COMMIT
      `,
    }),
  )

  it('names what every cluster has by the hash, and leaves the rest to its chain', () => {
    expect(eks.services.all.map(({fullName, namedBy}) => [fullName, namedBy])).toEqual([
      ['kube-system/kube-dns:dns', 'chain hash'],
      [`KUBE-SVC-${WEB}`, 'nothing'],
    ])
  })

  it('knows the endpoints of both', () => {
    expect(eks.services.all.map(service => endpointsOf(service).length)).toEqual([1, 0])
    expect(describeChain(eks, SEP)).toBe('kube-system/kube-dns:dns endpoint 1 of 1, 100 %')
  })
})
