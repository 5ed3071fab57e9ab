import {type Family, familyOf, parseAddress, parsePort, parsePortRange, type PortRange} from '../../../net/index.js'
import type {NatRange} from '../../../model/index.js'

/**
 * `10.0.0.1`, `10.0.0.1-10.0.0.9:80-90/80`, `:8081`, `[fd00::1]:80`, `[fd00::1-fd00::9]:80`, `[fd00::1]-[fd00::9]:80`.
 * @returns null on anything else, or an address of the other family
 */
export function parseNatRange(text: string, family: Family): NatRange | null {
  const colon = portsAt(text, family)
  const addresses = parseAddresses(colon < 0 ? text : text.slice(0, colon), family)
  if (addresses === null) return null
  if (colon < 0) return addresses.first === null ? null : {...addresses, ports: null, basePort: null}
  const ports = parseNatPorts(text.slice(colon + 1))
  return ports === null ? null : {...addresses, ...ports}
}

/** `80`, `80-90`, `80-90/80`. */
function parseNatPorts(text: string): {ports: PortRange; basePort: number | null} | null {
  const slash = text.indexOf('/')
  const ports = parsePortRange(slash < 0 ? text : text.slice(0, slash), '-')
  const basePort = slash < 0 ? null : parsePort(text.slice(slash + 1))
  // port 0 is what an old iptables prints for the rules of a newer one
  if (ports === null || ports.min === 0 || (slash >= 0 && basePort === null)) return null
  return {ports, basePort}
}

/** Offset of the colon before the ports: the only one in IPv4, the one behind the bracket in IPv6. */
function portsAt(text: string, family: Family): number {
  if (family === 4) return text.indexOf(':')
  if (/^:\d/.test(text)) return 0 // `::1` is an address
  const bracket = text.lastIndexOf(']:')
  return bracket < 0 ? -1 : bracket + 1
}

function parseAddresses(text: string, family: Family): Pick<NatRange, 'first' | 'last'> | null {
  if (text === '') return {first: null, last: null}
  const plain = text.replace(/[[\]]/g, '')
  const dash = plain.indexOf('-')
  const first = parseAddress(dash < 0 ? plain : plain.slice(0, dash))
  const last = dash < 0 ? first : parseAddress(plain.slice(dash + 1))
  if (first === null || last === null) return null
  return familyOf(first) === family && familyOf(last) === family && first <= last ? {first, last} : null
}
