import {type Address, type Family, formatAddress} from '../../net/index.js'
import type {ChainRule, NatRange, Severity, Target} from '../../model/index.js'
import {parseNatRange} from './values/natRange.js'

/** What else is known of the text that the rules stand in. */
export interface SkewContext {
  readonly family: Family
  /** Of the iptables that printed the text; null where it does not say. */
  readonly version: string | null
  /** The whole text. */
  readonly text: string
  report(rule: ChainRule, severity: Severity, text: string): void
}

const NO_FLAGS = {random: false, fullyRandom: false, persistent: false}

/**
 * Rules that a newer iptables wrote and an older one printed (host and container often differ) are garbled in known ways:
 *
 * - `-j DNAT` revision 2 prints as `--to-destination :0 --persistent …` in 1.4. For an endpoint of kube-proxy the address stands in the
 *   chain's own `-s ADDRESS -j KUBE-MARK-MASQ`, and address and port in the comment `-> ADDRESS:PORT` of the rule that jumps here.
 * - `-j CONNMARK --restore-mark` revision 2 prints as `--set-xmark 0x0/MASK` before 1.6.2.
 */
export function repairSkew(chain: string, rules: readonly ChainRule[], context: SkewContext): readonly ChainRule[] {
  return rules.some(isSuspect) ? rules.map(rule => repairRule(chain, rule, rules, context)) : rules
}

/** May the rule be one that another version garbled? */
export function isSuspect({target}: ChainRule): boolean {
  return isUnreadableDnat(target) || (target.kind === 'connmark-set' && target.set.value === 0)
}

function isUnreadableDnat(target: Target): boolean {
  return target.kind === 'opaque' && target.name === 'DNAT' && !target.recognised
}

function repairRule(chain: string, rule: ChainRule, rules: readonly ChainRule[], context: SkewContext): ChainRule {
  if (!isSuspect(rule)) return rule
  if (!isUnreadableDnat(rule.target)) return repairConnmark(rule, context)
  const address = hairpinAddress(rules)
  const endpoint = chain.startsWith('KUBE-SEP-') && address !== null ? endpointOf(chain, address, context) : null
  if (endpoint === null) {
    const known =
      address === null ? 'where it goes is unknown' : `it goes to ${formatAddress(address)}, at an unknown port`
    context.report(rule, 'error', `Another version of iptables wrote this DNAT: ${known}.`)
    return rule
  }
  context.report(
    rule,
    'warning',
    'Another version of iptables wrote this DNAT: its destination is taken from the comment of the rule that jumps here.',
  )
  return {...rule, target: {kind: 'dnat', ranges: [endpoint], flags: NO_FLAGS}}
}

/** ADDRESS of `-s ADDRESS -j KUBE-MARK-MASQ`. */
function hairpinAddress(rules: readonly ChainRule[]): Address | null {
  for (const {target, matches} of rules) {
    if (target.kind !== 'jump' || target.chain !== 'KUBE-MARK-MASQ') continue
    for (const match of matches) if (match.kind === 'source' && !match.negated) return match.prefix.address
  }
  return null
}

/** The endpoint that a comment gives to the chain, where its address is the one the chain itself names. */
function endpointOf(chain: string, address: Address, {text, family}: SkewContext): NatRange | null {
  for (let at = text.indexOf(chain); at >= 0; at = text.indexOf(chain, at + chain.length)) {
    const start = text.lastIndexOf('\n', at) + 1
    const newline = text.indexOf('\n', at)
    const comment = / -> (\S+:\d+)(?:"| \*\/)/.exec(text.slice(start, newline < 0 ? undefined : newline))
    const range = comment === null ? null : parseNatRange(comment[1] ?? '', family)
    if (range?.first === address) return range
  }
  return null
}

function repairConnmark(rule: ChainRule, context: SkewContext): ChainRule {
  const {version} = context
  const old = version === null ? rule.comment?.startsWith('AWS, ') === true : /^1\.([0-5]\.|6\.[01]$)/.test(version)
  if (!old) return rule
  context.report(
    rule,
    'error',
    'An old iptables prints --restore-mark and --save-mark of a newer one as --set-xmark 0x0: which it is, is unknown.',
  )
  return {...rule, target: {kind: 'opaque', name: 'CONNMARK', text: '-j CONNMARK', recognised: false}}
}
