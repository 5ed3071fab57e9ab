import type {TableRules} from '../lab/saveText.js'
import {type Endpoint, type Service, serviceChain} from './eksServices.js'

/** The rules of kube-proxy 1.30 in iptables mode for some services, as far as packets meet them. */
export function kubeProxyRules(
  family: 4 | 6,
  services: readonly Service[],
): Required<Pick<TableRules, 'nat' | 'filter'>> {
  return {
    nat: [
      '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
      '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
      '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
      '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
      '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
      '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
      '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
      ...services.flatMap(service => portals(service)),
      '-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
      '-N KUBE-NODEPORTS',
      ...services.flatMap(service => serviceRules(family, service)),
    ],
    filter: [
      '-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES',
      '-A INPUT -m comment --comment "kubernetes firewall" -j KUBE-FIREWALL',
      '-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES',
      '-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
      '-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
      '-A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
      '-A OUTPUT -m comment --comment "kubernetes firewall" -j KUBE-FIREWALL',
      '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
      '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
      '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      ...(family === 4
        ? [
            '-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP',
          ]
        : ['-N KUBE-FIREWALL']),
      '-N KUBE-SERVICES',
      '-N KUBE-EXTERNAL-SERVICES',
      ...services.flatMap(service => refusals(family, service)),
    ],
  }
}

function comment(text: string): string {
  return `-m comment --comment "${text}"`
}

/** Where kube-proxy sends what is for the cluster address, and for addresses from outside. */
function portals(service: Service): string[] {
  const {name, protocol, clusterIp, port, nodePort, externalIp, internalLocal} = service
  if (service.endpoints.length === 0) return []
  const inside = serviceChain(internalLocal ? 'SVL' : 'SVC', service)
  const outside = serviceChain('EXT', service)
  const reachable = !internalLocal || service.endpoints.some(endpoint => endpoint.local)
  return [
    ...(reachable
      ? [
          `-A KUBE-SERVICES -d ${clusterIp} -p ${protocol} ${comment(`${name} cluster IP`)} -m ${protocol} --dport ${port} -j ${inside}`,
        ]
      : []),
    ...(externalIp === null
      ? []
      : [
          `-A KUBE-SERVICES -d ${externalIp} -p ${protocol} ${comment(`${name} loadbalancer IP`)} -m ${protocol} --dport ${port} -j ${outside}`,
        ]),
    ...(nodePort === null
      ? []
      : [`-A KUBE-NODEPORTS -p ${protocol} ${comment(name)} -m ${protocol} --dport ${nodePort} -j ${outside}`]),
  ]
}

function serviceRules(family: 4 | 6, service: Service): string[] {
  const {name, externalLocal, endpoints} = service
  if (endpoints.length === 0) return []
  const [all, local, outside] = [
    serviceChain('SVC', service),
    serviceChain('SVL', service),
    serviceChain('EXT', service),
  ]
  const locals = endpoints.filter(endpoint => endpoint.local)
  const external = externalLocal
    ? [
        `-A ${outside} ${comment(`masquerade LOCAL traffic for ${name} external destinations`)} -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ`,
        `-A ${outside} ${comment(`route LOCAL traffic for ${name} external destinations`)} -m addrtype --src-type LOCAL -j ${all}`,
        ...(locals.length === 0 ? [] : [`-A ${outside} -j ${local}`]),
      ]
    : [
        `-A ${outside} ${comment(`masquerade traffic for ${name} external destinations`)} -j KUBE-MARK-MASQ`,
        `-A ${outside} -j ${all}`,
      ]
  return [
    ...external,
    ...lottery(all, service, endpoints),
    ...lottery(local, service, locals),
    ...endpoints.flatMap(endpoint => endpointRules(family, service, endpoint)),
  ]
}

function lottery(chain: string, service: Service, endpoints: readonly Endpoint[]): string[] {
  const target = (endpoint: Endpoint): string => serviceChain('SEP', service, endpoint)
  const note = ({address, port}: Endpoint): string => comment(`${service.name} -> ${address}:${port}`)
  const sticky = service.affinity
    ? endpoints.map(
        endpoint =>
          `-A ${chain} ${note(endpoint)} -m recent --rcheck --seconds 10800 --reap --name ${target(endpoint)} --rsource -j ${target(endpoint)}`,
      )
    : []
  return [
    `-N ${chain}`,
    ...sticky,
    ...endpoints.map((endpoint, i) => {
      const left = endpoints.length - i
      const chance = left === 1 ? '' : ` -m statistic --mode random --probability ${(1 / left).toFixed(11)}`
      return `-A ${chain} ${note(endpoint)}${chance} -j ${target(endpoint)}`
    }),
  ]
}

function endpointRules(family: 4 | 6, service: Service, endpoint: Endpoint): string[] {
  const chain = serviceChain('SEP', service, endpoint)
  const {name, protocol, affinity} = service
  const to = family === 4 ? `${endpoint.address}:${endpoint.port}` : `[${endpoint.address}]:${endpoint.port}`
  const recent = affinity ? ` -m recent --set --name ${chain} --rsource` : ''
  return [
    `-A ${chain} -s ${endpoint.address} ${comment(name)} -j KUBE-MARK-MASQ`,
    `-A ${chain} -p ${protocol} ${comment(name)}${recent} -m ${protocol} -j DNAT --to-destination ${to}`,
  ]
}

/** What filter refuses: services without endpoints, and with none on this node where only those count. */
function refusals(family: 4 | 6, service: Service): string[] {
  const {name, protocol, clusterIp, port, nodePort, externalIp, externalLocal, internalLocal, endpoints} = service
  const reject = `REJECT --reject-with ${family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'}`
  const none = endpoints.length === 0
  const noneHere = !endpoints.some(endpoint => endpoint.local)
  const match = `-p ${protocol} ${comment(`${name} has no ${none ? '' : 'local '}endpoints`)}`
  const refuse = (chain: string, to: string, dport: number, target: string): string =>
    `-A ${chain} ${to}${match} -m ${protocol} --dport ${dport} -j ${target}`
  const lines: string[] = []
  if (none) lines.push(refuse('KUBE-SERVICES', `-d ${clusterIp} `, port, reject))
  else if (internalLocal && noneHere) lines.push(refuse('KUBE-SERVICES', `-d ${clusterIp} `, port, 'DROP'))
  if (none || (externalLocal && noneHere)) {
    const target = none ? reject : 'DROP'
    if (externalIp !== null) lines.push(refuse('KUBE-EXTERNAL-SERVICES', `-d ${externalIp} `, port, target))
    if (nodePort !== null)
      lines.push(refuse('KUBE-EXTERNAL-SERVICES', '-m addrtype --dst-type LOCAL ', nodePort, target))
  }
  return lines
}
