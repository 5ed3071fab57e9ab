import type {Family} from '../../../net/index.js'
import {parseProtocol} from '../../../net/index.js'
import type {Match} from '../../../model/index.js'
import {parseAddressMask} from '../values/addressMask.js'
import {parseInterfaceName} from '../values/interfaceName.js'
import type {Row} from './row.js'

/** The conditions of the columns, in the order of a save: -s -d -i -o -p -f. */
export function headerMatches(row: Row, family: Family): readonly Match[] {
  const matches: Match[] = []
  const unreadable = (text: string): Match => ({kind: 'unrecognised', negated: false, text})
  const any = family === 4 ? '0.0.0.0/0' : '::/0'

  const address = (kind: 'source' | 'destination', cell: string): void => {
    if (cell === any) return
    const [negated, text] = negation(cell)
    const prefix = parseAddressMask(text, family)
    matches.push(prefix === null ? unreadable(cell) : {kind, negated, prefix})
  }
  const device = (kind: 'in-interface' | 'out-interface', cell: string): void => {
    if (cell === '*' || cell === '+') return
    const [negated, text] = negation(cell)
    matches.push({kind, negated, ...parseInterfaceName(text)})
  }

  address('source', row.source)
  address('destination', row.destination)
  device('in-interface', row.inInterface)
  device('out-interface', row.outInterface)
  const [negated, name] = negation(row.protocol)
  const protocol = parseProtocol(name)
  if (protocol === null) matches.push(unreadable(row.protocol))
  else if (protocol !== 0 || negated) matches.push({kind: 'protocol', negated, protocol})
  if (row.fragment === '-f' || row.fragment === '!f') matches.push({kind: 'fragment', negated: row.fragment === '!f'})
  return matches
}

function negation(cell: string): [negated: boolean, text: string] {
  return cell.startsWith('!') ? [true, cell.slice(1)] : [false, cell]
}
