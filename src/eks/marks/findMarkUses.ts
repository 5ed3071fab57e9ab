import {
  type Chain,
  HOOKS,
  hookPriority,
  type IptablesRuleset,
  type NftChain,
  type NftRule,
  type NftTable,
  type NodeState,
  type PolicyRule,
  TABLE_MAIN,
  TABLES,
} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {type ChainPlace, placeChains, WAY} from './chainPlaces.js'
import {nativeTables} from '../nativeTables.js'
import {ruleOwner, tableOwner} from '../ruleOwner.js'
import {iptablesOperations} from './iptablesOperations.js'
import type {MarkOperation, MarkPlace, MarkUse} from './markUse.js'
import {nftOperations} from './nftOperations.js'

const FAMILIES: readonly Family[] = [4, 6]

type Placed = MarkUse & {readonly order: readonly number[]}

/**
 * All rules that set, save, restore or test a mark, in the order in which packets meet them: both backends of iptables, native nftables and
 * the routing policy database. Reads every chain. A chain that several hooks lead to stands at the first of them.
 */
export function findMarkUses(state: NodeState): MarkUse[] {
  const found = [
    ...state.iptables.flatMap(usesOfSave),
    ...nativeTables(state).flatMap(usesOfNft),
    ...FAMILIES.flatMap(family => usesOfRules(state, family)),
  ]
  return found.sort((a, b) => compare(a.order, b.order)).map(({order, ...use}): MarkUse => use)
}

function usesOfSave(ruleset: IptablesRuleset): Placed[] {
  return TABLES.flatMap(name => {
    const chains = ruleset.tables.get(name)?.chains ?? new Map<string, Chain>()
    const bases = HOOKS.flatMap(hook => {
      const priority = hookPriority(name, hook, ruleset.backend)
      return priority !== undefined && chains.has(hook) ? [{chain: hook, hook, priority}] : []
    })
    const places = placeChains(bases, chain => targetsOf(chains.get(chain)))
    return [...chains.values()].flatMap(chain =>
      chain.rules.flatMap(rule =>
        [...iptablesOperations(rule)].map(operation =>
          placed(
            operation,
            [ruleset.family],
            places.get(chain.name),
            rule,
            {
              kind: 'chain',
              backend: ruleset.backend,
              table: name,
              chain: chain.name,
              number: rule.number,
            },
            ruleOwner(chain.name, rule.comment),
          ),
        ),
      ),
    )
  })
}

function targetsOf(chain: Chain | undefined): string[] {
  return (chain?.rules ?? []).flatMap(({target}) =>
    target.kind === 'jump' || target.kind === 'goto' ? [target.chain] : [],
  )
}

function usesOfNft(table: NftTable): Placed[] {
  const families = FAMILIES.filter(family => table.family === 'inet' || table.family === (family === 4 ? 'ip' : 'ip6'))
  if (families.length === 0) return []
  const bases = [...table.chains.values()].flatMap(({name, base}) => {
    const hook = HOOKS.find(candidate => candidate.toLowerCase() === base?.hook)
    return base === null || hook === undefined || table.dormant ? [] : [{chain: name, hook, priority: base.priority}]
  })
  const places = placeChains(bases, chain => nftTargetsOf(table.chains.get(chain), table))
  return [...table.chains.values()].flatMap(chain =>
    chain.rules.flatMap(rule =>
      [...nftOperations(rule, table)].map(operation =>
        placed(
          operation,
          families,
          places.get(chain.name),
          rule,
          {
            kind: 'chain',
            backend: 'nft',
            table: `${table.family} ${table.name}`,
            chain: chain.name,
            number: rule.number,
          },
          tableOwner(table.name),
        ),
      ),
    ),
  )
}

function nftTargetsOf(chain: NftChain | undefined, table: NftTable): string[] {
  return (chain?.rules ?? []).flatMap(({statements}) => statements.flatMap(statement => nftJumps(statement, table)))
}

function nftJumps(statement: NftRule['statements'][number], table: NftTable): string[] {
  if (statement.kind === 'verdict' && 'chain' in statement.verdict) return [statement.verdict.chain]
  if (statement.kind !== 'vmap') return []
  const {set} = statement
  const elements = set.kind === 'anonymous' ? set.elements : (table.sets.get(set.name)?.elements ?? [])
  return elements.flatMap(({verdict}) => (verdict !== null && 'chain' in verdict ? [verdict.chain] : []))
}

function usesOfRules(state: NodeState, family: Family): Placed[] {
  return (state.routing[family].rules ?? []).flatMap((rule, i) => {
    if (rule.fwmark === null) return []
    const operation: MarkOperation = {
      verb: 'tests',
      of: 'packet',
      bits: rule.fwmark,
      clearsOthers: false,
      negated: rule.not,
    }
    const place: ChainPlace = {hooks: ['routing'], order: [WAY.indexOf('routing'), 0, i]}
    return [placed(operation, [family], place, rule, {kind: 'ip rule', priority: rule.priority}, ownerOfRule(rule))]
  })
}

/** hostRulePriority of the CNI. */
const CNI_PRIORITY = 1024

function ownerOfRule({priority, action}: PolicyRule): MarkUse['owner'] {
  const leadsToMain = action.kind === 'lookup' && action.table === TABLE_MAIN
  return priority === CNI_PRIORITY && leadsToMain ? 'VPC CNI' : null
}

const NOWHERE: ChainPlace = {hooks: [], order: [WAY.length]}

function placed(
  operation: MarkOperation,
  families: readonly Family[],
  place: ChainPlace = NOWHERE,
  rule: MarkUse['rule'],
  where: MarkPlace,
  owner: MarkUse['owner'],
): Placed {
  const {source, text} = rule
  const number = where.kind === 'chain' ? where.number : where.priority
  return {
    ...operation,
    families,
    hooks: place.hooks,
    where,
    owner,
    rule: {source, text},
    order: [...place.order, number],
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const difference = value - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
