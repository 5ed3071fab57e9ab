import {ICMP, ICMPV6, parseProtocol, parseUint32, TCP, UDP} from '../../net/index.js'
import type {Flow} from '../../model/index.js'
import {nearest} from '../nearest.js'
import {UsageError} from '../usageError.js'

/** The words and numbers of a flow, as flags and as members of a bulk line give them. Each throws UsageError. */

const PROTOCOL_WORDS = ['tcp', 'udp', 'icmp', 'ipv6-icmp', 'sctp', 'udplite', 'dccp', 'gre', 'esp', 'ah']

export function readProtocol(name: string, text: string): number {
  const protocol = parseProtocol(text)
  if (protocol !== null && protocol !== 0) return protocol
  const like = nearest(text, PROTOCOL_WORDS)
  const hint = like.length === 0 ? '' : ` Did you mean ${like.join(' or ')}?`
  throw new UsageError(
    `${name} ${text}: no such protocol. Expected ${PROTOCOL_WORDS.join(', ')} or a number from 1 to 255.${hint}`,
  )
}

const TCP_FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const

/** `SYN`, `SYN,ACK`, `NONE`, any case. @returns the bits of the TCP header, FIN = 1 */
export function readTcpFlags(name: string, text: string): number {
  if (text.toUpperCase() === 'NONE') return 0
  let bits = 0
  for (const word of text.toUpperCase().split(/[,\s]+/)) {
    const bit = TCP_FLAGS.indexOf(word as (typeof TCP_FLAGS)[number])
    if (bit < 0)
      throw new UsageError(
        `${name} ${text}: "${word}" is no TCP flag. Expected NONE or a list of ${TCP_FLAGS.join(', ')}, such as SYN,ACK.`,
      )
    bits |= 1 << bit
  }
  return bits
}

const ICMP_TYPES: Readonly<Record<string, readonly [v4: number, v6: number]>> = {
  'echo-request': [8, 128],
  'echo-reply': [0, 129],
  'destination-unreachable': [3, 1],
  'time-exceeded': [11, 3],
  'parameter-problem': [12, 4],
}

/** `8`, `3/4`, `echo-request`. */
export function readIcmp(name: string, text: string, protocol: number): {type: number; code: number | null} {
  const [word = '', code = null, ...rest] = text.split('/')
  const named = ICMP_TYPES[word]
  const type = named === undefined ? readNumber(name, word, 255) : named[protocol === ICMPV6 ? 1 : 0]
  if (rest.length > 0) throw new UsageError(`${name} ${text}: expected TYPE or TYPE/CODE, such as 8 or 3/4.`)
  return {type, code: code === null ? null : readNumber(name, code, 255)}
}

/** A whole number in decimal, 0 … most. */
export function readNumber(name: string, text: string, most: number, least = 0): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
  if (value >= least && value <= most) return value
  throw new UsageError(`${name} ${text}: expected a whole number from ${least} to ${most}.`)
}

export function readMark(name: string, text: string): number {
  const mark = parseUint32(text)
  if (mark !== null) return mark
  throw new UsageError(
    `${name} ${text}: expected a mark of 32 bits, such as 0x80 or 128. A packet has a mark and no mask.`,
  )
}

const CT_STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'] as const

export function readCtState(name: string, text: string): NonNullable<Flow['ctState']> {
  const state = CT_STATES.find(known => known === text.toUpperCase())
  if (state !== undefined) return state
  throw new UsageError(`${name} ${text}: no such state. Expected one of ${CT_STATES.join(', ')}.`)
}

/** IFNAMSIZ - 1 bytes, no blank, no slash: what Linux takes as the name of an interface. */
export function readInterface(name: string, text: string): string {
  if (/^[^\s/]{1,15}$/.test(text)) return text
  throw new UsageError(
    `${name} ${text}: no name of an interface. Linux takes 1 to 15 characters without blanks and slashes.`,
  )
}

/** Without --proto, these are explained. */
export const DEFAULT_PROTOCOLS: readonly number[] = [TCP, UDP]

export function isIcmp(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMPV6
}

export function icmpOf(family: 4 | 6): number {
  return family === 4 ? ICMP : ICMPV6
}
