import {type Context, hex} from './context.js'

export interface RandomRouting {
  readonly routes: readonly string[]
  readonly rules: readonly string[]
  readonly deletedRules: readonly string[]
}

/** Tables and policy rules; some lines may be refused. */
export function randomRouting(context: Context): RandomRouting {
  const {dice, world} = context
  const tables = ['main', ...Array.from({length: dice.between(2, 4)}, (_, i) => String(101 + i))]
  const routes = tables.flatMap(table => randomRoutes(context, table))
  const localLate = dice.chance(0.15)
  return {
    routes: [...world.mainRoutes, ...routes],
    rules: [...randomRules(context, tables), ...(localLate ? ['pref 20 lookup local'] : [])],
    deletedRules: localLate ? ['pref 0'] : [],
  }
}

function randomRoutes(context: Context, table: string): string[] {
  const {dice, world} = context
  const lines = dice.some(world.nets, dice.between(2, 6)).flatMap(net => {
    if (net === 'default' && table === 'main') return []
    return Array.from({length: dice.pick([1, 1, 1, 2])}, () => randomRoute(context, net))
  })
  return table === 'main' ? lines : lines.map(line => line.replace(/( nexthop |$)/, ` table ${table}$1`))
}

function randomRoute(context: Context, net: string): string {
  const {dice, world} = context
  const metric = dice.pick([0, 0, 100, 200])
  const tos = world.family === 4 ? dice.pick([0, 0, 0, 0, 0x10, 0x08]) : 0
  const attributes = `${metric === 0 ? '' : ` metric ${metric}`}${tos === 0 ? '' : ` tos ${hex(tos)}`}`
  const hop = (): string => {
    const [gateway, device] = dice.pick(world.hops)
    return `via ${gateway} dev ${device}`
  }
  const onlink = world.family === 4 ? ' onlink' : ''
  return dice.weighted([
    [30, `${dice.pick(['blackhole', 'unreachable', 'prohibit', 'throw'])} ${net}${attributes}`],
    [
      12,
      `${net}${attributes} nexthop ${hop()} weight ${dice.between(1, 2)}${onlink} nexthop ${hop()} weight ${dice.between(1, 2)}${onlink}`,
    ],
    [18, `${net} dev ${dice.pick(context.devices)}${attributes}`],
    [10, `${net} ${hop()} src ${dice.pick(world.own)}${onlink}${attributes}`],
    [30, `${net} ${hop()}${onlink}${attributes}`],
  ])
}

const PRIORITIES = [5, 50, 100, 100, 512, 512, 1024, 1024, 1536, 2000, 32765]

function randomRules(context: Context, tables: readonly string[]): string[] {
  const {dice} = context
  const priorities = Array.from({length: dice.between(4, 10)}, () => dice.pick(PRIORITIES)).sort((a, b) => a - b)
  return priorities.map((priority, i) => {
    const selector = randomSelector(context)
    const later = [...priorities.slice(i + 1).filter(other => other > priority), 32766]
    const table = dice.pick([...tables, 'default', 'local', '250'])
    const action = dice.weighted([
      [selector.length > 1 && !selector.includes('not') ? 10 : 0, dice.pick(['blackhole', 'unreachable', 'prohibit'])],
      [8, `goto ${dice.pick(later)}`],
      [12, `lookup ${table} suppress_prefixlength ${dice.pick([0, 0, 8, 16, 32, 64])}`],
      [70, `lookup ${table}`],
    ])
    return `pref ${priority} ${selector.join(' ')} ${action}`
  })
}

function randomSelector(context: Context): string[] {
  const {dice, world} = context
  const words = [`from ${dice.chance(0.45) ? context.prefix() : 'all'}`]
  if (dice.chance(0.4)) words.push(`to ${context.prefix()}`)
  if (dice.chance(0.3)) {
    const {value, mask} = context.mark()
    words.push(`fwmark ${hex(value & mask)}/${hex(mask)}`)
  }
  if (dice.chance(0.2)) words.push(`iif ${dice.pick([...context.devices, 'lo', 'gone0'])}`)
  else if (dice.chance(0.1)) words.push(`oif ${dice.pick(context.devices)}`)
  if (dice.chance(0.2)) {
    const protocol = dice.pick(['tcp', 'udp', world.family === 4 ? 'icmp' : 'ipv6-icmp'])
    words.push(`ipproto ${protocol}`)
    if (!protocol.includes('icmp') && dice.chance(0.6))
      words.push(`${dice.pick(['dport', 'sport'])} ${context.portRange('-')}`)
  } else if (dice.chance(0.1)) words.push(`dport ${context.portRange('-')}`)
  if (dice.chance(0.1)) words.push(`tos ${dice.pick(['0x10', '0x08'])}`)
  if (dice.chance(0.05)) words.push(`uidrange ${dice.pick(['0-0', '1000-2000'])}`)
  if (words.length > 1 && dice.chance(0.15)) words.unshift('not')
  return words
}
