import type {Backend, IptablesRuleset, NftRuleset, SourceRef} from '../../model/index.js'
import type {LegacyTables} from './readLegacyTables.js'

/** The tables that a backend is known to have, and where that is said; null: it is not known which it has. */
type KnownTables = ReadonlyMap<string, SourceRef> | null

/**
 * A listing (`-S`, `-nvL`) does not say which backend it shows, nor whether there are other tables. What else the capture has may: the names
 * of the legacy tables, and the tables that nftables has.
 */
export function settleListings(
  rulesets: readonly IptablesRuleset[],
  nft: NftRuleset | null,
  legacy: LegacyTables,
): IptablesRuleset[] {
  return rulesets.map(ruleset => {
    if (ruleset.complete || ruleset.version !== null) return ruleset
    const known: Record<Backend, KnownTables> = {
      'iptables-legacy': legacy[ruleset.family],
      'iptables-nft': nft?.complete === true ? iptablesTables(nft, ruleset) : null,
    }
    const backend = ruleset.backendKnown ? ruleset.backend : (backendOf(ruleset, known) ?? ruleset.backend)
    return fillUnlisted({...ruleset, backend}, known[backend])
  })
}

/** Where it is known which tables there are, those that were not listed are unknown, and all others absent. */
function fillUnlisted(ruleset: IptablesRuleset, known: KnownTables): IptablesRuleset {
  if (known === null || known.size === 0) return ruleset
  const unlisted = [...known]
    .filter(([table]) => !ruleset.tables.has(table) && !ruleset.unlisted.some(entry => entry.table === table))
    .map(([table, source]) => ({
      table,
      source,
      text: `the node has the table ${table}, of which no listing shows the rules`,
    }))
  return {...ruleset, unlisted: [...ruleset.unlisted, ...unlisted], complete: true}
}

function iptablesTables({tables}: NftRuleset, {family}: IptablesRuleset): KnownTables {
  const own = tables.filter(table => table.ofIptables && table.family === (family === 4 ? 'ip' : 'ip6'))
  return new Map(own.map(({name, source}) => [name, source]))
}

/** The only backend that has all the tables listed; null: both have, or it is not known. */
function backendOf({tables}: IptablesRuleset, known: Readonly<Record<Backend, KnownTables>>): Backend | null {
  const has = (backend: Backend): boolean | null => {
    const names = known[backend]
    return names === null ? null : [...tables.keys()].every(name => names.has(name))
  }
  const [legacy, nft] = [has('iptables-legacy'), has('iptables-nft')]
  if (legacy === nft) return null
  return legacy === true || nft === false ? 'iptables-legacy' : 'iptables-nft'
}
