import {familyOf, parseUint32} from '../../net/index.js'
import type {ConntrackEntry, ConntrackZone} from '../../model/index.js'
import {TupleDraft} from './tuple.js'

export type ReadConntrack = Omit<ConntrackEntry, 'source' | 'text'>

/** Keys that no answer depends on. `srckey`, `dstkey`: GRE, and in /proc `timeout`, `stream_timeout`. */
const IGNORED = new Set([
  'bytes',
  'delta-time',
  'dstkey',
  'helper',
  'labels',
  'packets',
  'secctx',
  'srckey',
  'start',
  'stop',
  'stream_timeout',
  'timeout',
  'use',
])

const ZONES: ReadonlyMap<string, ConntrackZone['direction']> = new Map([
  ['zone', 'both'],
  ['zone-orig', 'original'],
  ['zone-reply', 'reply'],
])

/**
 * ipv4     2 tcp      6 118 SYN_SENT src=… dst=… sport=… dport=… [UNREPLIED] src=… dst=… sport=… dport=… mark=128 zone=0 use=1
 *
 * The first two words only with `-o extended` and in /proc; no timeout in offloaded entries; `id=` is part of an ICMP tuple, or behind both
 * tuples the entry's own (`-o id`).
 * @returns the words that make no sense, where the line is no entry
 */
export function readConntrack(line: string): ReadConntrack | string {
  const words = line.split(/\s+/)
  let at =
    /^(ipv4|ipv6|unknown)$/.test(words[0] ?? '') && /^\d+$/.test(words[1] ?? '') && /^\D/.test(words[2] ?? '') ? 2 : 0
  at++ // the protocol's name: its number follows
  const protocol = parseUint32(words[at++] ?? '')
  if (protocol === null || protocol > 255) return words.slice(0, at).join(' ')

  const tuples = [new TupleDraft(), new TupleDraft()] as const
  let timeout: number | null = null
  let state: string | null = null
  let unreplied = false
  let assured = false
  let mark = 0
  let zone: ConntrackZone = {id: 0, direction: 'both'}
  let tuple = -1
  for (; at < words.length; at++) {
    const word = words[at] as string
    const equals = word.indexOf('=')
    if (equals < 0) {
      if (word === '[UNREPLIED]') unreplied = true
      else if (word === '[ASSURED]') assured = true
      else if (tuple < 0 && /^\d+$/.test(word)) timeout = Number(word)
      else if (tuple < 0 && /^[A-Z][A-Z0-9_]*$/.test(word)) state = word
      else if (!/^\[[A-Z_]+\]$/.test(word)) return word
      continue
    }
    const key = word.slice(0, equals)
    const value = word.slice(equals + 1)
    if (key === 'src' && tuple < 1) tuple++
    const current = tuples[tuple === 1 ? 1 : 0]
    const ownId = key === 'id' && (current.type === null || current.id !== null)
    const known = ownId || current.set(key, value)
    if (known === null) return word
    if (known) continue
    const direction = ZONES.get(key)
    if (key === 'mark' || direction !== undefined) {
      const number = parseUint32(value)
      if (number === null) return word
      if (direction === undefined) mark = number
      else zone = {id: number, direction}
    } else if (!IGNORED.has(key)) return word
  }
  const original = tuples[0].finish()
  const reply = tuples[1].finish()
  if (original === null || reply === null) return 'its two tuples'
  return {family: familyOf(original.source), protocol, original, reply, state, unreplied, assured, timeout, mark, zone}
}
