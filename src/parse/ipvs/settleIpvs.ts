import {addressBits, type Family, familyOf} from '../../net/index.js'
import type {Evidence, IpvsDestination, IpvsFrontend, IpvsService} from '../../model/index.js'
import type {DestinationDraft, IpvsForm, IpvsListing, ServiceDraft} from './draft.js'
import {type EndpointWords, settleEndpoint} from './endpoint.js'

/** The services of all listings of a capture. */
export interface SettledIpvs {
  /** Null: none of the listings shows services. */
  readonly services: readonly IpvsService[] | null
  readonly unread: readonly Evidence[]
  /** Lines with names in place of numbers that nothing resolves; their services are left out, or marked as unread. */
  readonly unresolved: readonly Evidence[]
}

/** The kernel's own file keeps its order; a save says all that a service is; a listing lacks thresholds; counters lack the most. */
const BEST_FIRST: readonly IpvsForm[] = ['save', 'list', 'proc', 'counters']

/**
 * Puts the listings of a capture together: names are taken from a listing with numbers that shows the same services in the same order, what
 * one listing lacks from the others.
 */
export function settleIpvs(listings: readonly IpvsListing[]): SettledIpvs {
  const [base, ...others] = [...listings].sort((a, b) => BEST_FIRST.indexOf(a.form) - BEST_FIRST.indexOf(b.form))
  if (base === undefined) return {services: null, unread: [], unresolved: []}
  const unresolved: Evidence[] = []
  const unread = [...base.unread]
  const numbers = others.map(other => withNumbers(base, other)).find(found => found !== null)
  const services = new Map<string, IpvsService>()
  for (const draft of numbers ?? base.services) {
    const service = settleService(draft, base.form, unresolved)
    if (service !== null) services.set(keyOf(service), service)
    else unread.push({source: draft.source, text: draft.text})
  }
  for (const other of others) {
    for (const draft of other.services) {
      const more = settleService(draft, other.form, [])
      const known = more && services.get(keyOf(more))
      if (more && known) services.set(keyOf(more), joinServices(known, more))
    }
  }
  return {services: [...services.values()], unread, unresolved}
}

/** One text for one service: its family and protocol, address and port, or its mark. */
function keyOf({family, frontend}: IpvsService): string {
  return frontend.kind === 'mark'
    ? `${family} mark ${frontend.mark}`
    : `${frontend.protocol} ${String(frontend.address)} ${frontend.port}`
}

/**
 * ipvsadm sorts services and real servers by their numbers, whether it prints those or names: two listings of one moment agree line by line.
 * @returns the services of the first with the numbers of the second; null where the two do not agree, or nothing is to be found out
 */
function withNumbers(base: IpvsListing, other: IpvsListing): ServiceDraft[] | null {
  if (!hasNames(base) || hasNames(other) || base.services.length !== other.services.length) return null
  const filled = base.services.map((service, i) => fillService(service, other.services[i] as ServiceDraft))
  return filled.every(service => service !== null) ? filled : null
}

function hasNames({services}: IpvsListing): boolean {
  return services.some(
    ({frontend, destinations}) =>
      (frontend.kind === 'address' && settleEndpoint(frontend.endpoint) === null) ||
      destinations.some(({endpoint}) => settleEndpoint(endpoint) === null),
  )
}

function fillService(named: ServiceDraft, numbered: ServiceDraft): ServiceDraft | null {
  const {frontend} = named
  const {frontend: other} = numbered
  if (frontend.kind !== other.kind || named.destinations.length !== numbered.destinations.length) return null
  if (frontend.kind === 'mark' || other.kind === 'mark') return fillDestinations(named, numbered)
  const endpoint = fillEndpoint(frontend.endpoint, other.endpoint)
  if (endpoint === null || frontend.protocol !== other.protocol) return null
  return fillDestinations({...named, family: numbered.family, frontend: {...frontend, endpoint}}, numbered)
}

