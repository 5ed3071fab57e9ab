import {type Family, protocolName} from '../../../net/index.js'
import type {ChainRule, Match} from '../../../model/index.js'
import {type FormatContext, formatMatch} from './formatMatch.js'
import {formatTarget} from './formatTarget.js'

/**
 * A rule as a line that iptables-restore takes: parsing it gives the same matches and target. Rules read from a listing (`-nvL`) hold
 * opaque matches in the words of the listing, which iptables-restore does not take.
 */
export function formatRule(chain: string, rule: Pick<ChainRule, 'matches' | 'target'>, family: Family): string {
  const context: FormatContext = {family, portModule: portModule(rule.matches)}
  const words = rule.matches.map(match => formatMatch(match, context))
  return [`-A ${chain}`, ...words, formatTarget(rule.target, family)].join(' ').trimEnd()
}

function portModule(matches: readonly Match[]): string {
  for (const match of matches) if (match.kind === 'protocol' && !match.negated) return protocolName(match.protocol)
  return 'tcp'
}
