import {chainHash} from './services.mjs'

/** @typedef {import('./services.mjs').Service} Service */

/** Elements that `nft list` puts on a line of their own: names of chains make them too long for two. */
const INDENT = '\t\t\t     '

/**
 * `nft list ruleset` of a node with kube-proxy in nftables mode (1.33) and VPC CNI 1.23, as nft 1.0.9 prints it.
 * @param {{nodeAddress: string, vpc: string}} node
 * @param {readonly Service[]} services
 */
export function* nftRuleset({nodeAddress, vpc}, services) {
  yield 'table ip aws-cni {'
  for (const [name, lines] of connmarkChains(vpc)) yield* chain(name, lines)
  yield '}'
  yield 'table ip kube-proxy {'
  yield '\tcomment "rules for kube-proxy"'
  yield* set(
    'cluster-ips',
    'ipv4_addr',
    services.map(({address}) => address),
    'set',
  )
  yield* set('nodeport-ips', 'ipv4_addr', [nodeAddress], 'set')
  const exposed = services.filter(({nodePort}) => nodePort > 0)
  yield* set('no-endpoint-services', 'ipv4_addr . inet_proto . inet_service : verdict', [])
  yield* set('no-endpoint-nodeports', 'inet_proto . inet_service : verdict', [])
  yield* set('firewall-ips', 'ipv4_addr . inet_proto . inet_service : verdict', [])
  yield* set(
    'service-ips',
    'ipv4_addr . inet_proto . inet_service : verdict',
    services.map(service => `${service.address} . tcp . ${service.port} : goto ${chainName('service', service)}`),
  )
  yield* set(
    'service-nodeports',
    'inet_proto . inet_service : verdict',
    exposed.map(service => `tcp . ${service.nodePort} : goto ${chainName('external', service)}`),
  )
  for (const [name, lines] of baseChains()) yield* chain(name, lines)
  for (const service of services) yield* serviceChains(service, vpc)
  yield '}'
}

function* set(name, type, elements, kind = 'map') {
  yield ''
  yield `\t${kind} ${name} {`
  yield `\t\ttype ${type}`
  for (const [i, element] of elements.entries()) {
    const begin = i === 0 ? '\t\telements = { ' : INDENT
    yield `${begin}${element}${i === elements.length - 1 ? ' }' : ','}`
  }
  yield '\t}'
}

function* chain(name, lines) {
  yield ''
  yield `\tchain ${name} {`
  for (const line of lines) yield `\t\t${line}`
  yield '\t}'
}

function* serviceChains(service, podNetwork) {
  const {address, port, endpoints, nodePort} = service
  const ends = endpoints.map(endpoint => `${chainName('endpoint', service)}__${endpoint.replace(':', '/')}`)
  yield* chain(chainName('service', service), [
    `ip daddr ${address} tcp dport ${port} ip saddr != ${podNetwork} jump mark-for-masquerade`,
    `numgen random mod ${ends.length} vmap { ${ends.map((end, i) => `${i} : goto ${end}`).join(', ')} }`,
  ])
  for (const [i, end] of ends.entries()) {
    yield* chain(end, [
      `ip saddr ${endpoints[i].replace(/:.*/, '')} jump mark-for-masquerade`,
      `meta l4proto tcp dnat to ${endpoints[i]}`,
    ])
  }
  if (nodePort > 0)
    yield* chain(chainName('external', service), ['jump mark-for-masquerade', `goto ${chainName('service', service)}`])
}

/** `service-ULMVA6XW-ns1/svc1/tcp/http` */
function chainName(kind, {name, address}) {
  const [path, portName] = name.split(':')
  return `${kind}-${chainHash(name, address).slice(0, 8)}-${path}/tcp/${portName}`
}

/** What marks the connections that pods open to the outside (VPC CNI 1.23.1). */
function connmarkChains(vpc) {
  return [
    [
      'snat-mark',
      [
        `counter packets 1 bytes 60 ip daddr ${vpc} return`,
        'counter packets 7 bytes 420 ct mark set ct mark | 0x00000080',
      ],
    ],
    [
      'nat-prerouting',
      [
        'type nat hook prerouting priority dstnat + 10; policy accept;',
        'fib daddr type local return',
        'iifname "eni*" counter packets 8 bytes 480 jump snat-mark',
        'counter packets 7 bytes 420 ct mark & 0x00000080 == 0x00000080 meta mark set ct mark & 0x00000080',
      ],
    ],
  ]
}

function baseChains() {
  const services = 'ip daddr . meta l4proto . th dport vmap'
  const nodePorts = 'ip daddr @nodeport-ips meta l4proto . th dport vmap'
  const checks = ['ct state new jump service-endpoints-check', 'ct state new jump cluster-ips-check']
  const hook = (name, priority, type = 'filter') => `type ${type} hook ${name} priority ${priority}; policy accept;`
  return [
    ['filter-prerouting-pre-dnat', [hook('prerouting', 'dstnat - 10'), 'ct state new jump firewall-check']],
    ['filter-output-pre-dnat', [hook('output', '-110'), 'ct state new jump firewall-check']],
    ['filter-input', [hook('input', 'filter'), 'ct state new jump nodeport-endpoints-check', checks[0]]],
    ['filter-forward', [hook('forward', 'filter'), ...checks]],
    ['filter-output', [hook('output', 'filter'), ...checks]],
    ['nat-prerouting', [hook('prerouting', 'dstnat', 'nat'), 'jump services']],
    ['nat-output', [hook('output', '-100', 'nat'), 'jump services']],
    ['nat-postrouting', [hook('postrouting', 'srcnat', 'nat'), 'jump masquerading']],
    ['services', [`${services} @service-ips`, `${nodePorts} @service-nodeports`]],
    [
      'masquerading',
      [
        'meta mark & 0x00004000 == 0x00000000 return',
        'meta mark set meta mark ^ 0x00004000',
        'masquerade fully-random',
      ],
    ],
    ['mark-for-masquerade', ['meta mark set meta mark | 0x00004000']],
    ['reject-chain', ['reject']],
    ['service-endpoints-check', [`${services} @no-endpoint-services`]],
    ['nodeport-endpoints-check', [`${nodePorts} @no-endpoint-nodeports`]],
    ['firewall-check', [`${services} @firewall-ips`]],
    [
      'cluster-ips-check',
      [
        'ip daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"',
        'ip daddr 172.20.0.0/16 drop comment "Drop traffic to unallocated ClusterIPs"',
      ],
    ],
  ]
}
