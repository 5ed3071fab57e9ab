import {formatAddress} from '../../net/index.js'
import type {IpvsDestination, IpvsService} from '../../model/index.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import {bucketOf, fillBuckets} from './hashTable.js'
import {peerText, serviceName} from './record.js'

/**
 * The real server of a new connection (the schedulers of net/netfilter/ipvs). Those that take turns give each its share; those that look at
 * load, which changes from one connection to the next, branch; so do hashes whose table depends on an order that ipvsadm does not show.
 * @returns null where the scheduler has none to give
 */
export function schedule(walk: Walk, service: IpvsService): IpvsDestination | null {
  const {scheduler, destinations} = service
  if (destinations.length === 0) return null
  if (scheduler === null) throw unlisted(service)
  const open = destinations.filter(
    destination => weightOf(service, destination) > 0 && !isOverloaded(walk, destination),
  )
  switch (scheduler) {
    case 'rr':
      return drawn(walk, service, open, () => 1)
    case 'wrr':
      return drawn(walk, service, open, destination => weightOf(service, destination))
    case 'fo':
      return failover(walk, service, open)
    case 'sh':
      return hashed(walk, service, open, {
        address: walk.packet.source,
        port: portOfClient(walk, service),
        weighted: true,
      })
    case 'dh':
      return hashed(walk, service, open, {address: walk.packet.destination, port: 0, weighted: false})
    case 'lc':
    case 'wlc':
    case 'sed':
    case 'nq':
    case 'lblc':
    case 'lblcr':
    case 'twos':
      return picked(
        walk,
        service,
        open,
        destination => `${busyText(destination)} (${scheduler}${PREFERS[scheduler] ?? ''})`,
      )
    case 'ovf':
      return overflow(walk, service, open)
    case 'mh':
      return picked(walk, service, open, destination => `the client's hash (mh) leads to ${peerText(destination)}`)
    default:
      return picked(walk, service, open, destination => `the scheduler ${scheduler} chooses ${peerText(destination)}`)
  }
}

const PREFERS: Readonly<Record<string, string>> = {
  lc: ': the fewest connections',
  wlc: ': the fewest connections for its weight',
  sed: ': the shortest expected delay',
  nq: ': idle, else the shortest expected delay',
  lblc: ': what had this destination before, else the fewest connections',
  lblcr: ': what had this destination before, else the fewest connections',
  twos: ': the less busy of two drawn by weight',
}

function unlisted(service: IpvsService): Undetermined {
  const text = `the listing shows neither scheduler nor weights of ${serviceName(service)}: collect \`ipvsadm --save --numeric\``
  return new Undetermined('MISSING_INPUT', text, service)
}

/** @throws Undetermined where the listing does not show it */
export function weightOf(service: IpvsService, {weight}: IpvsDestination): number {
  if (weight === null) throw unlisted(service)
  return weight
}

/** IP_VS_DEST_F_OVERLOAD: set at the upper threshold, cleared below the lower one. */
function isOverloaded(walk: Walk, destination: IpvsDestination): boolean {
  const {upperThreshold} = destination
  if (upperThreshold === 0) return false
  const name = peerText(destination)
  return walk.decide(`ipvs full ${name}`, `${name} has reached its limit of ${upperThreshold} connections`)
}

/** Whose turn it is no listing shows: each has its share, of connections, or of the clients of a persistent service. */
function drawn(
  walk: Walk,
  {persistence}: IpvsService,
  open: readonly IpvsDestination[],
  weight: (destination: IpvsDestination) => number,
): IpvsDestination | null {
  if (open.length === 0) return null
  const by =
    persistence === null ? null : `by the client, which keeps its real server for ${persistence.timeout} s (persistent)`
  return open[walk.draw(open.map(weight), by)] as IpvsDestination
}

function picked(
  walk: Walk,
  service: IpvsService,
  open: readonly IpvsDestination[],
  text: (destination: IpvsDestination) => string,
): IpvsDestination | null {
  if (open.length === 0) return null
  return open[walk.pick(`ipvs ${serviceName(service)}`, open.map(text))] as IpvsDestination
}

