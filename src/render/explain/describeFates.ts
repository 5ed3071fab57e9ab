import type {JsonFate} from '../../model/index.js'

/** `forwarded out eth0 as 10.0.1.10 → 8.8.8.8; the reply leaves by eth1`, each different one once. */
export function describeFates(fates: readonly JsonFate[]): string[] {
  return [...new Set(fates.map(describeFate))]
}

function describeFate({disposition, reason, interface: device, src, dst, reply}: JsonFate): string {
  const way = device === null ? '' : ` out ${device}`
  const why = reason === null ? '' : `, ${reason}`
  return `${disposition}${way} as ${src} → ${dst}${why}${describeReply(reply)}`
}

function describeReply(reply: JsonFate['reply']): string {
  if (reply === null) return ''
  const arrives = reply.disposition === 'forwarded' || reply.disposition === 'delivered'
  if (!arrives) return `; the reply is ${reply.disposition}`
  return reply.interface === null ? '' : `; the reply leaves by ${reply.interface}`
}
