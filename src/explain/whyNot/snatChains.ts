import type {EksNode} from '../../eks/index.js'
import type {Chain, ChainRule, IptablesRuleset} from '../../model/index.js'
import {type Address, contains, familyOf} from '../../net/index.js'

/** The CNI's own translation in one save, whole or not. */
interface SnatChains {
  /** In POSTROUTING; null: nothing leads to the chains. */
  readonly jump: ChainRule | null
  /** The rule that translates; null: none of the chains has one. */
  readonly snat: ChainRule | null
  /** By number, without a gap: the CNI makes them so. */
  readonly chains: readonly Chain[]
}

const known = new WeakMap<IptablesRuleset, SnatChains | null>()

/** Null where the CNI has no chain of that kind: before 1.3, and where something else translates. Read once for each save, not for each flow. */
export function readSnatChains(ruleset: IptablesRuleset): SnatChains | null {
  let found = known.get(ruleset)
  if (found === undefined) known.set(ruleset, (found = findSnatChains(ruleset)))
  return found
}

function findSnatChains(ruleset: IptablesRuleset): SnatChains | null {
  const nat = ruleset.tables.get('nat')?.chains
  const chains: Chain[] = []
  for (;;) {
    const chain = nat?.get(`AWS-SNAT-CHAIN-${chains.length}`)
    if (chain === undefined) break
    chains.push(chain)
  }
  if (chains.length === 0) return null
  const jump = nat
    ?.get('POSTROUTING')
    ?.rules.find(({target}) => target.kind === 'jump' && target.chain === 'AWS-SNAT-CHAIN-0')
  const snat = chains.flatMap(({rules}) => rules).find(({target}) => target.kind === 'snat')
  return {jump: jump ?? null, snat: snat ?? null, chains}
}

/** Broken chains that would translate a packet to this address if they were whole. Empty chains that nothing leads to are EXTERNALSNAT's. */
export function wouldTranslate({state}: EksNode, destination: Address): boolean {
  return state.iptables.some(ruleset => {
    if (ruleset.family !== familyOf(destination)) return false
    const found = readSnatChains(ruleset)
    if (found === null || (found.jump !== null) === (found.snat !== null)) return false
    return !found.chains.some(({rules}) => rules.some(rule => excludes(rule, destination)))
  })
}

/** `-d VPC -j RETURN` (≥ 1.16.2) or `! -d VPC -j AWS-SNAT-CHAIN-1` (before). */
function excludes({matches, target}: ChainRule, destination: Address): boolean {
  return matches.some(
    match =>
      match.kind === 'destination' &&
      'length' in match.prefix &&
      match.negated === (target.kind === 'jump') &&
      (target.kind === 'jump' || target.kind === 'return') &&
      contains(match.prefix, destination),
  )
}