function busyText(destination: IpvsDestination): string {
  const {active, inactive} = destination
  const counted = active === null ? '' : `, which had ${active} active and ${inactive ?? 0} inactive when captured`
  return `the scheduler chooses ${peerText(destination)}${counted}`
}

/** The heaviest; among equals the first of the kernel's list. */
function failover(walk: Walk, service: IpvsService, open: readonly IpvsDestination[]): IpvsDestination | null {
  const heaviest = Math.max(0, ...open.map(destination => weightOf(service, destination)))
  const equals = open.filter(destination => weightOf(service, destination) === heaviest)
  if (service.kernelOrder) return equals[0] ?? null
  return picked(walk, service, equals, destination => `${peerText(destination)} stands first in the kernel's list (fo)`)
}

/** The heaviest that has fewer active connections than it weighs: none may. */
function overflow(walk: Walk, service: IpvsService, open: readonly IpvsDestination[]): IpvsDestination | null {
  const heaviestFirst = [...open].sort((a, b) => weightOf(service, b) - weightOf(service, a))
  for (const destination of heaviestFirst) {
    const {weight} = destination
    const name = peerText(destination)
    if (
      walk.decide(
        `ipvs room ${serviceName(service)} ${name}`,
        `${name} has fewer than ${weight} active connections (ovf)`,
      )
    )
      return destination
  }
  return null
}

/** sh-port: the client's port counts too. Null: it is not given. */
function portOfClient({packet}: Walk, {schedulerFlags}: IpvsService): number | null {
  return schedulerFlags.has('sh-port') || schedulerFlags.has('flag-2') ? packet.sourcePort : 0
}

interface Hashed {
  readonly address: Walk['packet']['source']
  readonly port: number | null
  readonly weighted: boolean
}

/**
 * sh and dh: the bucket's server, or none where that one takes no connections; with sh-fallback the next bucket that has one. The table can be
 * filled anew only where the listing keeps the kernel's order.
 */
function hashed(
  walk: Walk,
  service: IpvsService,
  open: readonly IpvsDestination[],
  subject: Hashed,
): IpvsDestination | null {
  const {destinations, kernelOrder, scheduler} = service
  const weights = destinations.map(destination => (subject.weighted ? weightOf(service, destination) : 1))
  const flags = service.schedulerFlags
  const fallback = scheduler === 'sh' && (flags.has('sh-fallback') || flags.has('flag-1'))
  const {port} = subject
  if (kernelOrder && port !== null) {
    const owners = fillBuckets(weights)
    const find = (old: boolean): IpvsDestination | null => {
      const candidates = fallback ? [0, ...offsets(bucketOf(subject.address, port, {old}))] : [0]
      const buckets = candidates.map(offset => bucketOf(subject.address, port, {offset, old}))
      const chosen = buckets.map(bucket => destinations[owners[bucket] as number] as IpvsDestination)
      return chosen.find(destination => open.includes(destination)) ?? null
    }
    const [now, before] = [find(false), find(true)]
    if (now === before) return now
    return walk.decide('kernel ipvs hash', 'the kernel is 4.18 or later, which hashes addresses in another way')
      ? now
      : before
  }
  const candidates = fallback ? open : destinations
  if (candidates.length === 0) return null
  const whom =
    scheduler === 'dh' ? `destination ${formatAddress(subject.address)}` : `client ${formatAddress(subject.address)}`
  const by = `by the hash of the ${whom} (${scheduler}), whose table depends on an order that ipvsadm does not show`
  const shares = candidates.map(destination => (subject.weighted ? Math.max(1, weightOf(service, destination)) : 1))
  const chosen = candidates[walk.draw(shares, by)] as IpvsDestination
  return open.includes(chosen) ? chosen : null
}

/** ip_vs_sh_get_fallback: from the bucket of the hash on, round the table. */
function offsets(first: number): number[] {
  return Array.from({length: 256}, (_, i) => (i + first) & 255)
}
