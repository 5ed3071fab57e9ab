import type {DiagnosticList} from '../shared/diagnosticList.js'
import type {LazySet} from './lazySet.js'
import type {OpenTable} from './openTable.js'

/**
 * Marks the named sets without elements of a listing that left elements out. `nft -t` prints such a set as `nft` prints one that is empty, so the
 * text decides only where it shows elements of some set: then it left out none.
 * @param terse whether the command had `-t`; null: not known
 */
export function markUnlisted(tables: readonly OpenTable[], terse: boolean | null, diagnostics: DiagnosticList): void {
  const sets = tables.filter(table => !table.ofIptables).flatMap(table => [...table.sets.values()])
  const [first] = sets
  if (terse === false || first === undefined || sets.some(set => set.showsElements)) return
  for (const set of sets) set.listed = terse === true ? 'part' : 'unsure'
  if (terse === true) noteTerse(first, diagnostics)
}

function noteTerse({source}: LazySet, diagnostics: DiagnosticList): void {
  const text =
    'Listed with `-t`, which leaves out the elements of sets and maps: collect `nft list ruleset` without it.'
  diagnostics.add('LOSSY_TOOL', 'warning', text, source.line)
}
