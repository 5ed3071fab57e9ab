import type {EksNode} from '../eks/index.js'
import {peerText} from '../evaluate/index.js'
import type {IpvsDestination, IpvsFrontend, IpvsService, JsonServiceRow} from '../model/index.js'
import {formatAddress, formatMark, protocolName} from '../net/index.js'
import {whereItRuns} from './whereItRuns.js'

/** The real servers of a virtual service of IPVS; one row without where it has none. */
export function listVirtualService(service: IpvsService, eks: EksNode): JsonServiceRow[] {
  const {frontend, destinations, source, family} = service
  const common = {
    ...(frontend.kind === 'mark' ? byMark(frontend.mark) : byAddress(service, frontend)),
    namedBy: 'address' as const,
    family,
    reach: 'all' as const,
    chain: null,
    scheduler: schedulerText(service),
    refusal: null,
  }
  if (destinations.length === 0) return [{...common, endpoint: null, source}]
  return destinations.map(destination => ({
    ...common,
    endpoint: {
      address: formatAddress(destination.address),
      port: destination.port,
      chain: null,
      number: destination.number,
      of: destinations.length,
      probability: shareOf(service, destination),
      ...whereItRuns(destination.address, eks),
    },
    source: destination.source,
  }))
}

type Reached = Pick<JsonServiceRow, 'service' | 'protocol' | 'frontends'>

function byMark(mark: number): Reached {
  return {service: `mark ${formatMark(mark)}`, protocol: 'any', frontends: []}
}

function byAddress({source}: IpvsService, frontend: IpvsFrontend & {readonly kind: 'address'}): Reached {
  const {address, port, protocol} = frontend
  return {
    service: peerText(frontend),
    protocol: protocolName(protocol),
    frontends: [{kind: 'virtual service', address: formatAddress(address), port, source}],
  }
}

function schedulerText({scheduler, schedulerFlags, persistence}: IpvsService): string | null {
  if (scheduler === null) return null
  const kept = persistence === null ? [] : [`persistent ${persistence.timeout} s`]
  return [scheduler, ...schedulerFlags, ...kept].join(', ')
}

/** rr and wrr take turns; all others look at load, or at a hash of the client. */
function shareOf({scheduler, destinations}: IpvsService, destination: IpvsDestination): number | null {
  if (scheduler !== 'rr' && scheduler !== 'wrr') return null
  if (destinations.some(({weight}) => weight === null)) return null
  const turns = ({weight}: IpvsDestination): number => (scheduler === 'wrr' ? (weight ?? 0) : weight === 0 ? 0 : 1)
  const all = destinations.reduce((sum, one) => sum + turns(one), 0)
  return all === 0 ? 0 : turns(destination) / all
}
