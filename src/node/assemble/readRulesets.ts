import type {IptablesRuleset} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {parseIptablesList, parseIptablesSave} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

type IptablesDocument = ReturnType<typeof documentsOf<'iptables'>>[number]

/** A save tells everything; -S lacks the name of its table; -nvL is a listing for people, in which some rules look alike. */
const FORMS = ['save', 'rules', 'list'] as const

/**
 * One ruleset for each backend and family. Of several captures of the same, the first of the best form counts: a save before `-S`
 * before `-nvL`; listings of single tables are put together.
 *
 * A listing does not say its backend: it counts where no better form tells the rules of its family.
 * A text without any table is a ruleset only where root's exit code says so: `iptables-save` prints nothing, and does not fail, without
 * root and for the backend that is not in use.
 */
export function readRulesets(documents: readonly NodeDocument[], sink: DiagnosticSink): IptablesRuleset[] {
  const all = documentsOf(documents, 'iptables')
  const [filled, empty] = [all.filter(hasText), all.filter(document => !hasText(document))]
  const found = new Map<string, IptablesRuleset>()
  const add = (ruleset: IptablesRuleset | null): void => {
    if (ruleset === null) return
    const key = `${ruleset.backend} ${ruleset.family}`
    if (!found.has(key)) found.set(key, ruleset)
  }
  for (const form of FORMS) {
    const families = new Set([...found.values()].map(({family}) => family))
    const candidates = filled.filter(
      ({role}) => role.form === form && (role.backend !== null || !families.has(role.family)),
    )
    for (const group of groupRuns(candidates)) {
      add(joinRulesets(group.map(document => readRuleset(document, sink)).filter(hasTables)))
    }
  }
  for (const document of empty.filter(isKnownEmpty)) add(emptyRuleset(document))
  noteEmpty(empty, [...found.values()], sink)
  return [...found.values()]
}

function readRuleset({source, role, cut}: IptablesDocument, sink: DiagnosticSink): IptablesRuleset {
  const options = {
    family: role.family,
    ...(role.backend === null ? {} : {backend: role.backend}),
    ...(role.table === null ? {} : {table: role.table}),
  }
  const ruleset = sink.take(
    role.form === 'list' ? parseIptablesList(source, options) : parseIptablesSave(source, options),
  )
  return cut ? {...ruleset, complete: false} : ruleset // a cut at the end of a table shows nowhere in the text
}

/** A save stands alone; the listings of one backend and family belong together. */
function groupRuns(documents: readonly IptablesDocument[]): IptablesDocument[][] {
  const groups = new Map<string, IptablesDocument[]>()
  for (const document of documents) {
    const {form, family, backend, table} = document.role
    const {name, firstLine = 1} = document.source
    const key = form === 'save' && table === null ? `${name}:${firstLine}` : `${family} ${backend}`
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
  const tables = new Map(parts.toReversed().flatMap(part => [...part.tables]))
  const unlisted = parts.flatMap(part => part.unlisted)
  return {...first, tables, unlisted, complete: false}
}

function hasText({source}: NodeDocument): boolean {
  return /\S/.test(source.text)
}

/** Root sees every table there is. */
function isKnownEmpty({role, asRoot, exitCode}: IptablesDocument): boolean {
  return role.form === 'save' && role.table === null && asRoot && exitCode === 0
}

function emptyRuleset({source, role}: IptablesDocument): IptablesRuleset {
  return {
    family: role.family,
    backend: role.backend ?? 'iptables-nft',
    backendKnown: role.backend !== null,
    document: source.name,
    version: null,
    savedAt: null,
    tables: new Map(),
    unlisted: [],
    complete: true,
  }
}

/** An empty save matters where no other tells the rules of its family. */
function noteEmpty(empty: readonly IptablesDocument[], found: readonly IptablesRuleset[], sink: DiagnosticSink): void {
  const known = new Set<Family>(found.map(({family}) => family))
  for (const {source, role, exitCode} of empty) {
    if (known.has(role.family) || (exitCode ?? 0) !== 0) continue
    const why =
      'Without root iptables-save prints nothing and does not fail, as it does for the backend that is not in use'
    sink.add('EMPTY_DOCUMENT', 'warning', `Nothing in it. ${why}: the rules are unknown, not absent.`, source.name)
  }
}
