import {type Family, FULL_MASK, parseAddress, parsePortRange, parsePrefix, parseUint32} from '../../../net/index.js'
import type {NatFlags, Target} from '../../../model/index.js'
import {readZone} from '../target/ct.js'
import {parseDirections} from '../values/directions.js'
import {type MarkOperation, normaliseSet} from '../values/masked.js'
import {parseNatRange} from '../values/natRange.js'
import {parseTos} from '../values/tos.js'

type ReadTarget = (groups: readonly (string | undefined)[], family: Family) => Target | null

interface TargetText {
  /** The whole of what the target prints. */
  readonly pattern: RegExp
  readonly read: ReadTarget
}

const NAT_FLAGS = '((?:(?:^| )(?:random-fully|random|persistent))*)'

function natFlags(text = ''): NatFlags {
  const words = text.split(' ')
  return {
    random: words.includes('random'),
    fullyRandom: words.includes('random-fully'),
    persistent: words.includes('persistent'),
  }
}

/** to:1.1.1.1-1.1.1.9:80-90/80 random persistent */
function addressNat(kind: 'dnat' | 'snat'): TargetText {
  return {
    pattern: new RegExp(`^to:(\\S+)${NAT_FLAGS}$`),
    read: ([, text = '', flags], family) => {
      const range = parseNatRange(text, family)
      return range === null ? null : {kind, ranges: [range], flags: natFlags(flags)}
    },
  }
}

/** masq ports: 1024-2048 random | redir ports 80 */
function portNat(kind: 'masquerade' | 'redirect', words: string): TargetText {
  return {
    pattern: new RegExp(`^(?:${words} ([\\d-]+))?${NAT_FLAGS}$`),
    read: ([, text, flags]) => {
      const ports = text === undefined ? null : parsePortRange(text, '-')
      return text !== undefined && ports === null ? null : {kind, ports, flags: natFlags(flags)}
    },
  }
}

const SETTERS = '(set|xset|and|or|xor) (\\w+(?:/\\w+)?)'

function setter(kind: 'mark' | 'connmark-set', word: string): TargetText {
  return {
    pattern: new RegExp(`^${word} ${SETTERS}$`),
    read: ([, operation, text = '']) => {
      const set = normaliseSet(operation as MarkOperation, text)
      return set === null ? null : {kind, set}
    },
  }
}

/** CONNMARK save | restore mask 0x80 | save nfmask 0x5 ctmask ~0x6 | restore ctmask 0x6 nfmask ~0x5: the `~` is decoration. */
const connmarkCopy: TargetText = {
  pattern: /^CONNMARK (save|restore)(?:\s+mask (\w+)| nfmask (\w+) ctmask ~(\w+)| ctmask (\w+) nfmask ~(\w+))?$/,
  read: ([, operation, both, saveNf, saveCt, restoreCt, restoreNf]) => {
    const nf = both ?? saveNf ?? restoreNf
    const ct = both ?? saveCt ?? restoreCt
    const nfMask = nf === undefined ? FULL_MASK : parseUint32(nf)
    const ctMask = ct === undefined ? FULL_MASK : parseUint32(ct)
    if (nfMask === null || ctMask === null) return null
    return {kind: operation === 'save' ? 'connmark-save' : 'connmark-restore', nfMask, ctMask}
  },
}

const HOP_OPERATIONS = {'set to': 'set', 'increment by': 'inc', 'decrement by': 'dec'} as const

/** TTL set to 5 */
function hops(word: 'TTL' | 'HL'): TargetText {
  return {
    pattern: new RegExp(`^${word} (set to|increment by|decrement by) (\\d+)$`),
    read: ([, operation, value]) =>
      Number(value) > 255
        ? null
        : {kind: 'ttl-set', operation: HOP_OPERATIONS[operation as keyof typeof HOP_OPERATIONS], value: Number(value)},
  }
}

/** TOS set 0x10/0x3f | TOS and 0x5 */
const tos: TargetText = {
  pattern: /^TOS (set|and|or|xor) (\S+)$/,
  read: ([, operation, text = '']) => {
    const set = operation === 'set' ? parseTos(text) : normaliseSet(operation as MarkOperation, text, 0xff)
    return set === null ? null : {kind: 'tos-set', set}
  },
}

