import type {Chain, ChainRule, IptablesRuleset} from '../model/index.js'

/** The CNI's own translation, in one save. */
export interface SnatChain {
  readonly ruleset: IptablesRuleset
  /** In POSTROUTING: leads to the first chain. */
  readonly jump: ChainRule
  /** The translating rule; null where the chains end before it. */
  readonly snat: ChainRule | null
  /** The chain in which the way ends. */
  readonly last: string
  /** The rules on the way. */
  readonly path: readonly ChainRule[]
}

/** Follows AWS-SNAT-CHAIN-0 … to the rule that translates; null where nothing leads there (CNI ≤ 1.2, EXTERNALSNAT). */
export function readSnatChain(ruleset: IptablesRuleset): SnatChain | null {
  const chains = ruleset.tables.get('nat')?.chains
  const jump = chains?.get('POSTROUTING')?.rules.find(rule => nextChain(rule) !== null)
  if (chains === undefined || jump === undefined) return null
  const path: ChainRule[] = []
  const seen = new Set<Chain>()
  let chain = chains.get(nextChain(jump) ?? '')
  let last = nextChain(jump) ?? ''
  while (chain !== undefined && !seen.has(chain)) {
    seen.add(chain)
    last = chain.name
    path.push(...chain.rules)
    const snat = chain.rules.find(({target}) => target.kind === 'snat')
    if (snat !== undefined) return {ruleset, jump, snat, last, path}
    const next = chain.rules.map(nextChain).find(name => name !== null)
    chain = chains.get(next ?? '')
  }
  return {ruleset, jump, snat: null, last, path}
}

function nextChain({target}: ChainRule): string | null {
  return target.kind === 'jump' && target.chain.startsWith('AWS-SNAT-CHAIN-') ? target.chain : null
}
