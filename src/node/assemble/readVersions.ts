import type {IptablesRuleset} from '../../model/index.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

/** Versions of the tools whose output the capture holds: as `ip -V` says, or as the header of a save does. */
export function readVersions(
  documents: readonly NodeDocument[],
  rulesets: readonly IptablesRuleset[],
): ReadonlyMap<string, string> {
  const versions = new Map<string, string>()
  for (const {version, backend} of rulesets) {
    if (version !== null) versions.set('iptables', backend === 'iptables-nft' ? `${version} (nf_tables)` : version)
  }
  for (const {role, source} of documentsOf(documents, 'version')) {
    const line = source.text.trim().split('\n')[0] ?? ''
    const version = /\bv?(\d+(?:\.\d+)+(?:\S*)?(?: \(\w+\))?|iproute2-\S+)/.exec(line)?.[1]
    if (version !== undefined) versions.set(role.tool, version.replace(/,$/, ''))
  }
  return versions
}
