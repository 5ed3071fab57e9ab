import type {Neighbour, NeighbourState} from '../../model/index.js'
import {parseAddress, parseMac} from '../../net/index.js'
import {type Line, splitWords} from './lines.js'

/** ATF_* of linux/if_arp.h, as /proc/net/arp prints them. */
const COMPLETE = 0x02
const PERMANENT = 0x04
const PUBLISHED = 0x08

/** An entry of `arp -a`, `arp -n` or /proc/net/arp. @returns null where the line is none */
export function readArpLine(line: Line, document: string): Neighbour | null {
  const words = splitWords(line.text)
  const entry = readBsdStyle(words) ?? readProc(words) ?? readTable(words)
  return entry === null
    ? null
    : {...entry, router: false, source: {document, line: line.number}, text: line.text.trim()}
}

type Entry = Pick<Neighbour, 'address' | 'interface' | 'mac' | 'state' | 'proxy'>

/** ? (10.0.3.17) at 3a:f8:0c:80:21:5f [ether] PERM on eni1     busybox: two blanks before `on`, `* PERM PUP` for a proxy */
function readBsdStyle(words: readonly string[]): Entry | null {
  const at = words.indexOf('at')
  const on = words.lastIndexOf('on')
  const address = parseAddress(/^\((.+)\)$/.exec(words[at - 1] ?? '')?.[1] ?? '')
  if (address === null || on <= at) return null
  const hardware = words[at + 1] ?? ''
  const flags = words.slice(at + 2, on)
  const proxy = flags.includes('PUB') || flags.includes('PUP')
  return entryOf(address, words[on + 1], hardware, flags.includes('PERM'), proxy)
}

/** 10.0.14.99  0x1  0x0  00:00:00:00:00:00  *  ens5 */
function readProc(words: readonly string[]): Entry | null {
  const address = parseAddress(words[0] ?? '')
  if (
    address === null ||
    words.length !== 6 ||
    !/^0x[0-9a-f]+$/.test(words[1] ?? '') ||
    !/^0x[0-9a-f]+$/.test(words[2] ?? '')
  )
    return null
  const flags = Number(words[2])
  const hardware = (flags & COMPLETE) !== 0 ? (words[3] ?? '') : ''
  return entryOf(address, words[5], hardware, (flags & PERMANENT) !== 0, (flags & PUBLISHED) !== 0)
}

/**
 *     10.0.14.99                       (incomplete)                              ens5
 *     10.0.0.3                 ether   0a:00:00:00:00:03   CM                    eth0
 *     10.0.0.99                *       <from_interface>    MP                    eth0
 * Columns shift where one is too long, so they are read from the right.
 */
function readTable(words: readonly string[]): Entry | null {
  const address = parseAddress(words[0] ?? '')
  const device = words.at(-1)
  if (address === null || words.length < 3) return null
  if (words[1] === '(incomplete)') return entryOf(address, device, '', false, false)
  const flags = words[3] ?? ''
  if (words.length < 5 || !/^[CMP]+$/.test(flags)) return null
  return entryOf(address, device, words[2] ?? '', flags.includes('M'), flags.includes('P'))
}

function entryOf(
  address: Entry['address'],
  device: string | undefined,
  hardware: string,
  permanent: boolean,
  proxy: boolean,
): Entry | null {
  if (device === undefined) return null
  const mac = parseMac(hardware)
  // hardware that is no Ethernet address still is an address
  const known = mac !== null || !(hardware === '' || hardware.startsWith('<') || hardware === '*')
  const state: NeighbourState = proxy ? 'NONE' : !known ? 'INCOMPLETE' : permanent ? 'PERMANENT' : 'COMPLETE'
  return {address, interface: device, mac, state, proxy}
}
