import type {IptablesRuleset, NodeState} from '../../../model/index.js'

/** The command that changes a ruleset; it names its back end where the node has both. */
export function toolOf(state: NodeState, {family, backend}: IptablesRuleset): string {
  const tool = family === 4 ? 'iptables' : 'ip6tables'
  const others = state.iptables.filter(ruleset => ruleset.family === family)
  return others.length < 2 ? tool : `${tool}-${backend === 'iptables-nft' ? 'nft' : 'legacy'}`
}
