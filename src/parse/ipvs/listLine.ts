import {type Family, formatAddress} from '../../net/index.js'
import type {Evidence, IpvsTunnel} from '../../model/index.js'
import {type DestinationDraft, type FrontendWords, METHODS, NO_DETAILS, NO_OPTIONS, type ServiceDraft} from './draft.js'
import {familyOfWords, readEndpoint, readHexAddress, readHexEndpoint} from './endpoint.js'
import {PROTOCOLS} from './names.js'
import {readPersistence} from './persistence.js'

/** The columns of a listing: what its header says. */
export interface Columns {
  /** Numbers as /proc/net/ip_vs has them. */
  readonly hex: boolean
  /** What stands behind a real server's address. */
  readonly details: 'forward' | 'thresholds' | 'persistent connections' | 'counters'
}

/**
 * `TCP  10.100.0.1:443 rr persistent 10800 mask 255.255.255.0 ops`, `FWM  1 IPv6 wlc`, `TCP  0A640001:01BB rr persistent 10800 FFFFFFFF`.
 * @returns null where it is no service, or a word of it makes no sense
 */
export function readServiceLine(evidence: Evidence, columns: Columns): ServiceDraft | null {
  const [protocol = '', subject = '', ...rest] = evidence.text.trim().split(/\s+/)
  const found = protocol === 'FWM' ? readMark(subject, rest, columns) : readAddress(protocol, subject, rest, columns)
  if (found === null) return null
  const {frontend, family, words} = found
  const draft = {...NO_OPTIONS, ...evidence, frontend, family, destinations: [], unread: null}
  if (columns.details !== 'forward') return draft
  const options = readOptions(words, family ?? 4, columns.hex)
  return options && {...draft, ...options}
}

interface Subject {
  readonly frontend: FrontendWords
  readonly family: Family | null
  readonly words: readonly string[]
}

function readMark(subject: string, rest: readonly string[], {hex}: Columns): Subject | null {
  if (!(hex ? /^[\dA-Fa-f]{8}$/ : /^\d+$/).test(subject)) return null
  const v6 = rest[0] === 'IPv6'
  const frontend = {kind: 'mark', mark: parseInt(subject, hex ? 16 : 10)} as const
  // /proc does not say the family of a service by mark: its real servers do
  return {frontend, family: v6 ? 6 : hex ? null : 4, words: v6 ? rest.slice(1) : rest}
}

function readAddress(name: string, subject: string, words: readonly string[], {hex}: Columns): Subject | null {
  const protocol = PROTOCOLS.get(name)
  const endpoint = hex ? readHexEndpoint(subject) : readEndpoint(subject)
  if (protocol === undefined || endpoint === null) return null
  return {frontend: {kind: 'address', protocol, endpoint}, family: familyOfWords(endpoint), words}
}

type Options = Pick<ServiceDraft, 'scheduler' | 'schedulerFlags' | 'persistence' | 'onePacket' | 'persistenceEngine'>

function readOptions([scheduler, ...words]: readonly string[], family: Family, hex: boolean): Options | null {
  if (scheduler === undefined || !/^[a-z]\w*$/.test(scheduler)) return null
  let options: Options = {...NO_OPTIONS, scheduler}
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (word === 'ops') options = {...options, onePacket: true}
    else if (word === 'pe') options = {...options, persistenceEngine: words[++i] ?? null}
    else if (word === 'persistent') {
      const timeout = words[++i] ?? ''
      const mask = hex ? words[++i] : words[i + 1] === 'mask' ? words[(i += 2)] : undefined
      const persistence = readPersistence(timeout, hex ? hexMask(mask ?? '', family) : (mask ?? null), family)
      if (persistence === null) return null
      options = {...options, persistence}
    } else if (/^\(.+\)$/.test(word)) options = {...options, schedulerFlags: new Set(word.slice(1, -1).split(','))}
    else return null
  }
  return options
}

/** /proc writes the netmask of IPv4 as an address, and the length of IPv6 in the bytes of one. */
function hexMask(text: string, family: Family): string | null {
  const address = readHexAddress(text)
  if (address === null) return null
  if (family === 4) return formatAddress(address)
  if (typeof address !== 'number') return null
  const bytes = address >>> 0
  return String(bytes > 128 ? bytes >>> 24 : bytes)
}

/** `10.0.1.9:443             Masq    1      0          0`, behind the arrow. @returns null where a word of it makes no sense */
export function readDestinationLine(evidence: Evidence, columns: Columns): DestinationDraft | null {
  const [subject = '', ...words] = evidence.text
    .trim()
    .replace(/^->\s*/, '')
    .split(/\s+/)
  const endpoint = columns.hex ? readHexEndpoint(subject) : readEndpoint(subject)
  if (endpoint === null) return null
  const details = readDetails(words, columns)
  return details && {...NO_DETAILS, ...evidence, ...details, endpoint}
}

function readDetails(words: readonly string[], {details}: Columns): Partial<DestinationDraft> | null {
  switch (details) {
    case 'forward':
      return readForward(words)
    case 'thresholds': {
      const [upperThreshold, lowerThreshold, active, inactive] = readNumbers(words, 4) ?? []
      if (upperThreshold === undefined) return null
      return {upperThreshold, lowerThreshold: lowerThreshold ?? 0, active: active ?? 0, inactive: inactive ?? 0}
    }
    case 'persistent connections': {
      const [weight, , active, inactive] = readNumbers(words, 4) ?? []
      return weight === undefined ? null : {weight, active: active ?? 0, inactive: inactive ?? 0}
    }
    case 'counters':
      return {}
  }
}

/** Masq 1 0 0, or with a column more: Tunnel gue:6080:csum 1 0 0. */
function readForward([name = '', ...words]: readonly string[]): Partial<DestinationDraft> | null {
  const method = METHODS.get(name)
  const information = words.length === 4 ? words[0] : undefined
  const tunnel = information === undefined ? NO_DETAILS.tunnel : readTunnel(information)
  const [weight, active, inactive] = readNumbers(information === undefined ? words : words.slice(1), 3) ?? []
  if (method === undefined || tunnel === null || weight === undefined) return null
  return {method, tunnel, weight, active: active ?? 0, inactive: inactive ?? 0}
}

function readTunnel(text: string): IpvsTunnel | null {
  const [type = '', port = '0'] = text.split(':')
  if ((type !== 'ipip' && type !== 'gue' && type !== 'gre') || !/^(\d+|(no)?(rem)?csum)$/.test(port)) return null
  return {type, port: /^\d+$/.test(port) ? Number(port) : 0}
}

function readNumbers(words: readonly string[], count: number): number[] | null {
  return words.length === count && words.every(word => /^\d+$/.test(word)) ? words.map(Number) : null
}
