import {type Address, formatAddress, protocolName} from '../../net/index.js'
import type {NftExpression} from '../../model/index.js'
import type {Key} from './compiledSet.js'
import {isOpen} from './reading.js'

/** A key as a person writes it: `10.100.0.10 . udp . 53`; what is open stays the text of its expression. */
export function describeKey(expressions: readonly NftExpression[], key: Key): string {
  return key
    .map((reading, i) => {
      const expression = expressions[i]
      if (expression === undefined || isOpen(reading)) return expression?.text ?? ''
      if (isAddress(expression) && typeof reading !== 'string') return formatAddress(reading as Address)
      return isProtocol(expression) && typeof reading === 'number' ? protocolName(reading) : String(reading)
    })
    .join(' . ')
}

function isAddress(expression: NftExpression): boolean {
  return (expression.kind === 'payload' || expression.kind === 'ct') && /[sd]addr$/.test(expression.text)
}

function isProtocol({text}: NftExpression): boolean {
  return text === 'meta l4proto' || text === 'ip protocol' || text === 'ip6 nexthdr'
}
