import type {Hook, TableName} from '../../../src/model/index.js'
import type {ChainPlace} from './chainPlace.js'
import type {Context} from './context.js'
import {randomMatches} from './randomMatches.js'
import {randomTarget} from './randomTargets.js'

const HOOKS: Readonly<Record<TableName, readonly Hook[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
}

/**
 * A whole `iptables-restore` input; the tools may refuse some of its rules.
 * @param most rules of a chain
 */
export function randomSave(context: Context, most = 5): string {
  const tables: TableName[] = [
    'raw',
    'mangle',
    'nat',
    'filter',
    ...(context.dice.chance(0.3) ? (['security'] as const) : []),
  ]
  return tables.flatMap(table => [`*${table}`, ...randomTable(context, table, most), 'COMMIT', '']).join('\n')
}

function randomTable(context: Context, table: TableName, most: number): string[] {
  const {dice} = context
  const base = HOOKS[table]
  const own = ownChains(context, table)
  const policy = (): string => (table === 'filter' && dice.chance(0.04) ? 'DROP' : 'ACCEPT')
  const chains: [string, ChainPlace][] = [
    ...base.map((hook): [string, ChainPlace] => [hook, {table, hooks: new Set([hook])}]),
    ...own,
  ]
  const rules = chains.flatMap(([chain, place], i) => {
    // only to chains further down, so that there is no loop; in nat only where the hooks allow the same targets
    const later = own
      .slice(Math.max(0, i - base.length + 1))
      .flatMap(([name, other]) => ([...place.hooks].every(hook => other.hooks.has(hook)) ? [name] : []))
    const count = dice.between(1, table === 'raw' || table === 'security' ? Math.min(2, most) : most)
    return Array.from({length: count}, () => randomRule(context, chain, place, later))
  })
  return [...base.map(hook => `:${hook} ${policy()} [0:0]`), ...own.map(([name]) => `:${name} - [0:0]`), ...rules]
}

function ownChains({dice}: Context, table: TableName): [string, ChainPlace][] {
  if (table !== 'nat') {
    const place = {table, hooks: new Set(HOOKS[table])}
    return Array.from({length: dice.between(2, 4)}, (_, i) => [`${table.toUpperCase()}-U${i}`, place])
  }
  return [0, 1, 2].flatMap((i): [string, ChainPlace][] => [
    [`N-DST-${i}`, {table, hooks: new Set<Hook>(['PREROUTING', 'OUTPUT'])}],
    [`N-SRC-${i}`, {table, hooks: new Set<Hook>(['POSTROUTING'])}],
  ])
}

function randomRule(context: Context, chain: string, place: ChainPlace, later: readonly string[]): string {
  const {words, protocol} = randomMatches(context, place)
  const target = randomTarget(context, place, protocol, later)
  let matches = [...words]
  // what ends packets must be picky: the rest has to be reached
  const picky = matches.filter(word => /(^|! )-[sd] |port/.test(word)).length >= 2
  if (/DROP|REJECT/.test(target) && !picky) {
    matches = [
      `-s ${context.dice.pick([...context.world.pods.map(pod => pod.address), ...context.world.remote])}`,
      ...matches.filter(word => !/^(! )?-s /.test(word)),
    ]
  }
  // of two --tcp-flags in a rule the tools print but one
  const twice = target.includes('--tcp-flags') && matches.some(word => /--tcp-flags|--syn/.test(word))
  return [`-A ${chain}`, ...matches, ...(target === '' || twice ? [] : [target])].join(' ')
}
