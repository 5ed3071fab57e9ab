import {ICMP, ICMPV6, parseProtocol, parseUint32} from '../../net/index.js'
import type {Flow} from '../../model/index.js'
import {FlowError} from '../../evaluate/index.js'
import {nearest} from './nearest.js'

/** The words of a flow, as flags and as members of a line give them. Each throws FlowError. */

const PROTOCOL_WORDS = ['tcp', 'udp', 'icmp', 'ipv6-icmp', 'sctp', 'udplite', 'dccp', 'gre', 'esp', 'ah']

export function readProtocol(name: string, text: string): number {
  const protocol = parseProtocol(text)
  if (protocol !== null && protocol !== 0) return protocol
  const like = nearest(text, PROTOCOL_WORDS)
  const hint = like.length === 0 ? '' : ` Did you mean ${like.join(' or ')}?`
  throw new FlowError(
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
      throw new FlowError(
        `${name} ${text}: "${word}" is no TCP flag. Expected NONE or a list of ${TCP_FLAGS.join(', ')}, such as SYN,ACK.`,
      )
    bits |= 1 << bit
  }
  return bits
}

const CT_STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'] as const

export function readCtState(name: string, text: string): NonNullable<Flow['ctState']> {
  const state = CT_STATES.find(known => known === text.toUpperCase())
  if (state !== undefined) return state
  throw new FlowError(`${name} ${text}: no such state. Expected one of ${CT_STATES.join(', ')}.`)
}

export function readMark(name: string, text: string): number {
  const mark = parseUint32(text)
  if (mark !== null) return mark
  throw new FlowError(
    `${name} ${text}: expected a mark of 32 bits, such as 0x80 or 128. A packet has a mark and no mask.`,
  )
}

export function isIcmp(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMPV6
}
