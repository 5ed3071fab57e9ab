import type {IptablesRuleset, SourceRef} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

/**
 * The tables that the legacy backend of a family has, by /proc/net/ip_tables_names, and where it says so; null: nobody who may know was
 * asked.
 */
export type LegacyTables = Readonly<Record<Family, ReadonlyMap<string, SourceRef> | null>>

export function readLegacyTables(documents: readonly NodeDocument[]): LegacyTables {
  const listings = documentsOf(documents, 'legacy-tables')
  const of = (family: Family): ReadonlyMap<string, SourceRef> | null => {
    const listing = listings.find(({role, ...rest}) => role.family === family && isTold(rest))
    return listing === undefined ? null : tablesIn(listing)
  }
  return {4: of(4), 6: of(6)}
}

function tablesIn({source: {name, text, firstLine = 1}}: Pick<NodeDocument, 'source'>): ReadonlyMap<string, SourceRef> {
  const words = text
    .split('\n')
    .map((line, at): [string, SourceRef] => [line.trim(), {document: name, line: firstLine + at}])
  return new Map(words.filter(([word]) => isName(word)))
}

/** Only root may read the file; nobody else gets an empty answer. */
function isTold({source, asRoot, exitCode}: Pick<NodeDocument, 'source' | 'asRoot' | 'exitCode'>): boolean {
  return source.text.split(/\s+/).some(isName) || (asRoot && (exitCode ?? 0) === 0)
}

function isName(word: string): boolean {
  return /^(raw|mangle|nat|filter|security)$/.test(word)
}

/** Says so where the legacy backend has tables whose rules are nowhere in the capture. */
export function noteUnseenLegacy(
  legacy: LegacyTables,
  rulesets: readonly IptablesRuleset[],
  sink: DiagnosticSink,
): void {
  for (const family of [4, 6] as const) {
    const names = [...(legacy[family]?.keys() ?? [])]
    const seen = rulesets.some(ruleset => ruleset.family === family && ruleset.backend === 'iptables-legacy')
    if (names.length === 0 || seen) continue
    const tool = family === 4 ? 'iptables-legacy-save' : 'ip6tables-legacy-save'
    const text = `The legacy backend of IPv${family} has the tables ${names.join(', ')}, whose rules are not in the capture: \`${tool}\` would tell.`
    sink.add('OTHER_BACKEND', 'warning', text, null)
  }
}
