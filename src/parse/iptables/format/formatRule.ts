import {type Family, hasPorts, protocolName} from '../../../net/index.js'
import type {ChainRule, Match} from '../../../model/index.js'
import {type FormatContext, formatMatch} from './formatMatch.js'
import {formatTarget} from './formatTarget.js'

/**
 * A rule as a line that iptables-restore takes: parsing it gives the same matches and target. Rules read from a listing (`-nvL`) hold
 * opaque matches in the words of the listing, which iptables-restore does not take.
 */
export function formatRule(chain: string, rule: Pick<ChainRule, 'matches' | 'target'>, family: Family): string {
  const context: FormatContext = {family, portModule: portModule(rule.matches)}
  const words = joinModules(rule.matches, context)
  return [`-A ${chain}`, ...words, formatTarget(rule.target, family)].join(' ').trimEnd()
}

function portModule(matches: readonly Match[]): string {
  for (const match of matches) {
    if (match.kind === 'protocol' && !match.negated && hasPorts(match.protocol)) return protocolName(match.protocol)
  }
  return 'tcp'
}

/** Modules of which one instance takes several options, each a match of its own. */
const JOINED = new Set(['conntrack', 'dccp', 'ecn', 'iprange', 'ipvs', 'physdev', 'sctp', 'tcp', 'udp', 'udplite'])

/** `-m tcp --sport 1` and `-m tcp --dport 2` behind it become one instance, as long as no option stands in it twice. */
function joinModules(matches: readonly Match[], context: FormatContext): readonly string[] {
  let open = ''
  let hasState = false
  const used = new Set<string>()
  return matches.map(match => {
    const text = formatMatch(match, context)
    const [, module = '', rest = ''] = /^-m (\S+) (.*)$/s.exec(text) ?? []
    const option = /--\S+/.exec(rest)?.[0] ?? ''
    // a condition of conntrack belongs to an instance with a state, or to one without
    const fits = 'besideState' in match ? match.besideState === hasState : match.kind !== 'ct-state'
    const joins = module === open && !used.has(option) && fits
    if (!joins) used.clear()
    used.add(option)
    hasState = match.kind === 'ct-state' || (joins && hasState)
    open = JOINED.has(module) ? module : ''
    return joins && open !== '' ? rest : text
  })
}
