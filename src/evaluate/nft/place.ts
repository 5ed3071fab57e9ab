import type {NftRule} from '../../model/index.js'
import type {CompiledTable} from './compiledSet.js'
import type {NativeChain} from './nativeChains.js'

/** Where the walk stands: which rule of which chain, on behalf of which base chain. */
export interface RulePlace {
  readonly base: NativeChain
  readonly table: CompiledTable
  readonly chain: string
  readonly rule: NftRule
}

/** Tells one rule from all others, in facts that belong to it alone. */
export function ruleKey({table, chain, rule}: RulePlace): string {
  const {family, name} = table.table
  return `${family} ${name} ${chain} ${rule.number}`
}
