import type {Neighbour, NeighbourState, SourceRef} from '../../model/index.js'
import {parseAddress, parseMac} from '../../net/index.js'
import {type Line, splitWords} from './lines.js'
import {Words} from './words.js'

const STATES = new Set<string>([
  'PERMANENT',
  'REACHABLE',
  'STALE',
  'DELAY',
  'PROBE',
  'NOARP',
  'INCOMPLETE',
  'FAILED',
  'NONE',
] satisfies NeighbourState[])
/** Words of `ip neigh` besides, with a value. */
const WITH_VALUE = new Set('used probes ref proto vid vni via port nhid metric'.split(' '))
const FLAGS = new Set('extern_learn extern_valid offload managed self master sticky locked'.split(' '))

/** Column titles and totals of arp and /proc/net/arp. */
export function isNeighbourHeader(text: string): boolean {
  return /^(Address\s+HWtype|IP address\s+HW type|Entries: \d)/.test(text.trim())
}

/**
 * `10.0.0.1 dev eth0 lladdr 0a:00:00:00:00:01 router used 33/93/30 probes 3 STALE`, `10.0.13.13 dev ens5 proxy`.
 * `ip neigh show dev X` leaves out the device.
 * @returns null where the line is something else
 */
export function readNeighbourLine(line: Line, document: string): Neighbour | null {
  // ip -s of iproute2 ≥ 6 writes `used 34/94/30probes 3`, without the blank
  const words = splitWords(line.text.replace(/(\d)probes /, '$1 probes '))
  return readNeighbourWords(new Words(words), {document, line: line.number}, line.text.trim())
}

export function readNeighbourWords(words: Words, source: SourceRef, text: string): Neighbour | null {
  const address = parseAddress(words.next() ?? '')
  if (address === null) return null
  let interfaceName: string | null = null
  let mac: Neighbour['mac'] = null
  let state: NeighbourState | null = null
  let router = false
  let proxy = false
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === 'dev') interfaceName = words.next() ?? null
    else if (word === 'lladdr') mac = parseMac(words.next() ?? '')
    else if (word === 'router') router = true
    else if (word === 'proxy') proxy = true
    else if (STATES.has(word)) state = word as NeighbourState
    else if (WITH_VALUE.has(word)) words.next()
    else if (!FLAGS.has(word)) return null
  }
  if (state === null && !proxy) return null
  return {address, interface: interfaceName, mac, state: state ?? 'NONE', router, proxy, source, text}
}
