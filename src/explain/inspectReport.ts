import type {InspectReport} from '../model/index.js'
import type {Inspection} from '../node/index.js'
import {listDiagnostics} from './reportParts.js'

/** What a capture holds, and what it lacks: as `ekspath captures inspect --json` prints it. */
export function inspectReport({node, layout, roles, ignored}: Inspection): InspectReport {
  const {origin, hostname, capturedAt} = node
  return {
    schema: 'ekspath.inspect/1',
    source: origin,
    hostname,
    capturedAt,
    layout,
    documents: node.documents.map(({name, command, bytes}) => ({
      name,
      command,
      bytes,
      kinds: [...new Set(roles.get(name) ?? [])],
    })),
    ignored: [...ignored],
    tools: [...node.toolVersions].map(([tool, version]) => ({tool, version})),
    routing: ([4, 6] as const).map(family => {
      const {rules, routes} = node.routing[family]
      return {family, rules: rules?.length ?? null, routes: routes?.length ?? null}
    }),
    netfilter: netfilterOf(node),
    missing: node.missing.map(({code, command, cost}) => ({code, command, cost})),
    diagnostics: listDiagnostics(node),
  }
}

function netfilterOf({iptables, nft}: Inspection['node']): InspectReport['netfilter'] {
  const saves = iptables.map(({family, backend, backendKnown, document, tables, complete, unlisted}) => ({
    family,
    backend: backendKnown ? backend : null,
    document,
    tables: [...tables.keys()],
    complete,
    unlisted: unlisted.map(({table}) => table),
  }))
  if (nft === null) return saves
  const tables = nft.tables.map(({family, name}) => `${family} ${name}`)
  return [
    ...saves,
    {family: null, backend: 'nft', document: nft.document, tables, complete: nft.complete, unlisted: []},
  ]
}
