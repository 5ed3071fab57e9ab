import type {Address} from '../../net/index.js'
import type {Reason} from '../../model/index.js'
import {lookup, type RouteResult} from './lookup.js'
import {hasOpenPorts} from './routeInput.js'
import type {Verdict, Walk} from './walk.js'

/**
 * fib_validate_source (net/ipv4/fib_frontend.c): could an answer to this source go back out of the device the packet came in by? Runs after
 * DNAT, so it asks from the new destination.
 * @param outInterface where the packet is about to go; null for local delivery
 * @returns null where the source is fine
 */
export function validateSource(
  walk: Walk,
  device: string,
  outInterface: string | null,
  destination: Address,
): Verdict | null {
  const {network, packet} = walk
  const {sysctls} = network
  const routing = network.routing(4)
  const own = sysctls.onInterface(4, device, 'rp_filter', 0, '')
  const mode = Math.max(sysctls.all(4, 'rp_filter', 0), own.value)
  const redirects = outInterface === device && eitherSetting(walk, device, 'send_redirects', 1)
  const acceptsLocal = eitherSetting(walk, device, 'accept_local', 0)
  if (mode === 0 && sysctls.captured && !routing.usesRealms && !redirects) {
    if (acceptsLocal) return null
    if (!routing.customRules) {
      return network.interfaces.owner(packet.source) === null
        ? null
        : martian(walk, "a packet from outside bears one of the node's own addresses")
    }
  }
  const verdict = check(walk, device, outInterface, destination, mode, acceptsLocal)
  if (verdict !== null) return verdict
  if (sysctls.captured) walk.setting(own)
  else if (check(walk, device, outInterface, destination, 1, acceptsLocal, true) !== null) {
    walk.assume(
      'RP_FILTER',
      `no sysctl in the capture: rp_filter of ${device} taken as 0 or loose (2); strict (1) would drop this packet`,
    )
  }
  return null
}

/** IN_DEV_ORCONF: of all devices, or of this one. @param initial the kernel's own value of both */
function eitherSetting(walk: Walk, device: string, key: string, initial: 0 | 1): boolean {
  const {sysctls} = walk.network
  return sysctls.all(4, key, initial) !== 0 || sysctls.onInterface(4, device, key, initial, '').value !== 0
}

/** __fib_validate_source. `silent` asks without leaving a trace. */
function check(
  walk: Walk,
  device: string,
  outInterface: string | null,
  destination: Address,
  mode: number,
  acceptsLocal: boolean,
  silent = false,
): Verdict | null {
  const {network} = walk
  const result = reverseLookup(walk, device, outInterface, destination, null)
  const strictly = (): Verdict | null =>
    mode === 0
      ? null
      : refuse(
          walk,
          silent,
          `no way back to the source by ${device} (rp_filter = ${mode})`,
          result.kind === 'route' ? result : null,
        )
  if (result.kind === 'error') return strictly()
  if (result.type !== 'unicast') {
    if (result.type !== 'local') return martian(walk, `the source is a ${result.type} address`, silent)
    if (!acceptsLocal) return martian(walk, "a packet from outside bears one of the node's own addresses", silent)
  }
  if (result.route.nextHops.some(hop => hop.interface === device)) {
    if (!silent && walk.tracing && mode > 0) {
      walk.step(
        'source-validation',
        'source-validation',
        `rp_filter ${mode}`,
        result.route,
        `the way back to the source is ${device}: fine`,
      )
    }
    return null
  }
  const addressless = network.interfaces.addressesListed && network.interfaces.addresses(device, 4).length === 0
  if (addressless || mode === 1) return strictly()
  if (!silent && walk.tracing && mode === 2) {
    walk.step(
      'source-validation',
      'source-validation',
      'rp_filter 2',
      result.route,
      'loose: the source is reachable, by another device',
    )
  }
  return null
}

function reverseLookup(
  walk: Walk,
  device: string,
  outInterface: string | null,
  destination: Address,
  bound: string | null,
): ReturnType<typeof lookup> {
  const {packet} = walk
  return lookup(walk, {
    family: 4,
    source: destination,
    destination: packet.source,
    inInterface: outInterface ?? 'lo',
    outInterface: bound,
    device: null,
    mark: eitherSetting(walk, device, 'src_valid_mark', 0) ? packet.mark : 0,
    tos: packet.tos,
    protocol: packet.protocol,
    sourcePort: packet.destinationPort,
    destinationPort: packet.sourcePort,
    portsOpen: hasOpenPorts(packet),
    reversed: true,
    fromSocket: false,
    ignoreLinkState: false,
  })
}

function refuse(walk: Walk, silent: boolean, effect: string, result: RouteResult | null): Verdict {
  if (!silent && walk.tracing) {
    const back =
      result === null
        ? 'there is no route back'
        : `the way back is ${result.route.nextHops.map(hop => hop.interface ?? '?').join(', ')}`
    walk.step('source-validation', 'source-validation', 'drop', result?.route ?? null, `${effect}: ${back}`)
  }
  return {disposition: 'dropped', reason: 'SOURCE_VALIDATION' satisfies Reason}
}

function martian(walk: Walk, effect: string, silent = false): Verdict {
  if (!silent && walk.tracing) walk.step('source-validation', 'source-validation', 'drop', null, effect)
  return {disposition: 'dropped', reason: 'MARTIAN_SOURCE'}
}
