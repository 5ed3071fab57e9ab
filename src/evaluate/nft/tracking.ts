import type {NftExpression, NftStatement, NftTable} from '../../model/index.js'

/** Does a rule of the table ask for connection tracking? Also one that no packet reaches: what counts is that it was loaded. */
export function tableAsksForTracking(table: NftTable): boolean {
  for (const chain of table.chains.values()) if (chain.rules.some(({statements}) => statements.some(asks))) return true
  return false
}

function asks(statement: NftStatement): boolean {
  switch (statement.kind) {
    case 'match':
    case 'vmap':
      return statement.key.some(reads)
    case 'set-update':
      return statement.key.some(reads) || /\bct count\b/.test(statement.text)
    case 'assign':
      return reads(statement.target) || reads(statement.value)
    case 'nat':
    case 'notrack':
      return true
    case 'condition':
      return statement.text.startsWith('ct ')
    case 'continue':
      return (
        statement.name === 'ct' ||
        statement.name.startsWith('ct ') ||
        (statement.needs !== undefined && reads(statement.needs))
      )
    case 'flow':
    case 'synproxy':
      return true
    case 'fwd':
      return reads(statement.device) || (statement.neighbour !== null && reads(statement.neighbour.address))
    case 'opaque':
    case 'tproxy':
    case 'verdict':
    case 'reject':
    case 'unknown':
      return false
  }
}

function reads(expression: NftExpression): boolean {
  switch (expression.kind) {
    case 'ct':
      return true
    case 'binary':
      return reads(expression.left) || reads(expression.right)
    case 'map':
      return expression.key.some(reads)
    case 'hash':
      return expression.of?.some(reads) === true
    default:
      return false
  }
}
