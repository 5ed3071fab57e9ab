import {protocolName} from '../../../src/net/index.js'
import type {MeasuredOutcome} from './outcome.js'
import type {Tuple} from './tuple.js'

/**
 * An outcome in a line: `forwarded eth0 10.0.0.1:40000>8.8.8.8:53`, `delivered …`, `rejected icmp 3/3 from 10.0.0.10`, `dropped silent`,
 * `unroutable EINVAL`, and `reply …` after it where there is one.
 */
export function describeOutcome(outcome: MeasuredOutcome): string {
  const words = [outcome.dispositions.join('/')]
  if (outcome.egress !== null) words.push(outcome.egress)
  if (outcome.packet !== null && ['forwarded', 'delivered'].includes(words[0] ?? ''))
    words.push(describeTuple(outcome.packet))
  else words.push(describeAnswer(outcome))
  if (outcome.reply !== null) words.push('reply', describeOutcome(outcome.reply))
  return words.join(' ')
}

function describeAnswer({answer, errno}: MeasuredOutcome): string {
  if (answer?.kind === 'icmp') return `icmp ${String(answer.type)}/${String(answer.code)} from ${answer.source}`
  if (answer?.kind === 'tcp-reset') return `reset from ${answer.source}`
  return errno ?? 'silent'
}

export function describeTuple({source, sport, destination, dport, protocol, icmpType, icmpCode}: Tuple): string {
  const text = `${endpoint(source, sport)}>${endpoint(destination, dport)}`
  return icmpType === null ? text : `${text} ${protocolName(protocol)} ${icmpType}/${String(icmpCode)}`
}

/** `10.0.0.1:80`, `[2001:db8::1]:80`, or the address alone. */
export function endpoint(address: string, port: number | null): string {
  if (port === null) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/**
 * Does an outcome meet an expectation? The expectation is a beginning of the description, word by word; `*` stands for any characters
 * in a word, `|` separates alternatives.
 */
export function meetsExpectation(outcome: MeasuredOutcome, expectation: string): boolean {
  const got = describeOutcome(outcome)
  return expectation.split('|').some(alternative => {
    const pattern = alternative
      .trim()
      .split('*')
      .map(part => part.replace(/[.[\]()+?^$\\]/g, '\\$&'))
      .join('\\S*')
    return new RegExp(`^${pattern}( |$)`).test(got)
  })
}
