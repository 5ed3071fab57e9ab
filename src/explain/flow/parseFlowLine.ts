import {type Address, parseAddress} from '../../net/index.js'
import type {Flow} from '../../model/index.js'
import {nearest} from './nearest.js'
import {FlowError} from '../../evaluate/index.js'
import {makeFlow} from './makeFlow.js'
import {readCtState, readMark, readProtocol, readTcpFlags} from './words.js'

/** `family` follows from the addresses and `note` is the writer's own: both are allowed, neither is read. */
const KEYS = [
  'src',
  'dst',
  'proto',
  'sport',
  'dport',
  'iif',
  'oif',
  'mark',
  'dscp',
  'ttl',
  'tcpFlags',
  'icmpType',
  'icmpCode',
  'ctState',
  'replyIcmp',
  'replyFrom',
  'family',
  'note',
] as const
const KNOWN: ReadonlySet<string> = new Set(KEYS)

type Members = Readonly<Record<string, unknown>>

/**
 * One line of a bulk file: a JSON object like the `flow` of an explanation.
 * @throws FlowError
 */
export function parseFlowLine(line: string): Flow {
  const members = parseObject(line)
  for (const key in members) if (!KNOWN.has(key)) refuseKey(key)
  const proto = required(members, 'proto')
  return makeFlow({
    protocol: readProtocol('proto', typeof proto === 'number' ? String(proto) : stringOf('proto', proto)),
    source: members['src'] == null ? null : addressOf('src', members['src']),
    destination: addressOf('dst', required(members, 'dst')),
    sourcePort: numberOf(members, 'sport', 65535),
    destinationPort: numberOf(members, 'dport', 65535),
    inInterface: optionalString(members, 'iif'),
    outInterface: optionalString(members, 'oif'),
    mark: markOf(members['mark']),
    dscp: numberOf(members, 'dscp', 63) ?? 0,
    ...optional('ttl', numberOf(members, 'ttl', 255)),
    ...optional(
      'tcpFlags',
      members['tcpFlags'] == null ? null : readTcpFlags('tcpFlags', stringOf('tcpFlags', members['tcpFlags'])),
    ),
    icmpType: numberOf(members, 'icmpType', 255),
    icmpCode: numberOf(members, 'icmpCode', 255),
    icmpAnswer: icmpAnswerOf(members),
    ctState: members['ctState'] == null ? null : readCtState('ctState', stringOf('ctState', members['ctState'])),
  })
}

function parseObject(line: string): Members {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    throw new FlowError(`not JSON: ${(error as Error).message}`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members
  throw new FlowError('expected a JSON object such as {"src":"10.0.0.1","dst":"10.0.0.2","proto":"tcp","dport":80}')
}

function refuseKey(key: string): never {
  const like = nearest(key, KEYS)
  throw new FlowError(
    `unknown member "${key}".${like.length === 0 ? '' : ` Did you mean "${like.join('" or "')}"?`} Known are ${KEYS.join(', ')}.`,
  )
}

function required(members: Members, key: string): unknown {
  if (members[key] == null) throw new FlowError(`"${key}" is missing`)
  return members[key]
}

function stringOf(key: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw new FlowError(`"${key}" must be a string, not ${JSON.stringify(value)}`)
}

function optionalString(members: Members, key: string): string | null {
  return members[key] == null ? null : stringOf(key, members[key])
}

function addressOf(key: string, value: unknown): Address {
  const address = parseAddress(stringOf(key, value))
  if (address === null) throw new FlowError(`"${key}" must be an IP address, not ${JSON.stringify(value)}`)
  return address
}

function numberOf(members: Members, key: string, most: number): number | null {
  const value = members[key]
  if (value == null) return null
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new FlowError(`"${key}" must be a whole number from 0 to ${most}, not ${JSON.stringify(value)}`)
}

function optional<K extends string>(key: K, value: number | null): Partial<Record<K, number>> {
  return value === null ? {} : ({[key]: value} as Record<K, number>)
}

/** A number, or text as `ip rule` writes it: `"0x80"`. */
function markOf(mark: unknown): number {
  return mark == null ? 0 : readMark('mark', typeof mark === 'number' ? String(mark) : stringOf('mark', mark))
}

/** `"replyIcmp": [3, 4], "replyFrom": "10.0.0.1"`: what comes back is an ICMP error about the packet. */
function icmpAnswerOf(members: Members): Flow['icmpAnswer'] {
  const error = members['replyIcmp']
  if (error == null) return null
  const [type, code] = Array.isArray(error) ? (error as unknown[]) : []
  if (!isByte(type) || !isByte(code))
    throw new FlowError('"replyIcmp" must be the type and code of an ICMP error, such as [3, 4]')
  return {type, code, source: members['replyFrom'] == null ? null : addressOf('replyFrom', members['replyFrom'])}
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255
}
