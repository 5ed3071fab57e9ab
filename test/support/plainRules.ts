import type {NftTable} from '../../src/model/index.js'

/** Tables of nftables without what only a listing has (handles, lines, texts); chains, sets and elements in one order. */
export function plainRules(tables: readonly NftTable[]): unknown {
  return tables.map(({family, name, chains, sets}) => ({
    table: `${family} ${name}`,
    chains: [...chains.values()]
      .map(chain => ({name: chain.name, base: chain.base, rules: chain.rules.map(({statements}) => bare(statements))}))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    sets: [...sets.values()].map(set => ({
      name: set.name,
      elements: set.elements.map(({key, verdict, data}) => JSON.stringify(bare([key, verdict, data]))).sort(),
    })),
  }))
}

function bare(part: unknown): unknown {
  const left = (key: string, value: unknown): unknown =>
    key === 'text' || key === 'source' ? undefined : typeof value === 'bigint' ? `${value}n` : value
  return JSON.parse(JSON.stringify(part, left))
}
