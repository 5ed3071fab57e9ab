import type {Backend, IptablesRuleset, NodeState} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import type {EditCommand} from '../command.js'

/**
 * The rules that a command of this name changes. `iptables` alone is whichever back end the node's iptables says, or the only one that
 * the capture tells of.
 * @throws EditError where that is not known
 */
export function findRuleset(
  state: NodeState,
  command: EditCommand,
  family: Family,
  named: 'legacy' | 'nft' | null,
): IptablesRuleset {
  const tool = family === 4 ? 'iptables' : 'ip6tables'
  const all = state.iptables.filter(ruleset => ruleset.family === family)
  const backend = named === null ? backendOf(state, tool) : (`iptables-${named}` as const)
  const found = backend === null ? all : all.filter(ruleset => ruleset.backend === backend)
  const [ruleset, ...others] = found.length === 0 && named === null ? all : found
  if (ruleset === undefined) {
    return command.refuse(
      `the capture does not hold its rules: collect \`${tool}${named === null ? '' : `-${named}`}-save\`.`,
    )
  }
  if (others.length > 0) command.refuse(`the node has rules of both back ends: say ${tool}-nft or ${tool}-legacy.`)
  return ruleset
}

/** `iptables v1.8.9 (nf_tables)`; null where it does not say. */
function backendOf({toolVersions}: NodeState, tool: string): Backend | null {
  const version = toolVersions.get(tool) ?? ''
  if (version.includes('nf_tables')) return 'iptables-nft'
  return version.includes('legacy') ? 'iptables-legacy' : null
}
