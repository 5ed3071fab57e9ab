import type {Evidence, IptablesRuleset, NodeState} from '../model/index.js'

/** The command that changes a ruleset; it names its back end where the node has both. */
export function toolOf(state: NodeState, {family, backend}: Pick<IptablesRuleset, 'family' | 'backend'>): string {
  const tool = family === 4 ? 'iptables' : 'ip6tables'
  const others = state.iptables.filter(ruleset => ruleset.family === family)
  return others.length < 2 ? tool : `${tool}-${backend === 'iptables-nft' ? 'nft' : 'legacy'}`
}

/** The command that changes the ruleset which a rule or chain was read from. */
export function toolOfLine(state: NodeState, {source}: Evidence): string {
  const before = state.iptables.filter(
    ruleset => ruleset.document === source.document && firstLine(ruleset) <= source.line,
  )
  // a transcript holds the output of several commands
  const ruleset = before.reduce<IptablesRuleset | null>(
    (last, each) => (last === null || firstLine(each) > firstLine(last) ? each : last),
    null,
  )
  return ruleset === null ? 'iptables' : toolOf(state, ruleset)
}

/** That of the first chain which it lists. */
function firstLine({tables}: IptablesRuleset): number {
  for (const {chains} of tables.values())
    for (const {source} of chains.values()) if (source !== null) return source.line
  return Infinity
}

/** The command that changes the back end in which the CNI keeps its chains of IPv4. */
export function toolOfCni(state: NodeState): string {
  const holdsChains = ({family, tables}: IptablesRuleset): boolean =>
    family === 4 && [...tables.values()].some(({chains}) => [...chains.keys()].some(name => name.startsWith('AWS-')))
  const ruleset = state.iptables.find(holdsChains) ?? state.iptables.find(({family}) => family === 4)
  return ruleset === undefined ? 'iptables' : toolOf(state, ruleset)
}