/** add-set A src,dst exist timeout 5 | map-set A src map-mark */
const set: TargetText = {
  pattern: /^(add|del|map)-set (\S+) (\S+)((?: (?:exist|timeout \d+|map-\w+))*)$/,
  read: ([text = '', operation, name = '', sides = '']) => {
    const directions = parseDirections(sides)
    if (directions === null) return null
    if (operation === 'map') return {kind: 'opaque', name: 'SET', text, recognised: true}
    return {kind: operation === 'add' ? 'set-add' : 'set-del', set: name, directions, text}
  },
}

/** CT zone 5 | CT helper ftp | CT zone-orig mark ctevents new,destroy */
const ct: TargetText = {
  pattern: /^CT((?: (?:helper|ctevents|expevents|zone|zone-orig|zone-reply|timeout) \S+)*)$/,
  read: ([text = '', options = '']) => {
    const [, option = 'zone', value = '0'] = / (zone\S*) (\S+)/.exec(options) ?? []
    const zone = readZone(option, value)
    const helper = / helper (\S+)/.exec(options)?.[1]
    return zone === null ? null : {kind: 'ct', zone, helper: helper ?? null, text}
  },
}

/** TPROXY redirect 127.0.0.1:15001 mark 0x1/0x1 */
const tproxy: TargetText = {
  pattern: /^TPROXY redirect (\S+):(\d+) mark (\S+)$/,
  read: ([text = '', at = '', port = '', mark = '']) => {
    const address = parseAddress(at.replace(/^\[|\]$/g, ''))
    const set = normaliseSet('xset', mark)
    if (address === null || set === null || Number(port) > 65535) return null
    return {kind: 'tproxy', address: address === 0 || address === 0n ? null : address, port: Number(port), set, text}
  },
}

/** By the name in the target column; NOTRACK is a form of CT there. */
const TARGET_TEXTS: ReadonlyMap<string, readonly TargetText[]> = new Map<string, readonly TargetText[]>([
  ['REJECT', [{pattern: /^reject-with (\S+)$/, read: ([, word = '']) => ({kind: 'reject', with: word})}]],
  ['DNAT', [addressNat('dnat')]],
  ['SNAT', [addressNat('snat')]],
  ['MASQUERADE', [portNat('masquerade', 'masq ports:')]],
  ['REDIRECT', [portNat('redirect', 'redir ports')]],
  [
    'NETMAP',
    [
      {
        pattern: /^(?:to:)?(\S+)$/,
        read: ([, text = ''], family) => {
          const prefix = parsePrefix(text)
          return prefix === null || prefix.family !== family ? null : {kind: 'netmap', prefix}
        },
      },
    ],
  ],
  ['MARK', [setter('mark', 'MARK')]],
  ['CONNMARK', [setter('connmark-set', 'CONNMARK'), connmarkCopy]],
  ['TPROXY', [tproxy]],
  ['CT', [{pattern: /^(?:CT notrack|NOTRACK)$/, read: () => ({kind: 'notrack'})}, ct]],
  ['NOTRACK', [{pattern: /^(?:NOTRACK)?$/, read: () => ({kind: 'notrack'})}]],
  [
    'DSCP',
    [
      {
        pattern: /^DSCP set (0x\w+)$/,
        read: ([, text = '']) => {
          const value = parseUint32(text)
          return value === null || value > 63 ? null : {kind: 'dscp-set', value}
        },
      },
    ],
  ],
  ['TOS', [tos]],
  ['TTL', [hops('TTL')]],
  ['HL', [hops('HL')]],
  ['SET', [set]],
])

/** Is what this target prints modelled, so that anything else before it must be a match? */
export function isModelled(target: string): boolean {
  return TARGET_TEXTS.has(target)
}

/** @returns null where the text is not the whole of what the target prints, or makes no sense */
export function readTargetText(target: string, text: string, family: Family): Target | null {
  for (const {pattern, read} of TARGET_TEXTS.get(target) ?? []) {
    const groups = pattern.exec(text)
    if (groups !== null) return read(groups, family)
  }
  return null
}