function fillDestinations(named: ServiceDraft, numbered: ServiceDraft): ServiceDraft | null {
  const destinations: DestinationDraft[] = []
  for (const [i, destination] of named.destinations.entries()) {
    const endpoint = fillEndpoint(destination.endpoint, (numbered.destinations[i] as DestinationDraft).endpoint)
    if (endpoint === null) return null
    destinations.push({...destination, endpoint})
  }
  return {...named, destinations}
}

/** Null: what both know does not agree. */
function fillEndpoint(named: EndpointWords, numbered: EndpointWords): EndpointWords | null {
  const agree =
    (typeof named.host === 'string' || named.host === numbered.host) &&
    (typeof named.port === 'string' || named.port === numbered.port)
  return agree ? numbered : null
}

function settleService(draft: ServiceDraft, form: IpvsForm, unresolved: Evidence[]): IpvsService | null {
  const {frontend: words, destinations: drafts, ...rest} = draft
  const evidence = {source: draft.source, text: draft.text}
  const destinations: IpvsDestination[] = []
  let {unread} = draft
  for (const {endpoint, ...details} of drafts) {
    const settled = settleEndpoint(endpoint)
    if (settled !== null) destinations.push({...details, ...settled, number: destinations.length + 1})
    else {
      unread ??= {source: details.source, text: details.text}
      unresolved.push({source: details.source, text: details.text})
    }
  }
  const frontend: IpvsFrontend | null = words.kind === 'mark' ? words : settleAddress(words)
  if (frontend === null) {
    unresolved.push(evidence)
    return null
  }
  const family = familyOfService(frontend, draft.family, destinations)
  return {...rest, family, frontend, destinations, kernelOrder: form === 'proc', unread, ...clientBits(draft, family)}
}

function settleAddress({protocol, endpoint}: {protocol: number; endpoint: EndpointWords}): IpvsFrontend | null {
  const settled = settleEndpoint(endpoint)
  return settled && {kind: 'address', protocol, ...settled}
}

function familyOfService(frontend: IpvsFrontend, stated: Family | null, [first]: readonly IpvsDestination[]): Family {
  if (frontend.kind === 'address') return familyOf(frontend.address)
  return stated ?? (first === undefined ? 4 : familyOf(first.address))
}

/** While its address was a name, its persistence was read as of IPv4. */
function clientBits({persistence, family: stated}: ServiceDraft, family: Family): Pick<IpvsService, 'persistence'> {
  if (persistence === null || stated !== null || persistence.clientBits !== 32) return {persistence}
  return {persistence: {...persistence, clientBits: addressBits(family)}}
}

/** The first listing's word counts; the second fills what it does not show. Only the kernel's own file knows the order. */
function joinServices(known: IpvsService, more: IpvsService): IpvsService {
  const ordered = more.kernelOrder && sameServers(known, more)
  const order = ordered ? more.destinations : known.destinations
  const destinations = order.map((destination, i) => {
    const own = known.destinations.find(other => sameServer(other, destination)) ?? destination
    const other = more.destinations.find(candidate => sameServer(candidate, destination))
    return {...own, ...(other === undefined ? {} : fill(own, other)), number: i + 1}
  })
  return {
    ...known,
    scheduler: known.scheduler ?? more.scheduler,
    persistence: known.scheduler === null ? more.persistence : known.persistence,
    destinations,
    kernelOrder: known.kernelOrder || ordered,
  }
}

function fill(own: IpvsDestination, other: IpvsDestination): Partial<IpvsDestination> {
  return {
    method: own.method ?? other.method,
    weight: own.weight ?? other.weight,
    active: own.active ?? other.active,
    inactive: own.inactive ?? other.inactive,
    upperThreshold: own.upperThreshold === 0 ? other.upperThreshold : own.upperThreshold,
    lowerThreshold: own.lowerThreshold === 0 ? other.lowerThreshold : own.lowerThreshold,
  }
}

function sameServers(a: IpvsService, b: IpvsService): boolean {
  return (
    a.destinations.length === b.destinations.length &&
    a.destinations.every(mine => b.destinations.some(other => sameServer(mine, other)))
  )
}

function sameServer(a: IpvsDestination, b: IpvsDestination): boolean {
  return a.address === b.address && a.port === b.port
}
