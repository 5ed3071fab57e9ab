import {type NodeState, type Route, TABLE_LOCAL} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {parseIpRoute} from '../../parse/index.js'
import type {EditCommand} from '../command.js'
import {refuseDiagnostics} from '../refuseDiagnostics.js'

/** What a command says of a route. */
export interface RouteWords {
  readonly route: Route
  /** Which of the words stand there. */
  readonly says: (word: 'scope' | 'table' | 'metric' | 'protocol' | 'type' | 'src') => boolean
}

const WORDS: Readonly<Record<Parameters<RouteWords['says']>[0], readonly string[]>> = {
  scope: ['scope'],
  table: ['table'],
  metric: ['metric', 'priority', 'preference'],
  protocol: ['proto', 'protocol'],
  type: 'unicast local broadcast anycast multicast blackhole unreachable prohibit throw nat'.split(' '),
  src: ['src'],
}

/** The words behind `ip route add` and its kin. @param family of -4 or -6; null: as the addresses say @throws EditError */
export function readRouteWords(command: EditCommand, family: Family | null): RouteWords {
  const words = command.rest().map(({text}) => text)
  if (words[0] === 'to') words.shift()
  if (words.length === 0) command.fail('a route, such as: default via 10.0.0.1 dev eth1 table 2')
  const {value, diagnostics} = parseIpRoute(
    {name: command.source.document, text: `${words.join(' ')}\n`},
    family === null ? {} : {family},
  )
  const [route] = value
  if (route === undefined) return command.fail('[TYPE] PREFIX, such as 10.0.5.77 or default')
  // a route that names its destination alone is fine to delete
  refuseDiagnostics(
    command,
    diagnostics.filter(({code}) => code !== 'LOSSY_TOOL' && code !== 'AMBIGUOUS_TEXT'),
  )
  if (family !== null && route.family !== family) command.refuse(`it is an IPv${route.family} route.`)
  const says: RouteWords['says'] = word => words.some(each => WORDS[word].includes(each))
  const ownTable = !says('table') && /^(local|broadcast|anycast|nat)$/.test(route.type)
  return {route: {...route, ...(ownTable ? {table: TABLE_LOCAL} : {}), source: command.source}, says}
}

/** @throws EditError where what else the table holds is not known */
export function needTable(state: NodeState, command: EditCommand, {family, table}: Route): readonly Route[] {
  const {routes, listedTables} = state.routing[family]
  const known = listedTables === 'all' || listedTables.has(table) || routes?.some(route => route.table === table)
  if (routes !== null && known === true) return routes
  const listing = `ip ${family === 6 ? '-6 ' : ''}route show table all`
  return command.refuse(`the capture does not list that table: collect \`${listing}\`.`)
}
