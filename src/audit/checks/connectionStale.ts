import {type EksNode, endpointsOf, type ServicePort} from '../../eks/index.js'
import type {ConntrackEntry, Flow} from '../../model/index.js'
import {formatAddress, UDP} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {tcpProbe} from '../probe.js'
import {listWords} from '../words.js'

export const connectionStale: Check = {
  code: 'EKS304',
  severity: 'warning',
  title: 'Connections go on to an endpoint that is gone',
  meaning:
    'Rules choose an endpoint for the first packet of a connection only; conntrack sends all others to the same one. A UDP client that keeps its port (DNS resolvers, ' +
    'syslog, statsd) keeps such a connection alive by its own packets, and goes on talking to an endpoint that the service no longer has.',
  signature:
    'A UDP connection to an address of a service whose answers are expected from an address that is not among its endpoints. Needs `conntrack -L` and `iptables-save`.',
  remedy: 'Delete the entries; the next packet chooses anew.',
  reference: 'https://github.com/kubernetes/kubernetes/issues/51445',
  find: findStale,
}

function* findStale({eks}: AuditedNode): Generator<Fault> {
  const stale = new Map<ServicePort, ConntrackEntry[]>()
  for (const entry of eks.state.conntrack ?? []) {
    const service = entry.protocol === UDP ? serviceOf(eks, entry) : undefined
    const endpoints = service === undefined ? [] : endpointsOf(service)
    if (service === undefined || endpoints.some(({address}) => address === entry.reply.source)) continue
    stale.set(service, [...(stale.get(service) ?? []), entry])
  }
  for (const [service, entries] of stale) {
    const addresses = [...new Set(entries.map(({reply}) => formatAddress(reply.source)))]
    const count = entries.length === 1 ? 'A connection' : `${entries.length} connections`
    yield {
      text: `${count} to ${service.fullName} still ${entries.length === 1 ? 'goes' : 'go'} to ${listWords(addresses)}, no longer an endpoint of it.`,
      evidence: entries,
      services: [service],
      flow: nextPacket(entries),
      repair: addresses.map(address => `conntrack -D -p udp --reply-src ${address}`),
    }
  }
}

/** What the client sends next, by the same port. */
function nextPacket([entry]: readonly ConntrackEntry[]): Flow | null {
  if (entry === undefined) return null
  const {source, destination, sourcePort, destinationPort} = entry.original
  const flow = tcpProbe(source, destination, destinationPort ?? 0)
  return {...flow, protocol: UDP, sourcePort, destinationPort}
}

/** The service that the client wrote to, where its packets were translated. */
function serviceOf(eks: EksNode, {original, reply}: ConntrackEntry): ServicePort | undefined {
  if (original.destination === reply.source) return undefined
  return eks.services
    .at(original.destination)
    .find(
      ({protocol, frontends}) =>
        protocol === UDP &&
        frontends.some(({address, port}) => address === original.destination && port === original.destinationPort),
    )
}
