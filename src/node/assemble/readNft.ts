import type {NftRuleset, NftTable, SourceRef} from '../../model/index.js'
import {parseNftRuleset} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, textFirst, type NodeDocument} from '../nodeDocument.js'

type NftDocument = ReturnType<typeof documentsOf<'nft'>>[number]

/**
 * The nftables of the node; null where no listing tells of them. A whole ruleset goes before listings of single tables, and of a table that
 * is listed twice the first counts.
 */
export function readNft(documents: readonly NodeDocument[], sink: DiagnosticSink): NftRuleset | null {
  const listings = textFirst(documentsOf(documents, 'nft').filter(tells))
  const whole = listings.filter(isWhole)
  const parts = [...whole, ...listings.filter(document => !isWhole(document))]
  const [first] = parts
  if (first === undefined) return null
  const tables = new Map<string, NftTable>()
  let cut: SourceRef | undefined
  for (const document of parts) {
    const ruleset = sink.take(parseNftRuleset(document.source, isTerse(document)))
    cut ??= ruleset.cut
    for (const table of ruleset.tables) {
      const key = `${table.family} ${table.name}`
      if (!tables.has(key)) tables.set(key, table)
    }
  }
  return {
    document: first.source.name,
    tables: [...tables.values()],
    complete: whole.length > 0,
    ...(cut === undefined ? {} : {cut}),
  }
}

/** Without root nft prints nothing to the file, which is not "no rules". */
function tells({source, asRoot, exitCode}: NftDocument): boolean {
  return /\S/.test(source.text) || (asRoot && exitCode === 0)
}

/** `nft -t list ruleset`, `nft -at …`, `nft_--terse_list_ruleset`. Null: no command is recorded, nor spelled out by the file's name. */
function isTerse({source, command, commandKnown}: NftDocument): boolean | null {
  const words = `${command ?? ''} ${source.name.slice(source.name.lastIndexOf('/') + 1)}`.split(/[\s_]+/)
  if (words.some(word => /^(--terse|-[a-zA-Z]*t[a-zA-Z]*)$/.test(word))) return true
  return commandKnown ? false : null
}

function isWhole({source, command}: NftDocument): boolean {
  return /ruleset/.test(command ?? source.name)
}
