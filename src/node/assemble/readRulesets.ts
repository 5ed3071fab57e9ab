import type {IptablesRuleset} from '../../model/index.js'
import {parseIptablesSave} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

type IptablesDocument = ReturnType<typeof documentsOf<'iptables'>>[number]

/** A save tells everything; -S lacks the name of its table. */
const FORMS = ['save', 'rules'] as const

/**
 * One ruleset for each backend and family. Of several captures of the same, the first of the best form counts: a save before `-S`
 * before `-nvL`; listings of single tables are put together.
 *
 * A text without any table is no ruleset: `iptables-save` prints nothing without root, and for the backend that is not in use.
 */
export function readRulesets(documents: readonly NodeDocument[], sink: DiagnosticSink): IptablesRuleset[] {
  const found = new Map<string, IptablesRuleset>()
  for (const form of FORMS) {
    for (const group of groupRuns(documentsOf(documents, 'iptables').filter(({role}) => role.form === form))) {
      const ruleset = joinRulesets(group.map(document => readRuleset(document, sink)).filter(hasTables))
      if (ruleset === null) continue
      const key = `${ruleset.backend} ${ruleset.family}`
      if (!found.has(key)) found.set(key, ruleset)
    }
  }
  return [...found.values()]
}

function readRuleset({source, role}: IptablesDocument, sink: DiagnosticSink): IptablesRuleset {
  const options = {
    family: role.family,
    ...(role.backend === null ? {} : {backend: role.backend}),
    ...(role.table === null ? {} : {table: role.table}),
  }
  return sink.take(parseIptablesSave(source, options))
}

/** A save stands alone; the listings of one backend and family belong together. */
function groupRuns(documents: readonly IptablesDocument[]): IptablesDocument[][] {
  const groups = new Map<string, IptablesDocument[]>()
  for (const document of documents) {
    const {form, family, backend, table} = document.role
    const key =
      form === 'save' && table === null
        ? document.source.name + String(document.source.firstLine)
        : `${family} ${backend}`
    groups.set(key, [...(groups.get(key) ?? []), document])
  }
  return [...groups.values()]
}

function hasTables({tables, unlisted}: IptablesRuleset): boolean {
  return tables.size > 0 || unlisted.length > 0
}

/** Tables of several listings as one ruleset, incomplete: what nobody listed is unknown. Of a table listed twice the first counts. */
function joinRulesets(parts: readonly IptablesRuleset[]): IptablesRuleset | null {
  const first = parts[0]
  if (first === undefined || parts.length === 1) return first ?? null
  const tables = new Map(parts.toReversed().flatMap(({tables}) => [...tables]))
  const unlisted = parts.flatMap(part => part.unlisted)
  return {...first, tables, unlisted, complete: false}
}
