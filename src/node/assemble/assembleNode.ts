import type {CaptureDocument, NodeState} from '../../model/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import type {NodeDocument} from '../nodeDocument.js'
import {listMissing} from './listMissing.js'
import {readConntrack} from './readConntrack.js'
import {readCounters} from './readCounters.js'
import {readInstance} from './readInstance.js'
import {readInterfaces} from './readInterfaces.js'
import {readIpamd} from './readIpamd.js'
import {readIpsets} from './readIpsets.js'
import {readIpvs} from './readIpvs.js'
import {noteUnseenLegacy, readLegacyTables} from './readLegacyTables.js'
import {readNamespaces} from './readNamespaces.js'
import {readNeighbours} from './readNeighbours.js'
import {readNft} from './readNft.js'
import {readRouting} from './readRouting.js'
import {readRulesets} from './readRulesets.js'
import {readSilentSaves} from './readSilentSaves.js'
import {readSysctl} from './readSysctl.js'
import {readTableNames} from './readTableNames.js'
import {readVersions} from './readVersions.js'
import {savedAt} from './savedAt.js'
import {settleListings} from './settleListings.js'

/** What a capture says of itself. */
export interface NodeIdentity {
  readonly origin: string
  readonly hostname: string | null
  readonly capturedAt: string | null
  readonly documents: readonly CaptureDocument[]
}

/** Parses all documents and puts the parts together. Rules of iptables chains stay unparsed until somebody reads them. */
export function assembleNode(
  identity: NodeIdentity,
  documents: readonly NodeDocument[],
  sink: DiagnosticSink,
): NodeState {
  const tables = readTableNames(documents, sink)
  const legacy = readLegacyTables(documents)
  const nft = readNft(documents, sink)
  const evidence = {
    ...readInterfaces(documents, sink),
    neighbours: readNeighbours(documents, sink),
    routing: readRouting(documents, tables, sink),
    iptables: settleListings(readRulesets(documents, sink), nft, legacy),
    nft,
    ipsets: readIpsets(documents, sink),
    ipvs: readIpvs(documents, sink),
    conntrack: readConntrack(documents, sink),
    sysctl: readSysctl(documents, sink),
    ipamd: readIpamd(documents, sink),
  }
  noteUnseenLegacy(legacy, evidence.iptables, sink)
  return {
    ...identity,
    capturedAt: identity.capturedAt ?? savedAt(evidence.iptables),
    missing: listMissing({...evidence, legacy}),
    ...evidence,
    ...readCounters(documents, sink),
    instance: readInstance(documents),
    silentSaves: readSilentSaves(documents),
    namespaces: readNamespaces(documents, tables, sink),
    toolVersions: readVersions(documents, evidence.iptables),
    get diagnostics() {
      return sink.all
    },
  }
}
