import type {LogRow} from './agentProcess.js'
import {type RuleHit, ruleTarget, type RuleTexts} from './ruleTexts.js'
import type {SeenPacket} from './seenPackets.js'
import {readTuple, tupleKey} from './tuple.js'

/** The rules that a packet matched, and what ended it, if a rule or a policy did. */
export interface Hits {
  readonly rules: readonly RuleHit[]
  /** `table chain` of every chain that the trace names. */
  readonly chains: readonly string[]
  readonly end:
    | {readonly by: 'rule'; readonly rule: RuleHit; readonly text: string}
    | {readonly by: 'policy'; readonly chain: string}
    | null
}

/** From nft trace. */
export function nftHits(packet: SeenPacket, texts: RuleTexts): Hits {
  const rules: RuleHit[] = []
  const chains = new Set<string>()
  let end: Hits['end'] = null
  for (const {family = '', table = '', chain = '', kind, handle, verdict, policy} of packet.events) {
    chains.add(`${table} ${chain}`)
    if (kind === 'policy') {
      if (policy === 'drop') end = {by: 'policy', chain: `${table} ${chain}`}
      continue
    }
    const number = handle === undefined ? null : texts.number(family, table, chain, handle)
    if (number === null) continue
    const rule = {table, chain, rule: number}
    const text = texts.text(family, rule)
    // what sends a frame on by another device steals it too: whether it left shows in the frames
    const handsOn = verdict === 'stolen' && /\bfwd (ip6? )?to\b/.test(text)
    // its own row comes behind those of that device's chains at egress
    const met = handsOn ? rules.findIndex(hit => texts.isAtEgress(family, hit)) : -1
    rules.splice(met < 0 ? rules.length : met, 0, rule)
    if (verdict === 'drop' || (verdict === 'stolen' && !handsOn) || verdict === 'queue') end = {by: 'rule', rule, text}
  }
  return {rules, chains: [...chains], end}
}

const BASE_CHAINS = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'])
/** Targets that end a packet. A NAT target that finds no address does as well: then no more rows follow, and no snapshot. */
const ENDING = new Set(['DROP', 'REJECT'])

/**
 * From the TRACE rows of the legacy backend (ipt_do_table): `rule` and `policy` rows. `policy:N` also names an unconditional verdict
 * rule of a base chain; the policy itself has the number after the last rule. `return` rows with a number past the end are chain ends.
 */
export function legacyHits(packet: SeenPacket, rows: readonly LogRow[], texts: RuleTexts): Hits {
  const keys = new Set([...packet.snapshots.values()].map(({tuple}) => tupleKey(tuple)))
  const rules: RuleHit[] = []
  const chains = new Set<string>()
  let end: Hits['end'] = null
  for (const row of rows) {
    const tuple = readTuple(Buffer.from(row.packet, 'hex'))
    if (tuple === null || !keys.has(tupleKey(tuple))) continue
    const [table = '', chain = '', kind = '', number = '0'] = splitPrefix(row.prefix)
    const rule = {table, chain, rule: Number(number)}
    chains.add(`${table} ${chain}`)
    if (rule.rule > texts.count(row.family, table, chain)) {
      if (kind === 'policy' && BASE_CHAINS.has(chain) && texts.policy(row.family, table, chain) === 'DROP')
        end = {by: 'policy', chain: `${table} ${chain}`}
      continue
    }
    rules.push(rule)
    const text = texts.text(row.family, rule)
    if (ENDING.has(ruleTarget(text) ?? '')) end = {by: 'rule', rule, text}
  }
  return {rules, chains: [...chains], end}
}

/** A chain's name may hold a colon. */
function splitPrefix(prefix: string): string[] {
  const [, table = '', chain = '', kind = '', number = ''] = /^(\w+):(.*):(\w+):(\d+)$/.exec(prefix) ?? []
  return [table, chain, kind, number]
}
