import {describe, expect, it} from '@jest/globals'
import {describeChain, endpointsOf, identify, resolveName} from '../../src/eks/index.js'
import {formatAddress, parseIpv4} from '../../src/net/index.js'
import {nodeFrom} from '../support/nodeFrom.js'

const FIRST = 'endpoint-O6ON3DXL-kube-system/kube-dns/udp/dns__192.168.1.2/53'
const SECOND = 'endpoint-IHIQWJ7L-kube-system/kube-dns/udp/dns__192.168.1.3/53'

/** kube-proxy's table as 1.33 writes it, and a service as 1.37 does. */
const eks = identify(
  nodeFrom({
    'nft-ruleset.txt': `
      table ip kube-proxy {
        map service-ips {
          type ipv4_addr . inet_proto . inet_service : verdict
          elements = { 10.96.0.10 . udp . 53 : goto service-FY5PMXPG-kube-system/kube-dns/udp/dns,
                       10.96.9.9 . tcp . 80 : goto service-TAO5FKKM-shop/web/tcp/,
                       203.0.113.9 . tcp . 80 : goto external-TAO5FKKM-shop/web/tcp/ }
        }
        map service-nodeports {
          type inet_proto . inet_service : verdict
          elements = { tcp . 31080 : goto external-TAO5FKKM-shop/web/tcp/ }
        }
        map no-endpoint-services {
          type ipv4_addr . inet_proto . inet_service : verdict
          elements = { 10.96.7.7 . tcp . 9000 comment "shop/orders:grpc" : goto reject-chain }
        }
        chain service-FY5PMXPG-kube-system/kube-dns/udp/dns {
          ip daddr 10.96.0.10 ip saddr != 192.168.0.0/16 jump mark-for-masquerade
          numgen random mod 2 vmap { 0 : goto ${FIRST}, 1 : goto ${SECOND} }
        }
        chain ${FIRST} {
          ip saddr 192.168.1.2 jump mark-for-masquerade
          meta l4proto udp dnat to 192.168.1.2:53
        }
        chain ${SECOND} {
          ip saddr 192.168.1.3 jump mark-for-masquerade
          meta l4proto udp dnat to 192.168.1.3:53
        }
        chain external-TAO5FKKM-shop/web/tcp/ {
          jump mark-for-masquerade
          goto service-TAO5FKKM-shop/web/tcp/
        }
        chain service-TAO5FKKM-shop/web/tcp/ {
          meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.0.5.77 . 8080, 1 : 10.0.5.78 . 8080 }
        }
        chain mark-for-masquerade {
          meta mark set meta mark | 0x00004000
        }
        chain reject-chain {
          reject
        }
      }
    `,
  }),
)

describe("services of kube-proxy's nftables mode", () => {
  it('lists ways in and endpoints', () => {
    const rows = eks.services.all.map(service => [
      service.fullName,
      service.frontends.map(
        ({kind, address, port}) => `${kind} ${address === null ? '*' : formatAddress(address)}:${port}`,
      ),
      endpointsOf(service).map(({address, port, probability}) => `${formatAddress(address)}:${port} ${probability}`),
    ])
    expect(rows).toEqual([
      ['kube-system/kube-dns:dns', ['cluster IP 10.96.0.10:53'], ['192.168.1.2:53 0.5', '192.168.1.3:53 0.5']],
      [
        'shop/web',
        ['cluster IP 10.96.9.9:80', 'external IP 203.0.113.9:80', 'node port *:31080'],
        ['10.0.5.77:8080 0.5', '10.0.5.78:8080 0.5'],
      ],
      ['shop/orders:grpc', ['cluster IP 10.96.7.7:9000'], []],
    ])
    expect(eks.services.named('shop/orders')[0]?.refusals).toMatchObject([
      {why: 'no endpoints', rule: {source: {line: 14}}},
    ])
  })

  it.each([
    ['service-FY5PMXPG-kube-system/kube-dns/udp/dns', 'kube-system/kube-dns:dns'],
    ['external-TAO5FKKM-shop/web/tcp/', 'shop/web, from outside the cluster'],
    [SECOND, 'kube-system/kube-dns:dns endpoint 2 of 2, 50 %'],
    ['mark-for-masquerade', null],
  ])('describes %s', (chain, text) => {
    expect(describeChain(eks, chain)).toBe(text)
  })

  it('resolves names', () => {
    expect(resolveName(eks, 'shop/web')).toMatchObject({address: parseIpv4('10.96.9.9'), port: 80, protocol: 6})
    expect(eks.kubeProxyMode?.value).toBe('nftables')
  })
})
