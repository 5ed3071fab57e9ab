export type TableRules = Partial<Record<'raw' | 'mangle' | 'nat' | 'filter' | 'security', readonly string[]>>

const BASE_CHAINS = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
} as const

/**
 * `iptables-restore` input. Every table that a real node has is declared, so that none is unknown.
 * A line `-P CHAIN DROP` sets a policy, `-N CHAIN` declares a chain that no rule is appended to, all others are rules.
 */
export function saveText(rules: TableRules): string {
  const tables = (['raw', 'mangle', 'nat', 'filter', 'security'] as const).filter(
    table => table !== 'security' || rules.security !== undefined,
  )
  return tables.map(table => tableText(table, rules[table] ?? [])).join('')
}

function tableText(table: keyof typeof BASE_CHAINS, lines: readonly string[]): string {
  const base: readonly string[] = BASE_CHAINS[table]
  const words = lines.map(line => line.split(' '))
  const policies = new Map(
    words.flatMap(([command, chain = '', policy = '']) => (command === '-P' ? [[chain, policy] as const] : [])),
  )
  const own = new Set(
    words.flatMap(([command, chain = '']) => (command === '-P' || base.includes(chain) ? [] : [chain])),
  )
  return [
    `*${table}`,
    ...base.map(chain => `:${chain} ${policies.get(chain) ?? 'ACCEPT'} [0:0]`),
    ...[...own].map(chain => `:${chain} - [0:0]`),
    ...lines.filter(line => line.startsWith('-A')),
    'COMMIT',
    '',
  ].join('\n')
}
