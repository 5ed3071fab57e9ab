/** A service as kube-proxy's nftables mode (1.31) writes it. */
export interface NftService {
  readonly namespace: string
  readonly name: string
  readonly address: string
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
  /** `10.0.3.17:53`; empty: the service has none. */
  readonly endpoints: readonly string[]
  readonly nodePort?: number
  /** Those of the endpoints that are on this node, for externalTrafficPolicy Local. */
  readonly local?: readonly string[]
  readonly affinity?: boolean
  /** LoadBalancer address, and the sources that may use it. */
  readonly loadBalancer?: {readonly address: string; readonly sources: readonly string[]}
}

export interface NftProxy {
  readonly family: 4 | 6
  readonly podNetwork: string
  readonly serviceNetwork: string
  readonly nodeAddresses: readonly string[]
  readonly services: readonly NftService[]
}

/** `nft -f` input of kube-proxy's table (pkg/proxy/nftables/proxier.go). */
export function kubeProxyNft({family, podNetwork, serviceNetwork, nodeAddresses, services}: NftProxy): string {
  const ip = family === 4 ? 'ip' : 'ip6'
  const type = family === 4 ? 'ipv4_addr' : 'ipv6_addr'
  const alive = services.filter(({endpoints}) => endpoints.length > 0)
  const dead = services.filter(({endpoints}) => endpoints.length === 0)
  const key = ({address, protocol, port}: NftService): string => `${address} . ${protocol} . ${port}`
  const guarded = alive.flatMap(service =>
    service.loadBalancer === undefined ? [] : [{service, ...service.loadBalancer}],
  )
  const map = (name: string, types: string, elements: readonly string[]): string =>
    `map ${name} { type ${types} : verdict; ${elementsOf(elements)} }`
  return withLineEnds(`table ${ip} kube-proxy {
    comment "rules for kube-proxy"
    set cluster-ips { type ${type}; ${elementsOf(services.map(({address}) => address))} }
    set nodeport-ips { type ${type}; ${elementsOf(nodeAddresses)} }
    ${alive
      .filter(({affinity}) => affinity === true)
      .flatMap(service =>
        service.endpoints.map(
          (_, i) => `set affinity-${chainName(service)}-${i} { type ${type}; flags dynamic,timeout; timeout 10800s; }`,
        ),
      )
      .join('\n    ')}
    ${chains({family, podNetwork, serviceNetwork, nodeAddresses, services: alive}, ip)}
    ${map('service-ips', `${type} . inet_proto . inet_service`, [
      ...alive.map(service => `${key(service)} : goto service-${chainName(service)}`),
      ...guarded.map(({service, address}) => `${key({...service, address})} : goto external-${chainName(service)}`),
    ])}
    ${map(
      'service-nodeports',
      'inet_proto . inet_service',
      alive.flatMap(service =>
        service.nodePort === undefined
          ? []
          : [`${service.protocol} . ${service.nodePort} : goto external-${chainName(service)}`],
      ),
    )}
    ${map(
      'no-endpoint-services',
      `${type} . inet_proto . inet_service`,
      dead.map(service => `${key(service)} : goto reject-chain`),
    )}
    ${map(
      'no-endpoint-nodeports',
      'inet_proto . inet_service',
      dead.flatMap(({protocol, nodePort}) =>
        nodePort === undefined ? [] : [`${protocol} . ${nodePort} : goto reject-chain`],
      ),
    )}
    ${map(
      'firewall-ips',
      `${type} . inet_proto . inet_service`,
      guarded.map(({service, address}) => `${key({...service, address})} : goto firewall-${chainName(service)}`),
    )}
  ${base(ip, serviceNetwork)}
  }
`)
}

