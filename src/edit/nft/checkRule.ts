import type {NftChain, NftHook, NftRule, NftSetUse, NftStatement, NftTable, NftVerdict} from '../../model/index.js'
import type {EditCommand} from '../command.js'

/** Hooks at which the kernel takes a translation (nft_nat_validate, nft_masq_validate, nft_redir_validate). */
const NAT_HOOKS: Readonly<Record<'dnat' | 'snat' | 'masquerade' | 'redirect', readonly NftHook[]>> = {
  dnat: ['prerouting', 'output'],
  snat: ['postrouting', 'input'],
  masquerade: ['postrouting'],
  redirect: ['prerouting', 'output'],
}
/** nft_reject_validate */
const REJECT_HOOKS: readonly NftHook[] = ['input', 'forward', 'output', 'prerouting']

/** What the kernel would not take: chains and sets that are not there, loops, translations where none may be. @throws EditError */
export function checkRule(command: EditCommand, table: NftTable, chain: string, rule: NftRule): void {
  for (const use of setsOf(rule)) checkSet(command, table, use)
  for (const target of chainsOf(table, rule)) {
    checkTarget(command, table, target)
    if (reaches(table, target, chain)) command.refuse(`${target} leads back to ${chain}: the kernel takes no loops.`)
  }
  const nat = rule.statements.find(statement => statement.kind === 'nat')
  const rejects = rule.statements.some(({kind}) => kind === 'reject')
  if (nat?.kind === 'nat' && table.family === 'inet' && nat.address !== null && nat.family === null)
    command.refuse(`in a table of both families it must say which: ${nat.operation} ip to …, ${nat.operation} ip6 to …`)
  if (nat?.kind === 'nat' && nat.ports !== null && !knowsProtocol(rule))
    command.refuse('a translation of ports comes behind a match of the protocol: meta l4proto tcp …')
  for (const {base, name} of basesOf(table, chain)) {
    if (base === null) continue
    if (nat?.kind === 'nat' && (base.type !== 'nat' || !NAT_HOOKS[nat.operation].includes(base.hook)))
      command.refuse(`${name} (${base.type}, ${base.hook}) leads there, where the kernel takes no ${nat.operation}.`)
    if (rejects && !REJECT_HOOKS.includes(base.hook))
      command.refuse(`${name} (${base.hook}) leads there, where the kernel takes no reject.`)
  }
}

const WITH_PORTS = new Set(['tcp', 'udp', 'udplite', 'sctp', 'dccp'])

/** Does a match of the rule say which protocol the packet has? */
function knowsProtocol({statements}: NftRule): boolean {
  return statements.some(
    statement =>
      (statement.kind === 'match' || statement.kind === 'vmap') &&
      statement.key.some(
        key =>
          (key.kind === 'meta' && key.key === 'l4proto') ||
          (key.kind === 'payload' && (WITH_PORTS.has(key.protocol) || /^(protocol|nexthdr)$/.test(key.field))),
      ),
  )
}

/** A chain that an element or rule leads to. @throws EditError */
export function checkTarget(command: EditCommand, table: NftTable, name: string): void {
  const target = table.chains.get(name)
  if (target === undefined) return command.refuse(`the table ${table.family} ${table.name} has no chain ${name}.`)
  if (target.base !== null) command.refuse(`${name} is a base chain: nothing may lead there.`)
}

function checkSet(command: EditCommand, {sets, family, name}: NftTable, use: string): void {
  if (!sets.has(use)) command.refuse(`the table ${family} ${name} has no set ${use}.`)
}

/** Names of the sets that a rule asks or changes. */
function setsOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  const {kind, name, set} = part as {kind?: unknown; name?: unknown; set?: unknown}
  if (kind === 'named' && typeof name === 'string') return [name]
  const own = kind === 'set-update' && typeof set === 'string' ? [set] : []
  return [...own, ...Object.values(part).flatMap(setsOf)]
}

/** Chains that a rule leads to, by its verdict or a look-up. */
function chainsOf(table: NftTable, {statements}: NftRule): string[] {
  return statements.flatMap(statement => verdictsOf(table, statement)).flatMap(chainOf)
}

function verdictsOf(table: NftTable, statement: NftStatement): NftVerdict[] {
  if (statement.kind === 'verdict') return [statement.verdict]
  return statement.kind === 'vmap' ? elementsOf(table, statement.set).flatMap(({verdict}) => verdict ?? []) : []
}

function elementsOf({sets}: NftTable, set: NftSetUse): readonly {readonly verdict: NftVerdict | null}[] {
  return set.kind === 'named' ? (sets.get(set.name)?.elements ?? []) : set.elements
}

export function chainOf(verdict: NftVerdict): string[] {
  return verdict.kind === 'jump' || verdict.kind === 'goto' ? [verdict.chain] : []
}

function reaches(table: NftTable, from: string, to: string, seen = new Set<string>()): boolean {
  if (from === to) return true
  if (seen.has(from)) return false
  seen.add(from)
  const rules = table.chains.get(from)?.rules ?? []
  return rules.some(rule => chainsOf(table, rule).some(next => reaches(table, next, to, seen)))
}

/** Base chains from which a chain is entered, itself among them. */
function basesOf(table: NftTable, chain: string): NftChain[] {
  return [...table.chains.values()].filter(({base, name}) => base !== null && reaches(table, name, chain))
}

/** A rule or element that leads to a chain; null: none does. */
export function userOf(table: NftTable, chain: string): {readonly document: string; readonly line: number} | null {
  for (const {rules} of table.chains.values())
    for (const rule of rules) if (chainsOf(table, rule).includes(chain)) return rule.source
  for (const {elements} of table.sets.values())
    for (const {verdict, source} of elements) if (verdict !== null && chainOf(verdict).includes(chain)) return source
  return null
}
