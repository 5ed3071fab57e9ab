import {type JsonOutcome, type Reason, TABLE_DEFAULT, TABLE_LOCAL, TABLE_MAIN} from '../../../src/model/index.js'
import {formatAddress, parseProtocol, type Prefix} from '../../../src/net/index.js'
import {parseIpRoute} from '../../../src/parse/index.js'
import type {NeighbourMacs} from '../lab/neighbourMacs.js'
import type {MeasuredOutcome} from '../lab/outcome.js'

/** How far a predicted outcome and the kernel's agree: each aspect presupposes those before it. */
export const ASPECTS = ['disposition', 'packet', 'egress', 'route', 'rules', 'reason', 'reply'] as const
export type Aspect = (typeof ASPECTS)[number]

/** What of the node the comparison needs: a Lab has it. */
export interface CompareContext {
  readonly neighbours: NeighbourMacs
  /** Then the order of rules is not compared. */
  readonly bothBackends: boolean
}

/** @returns the first aspect in which they part; null: they agree */
export function compareOutcome(seen: MeasuredOutcome, predicted: JsonOutcome, context: CompareContext): Aspect | null {
  if (!seen.dispositions.includes(predicted.disposition)) return 'disposition'
  if (!samePacket(seen, predicted)) return 'packet'
  if (!sameEgress(seen, predicted, context.neighbours)) return 'egress'
  if (!sameRoute(seen, predicted)) return 'route'
  if (!sameRules(ruleNames(predicted), seen.rules.map(ruleName), context)) return 'rules'
  if (reasonsOf(seen)?.includes(predicted.reason) === false) return 'reason'
  if (seen.reply === null) return null
  if (predicted.reply === undefined || predicted.reply === null) return 'reply'
  return compareOutcome(seen.reply, predicted.reply, context) === null ? null : 'reply'
}

function samePacket({packet: seen, mark, dispositions}: MeasuredOutcome, {packet}: JsonOutcome): boolean {
  if (seen === null || !['forwarded', 'delivered'].includes(dispositions[0] ?? '')) return true
  if (seen.source !== packet.src || seen.destination !== packet.dst || seen.protocol !== parseProtocol(packet.proto))
    return false
  // a port that NAT draws is null, on the way there and back
  const samePorts =
    (packet.dport === null || seen.dport === packet.dport) && (packet.sport === null || seen.sport === packet.sport)
  return samePorts && mark === packet.mark
}

function sameEgress(seen: MeasuredOutcome, {egress}: JsonOutcome, neighbours: NeighbourMacs): boolean {
  if (seen.egress === null) return true
  if (egress?.interface !== seen.egress) return false
  // broadcast and multicast frames go to no neighbour
  if (seen.mac === null || egress.nextHop === null || Number.parseInt(seen.mac.slice(0, 2), 16) % 2 === 1) return true
  return neighbours.of(egress.interface, egress.nextHop) === seen.mac
}

/** The last policy rule and the last route of the explanation are those that led to the outcome. */
function sameRoute({route}: MeasuredOutcome, {steps = []}: JsonOutcome): boolean {
  if (route === null) return true
  const table = steps.findLast(step => step.kind === 'ip-rule')?.target?.replace('lookup ', '')
  const text = steps.findLast(step => step.kind === 'route')?.text
  const found = text === undefined ? undefined : parseIpRoute({name: '', text}).value[0]
  return (
    tableNumber(table ?? '') === route.table && found !== undefined && prefixText(found.destination) === route.prefix
  )
}

function tableNumber(name: string): number {
  return {main: TABLE_MAIN, local: TABLE_LOCAL, default: TABLE_DEFAULT}[name] ?? Number(name)
}

function prefixText({address, length}: Prefix): string {
  return `${formatAddress(address)}/${length}`
}

function sameRules(predicted: readonly string[], seen: readonly string[], {bothBackends}: CompareContext): boolean {
  if (!bothBackends) return predicted.join('\n') === seen.join('\n')
  return [...predicted].sort().join('\n') === [...seen].sort().join('\n')
}

export function ruleName({
  table,
  chain,
  rule,
}: {
  readonly table: string | null
  readonly chain: string | null
  readonly rule: number | null
}): string {
  return `${table}/${chain}#${rule}`
}

export function ruleNames(predicted: JsonOutcome): string[] {
  return (predicted.steps ?? []).filter(step => step.kind === 'chain-rule').map(ruleName)
}

/** Reasons that the kernel's own words admit; null where it did not say. */
function reasonsOf({dispositions, answer, errno, drops, packet}: MeasuredOutcome): readonly (Reason | null)[] | null {
  const [disposition] = dispositions
  if (disposition === 'forwarded' || disposition === 'delivered') return [null]
  if (disposition === 'rejected') return ['REJECT_RULE']
  if (dispositions.length === 1 && disposition === 'unroutable') {
    if (answer?.kind === 'icmp') return icmpReasons(packet?.family ?? 4, answer.type, answer.code)
    if (errno !== null) return ERRNO_REASONS[errno] ?? null
  }
  if (drops.includes('IP_RPFILTER')) return ['SOURCE_VALIDATION']
  if (drops.includes('IP_LOCAL_SOURCE')) return ['MARTIAN_SOURCE']
  return null
}

const ERRNO_REASONS: Readonly<Record<string, readonly Reason[]>> = {
  // also connect() to a broadcast or multicast address
  ENETUNREACH: ['NO_ROUTE', 'UNREACHABLE', 'NOT_FORWARDABLE'],
  EHOSTUNREACH: ['UNREACHABLE'],
  EACCES: ['PROHIBIT'],
}

function icmpReasons(family: 4 | 6, type: number | null, code: number | null): readonly Reason[] | null {
  switch (`${family} ${type}/${code}`) {
    case '4 3/0':
    case '6 1/0':
      return ['NO_ROUTE', 'UNREACHABLE']
    case '4 3/1':
      return ['UNREACHABLE', 'FORWARDING_DISABLED', 'NOT_FORWARDABLE']
    case '4 3/13':
    case '6 1/1':
      return ['PROHIBIT']
    case '4 11/0':
    case '6 3/0':
      return ['TTL_EXCEEDED']
    default:
      return null
  }
}