/** Chains of services first: what refers to a chain must come behind it. */
function chains({podNetwork, services}: NftProxy, ip: string): string {
  const text = [
    `chain mark-for-masquerade { meta mark set mark or 0x4000 }`,
    `chain reject-chain { reject }`,
    ...services.flatMap(service => {
      const name = chainName(service)
      const {address, protocol, port, endpoints, affinity, local, loadBalancer, nodePort} = service
      const sticky = (i: number): string => `affinity-${name}-${i}`
      const endpointName = (endpoint: string): string =>
        `endpoint-${name}__${endpoint
          .replace(/[[\]]/g, '')
          .replace(/:(\d+)$/, '/$1')
          .replaceAll(':', '.')}`
      const vmap = (list: readonly string[]): string =>
        `numgen random mod ${list.length} vmap { ${list.map((endpoint, i) => `${i} : goto ${endpointName(endpoint)}`).join(', ')} }`
      return [
        ...endpoints.map((endpoint, i) => {
          const host = endpoint.replace(/:\d+$/, '').replace(/[[\]]/g, '')
          const update = affinity === true ? `update @${sticky(i)} { ${ip} saddr }; ` : ''
          return `chain ${endpointName(endpoint)} { ${ip} saddr ${host} jump mark-for-masquerade; ${update}meta l4proto ${protocol} dnat to ${endpoint} }`
        }),
        `chain service-${name} {
        ${ip} daddr ${address} ${protocol} dport ${port} ${ip} saddr != ${podNetwork} jump mark-for-masquerade
        ${affinity === true ? endpoints.map((endpoint, i) => `${ip} saddr @${sticky(i)} goto ${endpointName(endpoint)}`).join('\n        ') : ''}
        ${vmap(endpoints)}
        }`,
        ...(nodePort === undefined && loadBalancer === undefined
          ? []
          : [
              local === undefined
                ? `chain external-${name} { jump mark-for-masquerade; goto service-${name} }`
                : `chain external-${name} {
        ${ip} saddr ${podNetwork} goto service-${name} comment "short-circuit pod traffic"
        fib saddr type local jump mark-for-masquerade comment "masquerade local traffic"
        fib saddr type local goto service-${name} comment "short-circuit local traffic"
        ${local.length === 0 ? '' : vmap(local)}
        }`,
            ]),
        ...(loadBalancer === undefined
          ? []
          : [`chain firewall-${name} { ${ip} saddr { ${loadBalancer.sources.join(', ')} } return; drop }`]),
      ]
    }),
  ]
  return text.join('\n    ')
}

function base(ip: string, serviceNetwork: string): string {
  return `
    chain services {
      ${ip} daddr . meta l4proto . th dport vmap @service-ips
      ${ip} daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports
    }
    chain masquerading {
      meta mark and 0x4000 == 0 return
      meta mark set mark xor 0x4000
      masquerade fully-random
    }
    chain service-endpoints-check { ${ip} daddr . meta l4proto . th dport vmap @no-endpoint-services }
    chain nodeport-endpoints-check { ${ip} daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports }
    chain firewall-check { ${ip} daddr . meta l4proto . th dport vmap @firewall-ips }
    chain cluster-ips-check {
      ${ip} daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"
      ${ip} daddr { ${serviceNetwork} } drop comment "Drop traffic to unallocated ClusterIPs"
    }
    chain filter-prerouting-pre-dnat { type filter hook prerouting priority -110; ct state new jump firewall-check }
    chain filter-input { type filter hook input priority 0; ct state new jump nodeport-endpoints-check; ct state new jump service-endpoints-check }
    chain filter-forward { type filter hook forward priority 0; ct state new jump service-endpoints-check; ct state new jump cluster-ips-check }
    chain filter-output-pre-dnat { type filter hook output priority -110; ct state new jump firewall-check }
    chain filter-output { type filter hook output priority 0; ct state new jump service-endpoints-check; ct state new jump cluster-ips-check }
    chain nat-prerouting { type nat hook prerouting priority -100; jump services }
    chain nat-output { type nat hook output priority -100; jump services }
    chain nat-postrouting { type nat hook postrouting priority 100; jump masquerading }`
}

/** `ULMVA6XW-ns1/svc1/tcp/p80`: the hash is of no consequence here. */
function chainName({namespace, name, protocol, port}: NftService): string {
  return `ULMVA6XW-${namespace}/${name}/${protocol}/p${port}`
}

function elementsOf(elements: readonly string[]): string {
  return elements.length === 0 ? '' : `elements = { ${[...new Set(elements)].join(', ')} }`
}

/** nft wants a line's end before a closing brace. */
export function withLineEnds(text: string): string {
  return text.replace(/(?: \})+$/gm, braces => braces.replaceAll(' ', '\n'))
}

/** Input of `nft -f` as `nft list` prints it: a block's brace and each rule end their lines, and only base chains keep semicolons. */
export function asListing(input: string): string {
  return input
    .replace(/((?:chain|set|map) \S+ \{) /g, '$1\n')
    .replaceAll('; ', ';\n')
    .split('\n')
    .map(line => (line.includes(' hook ') ? line : line.replace(/;$/, '')))
    .join('\n')
}
