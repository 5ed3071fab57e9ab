import {match} from 'ts-pattern'
import type {JsonSource, JsonStep} from '../../model/index.js'

/** How a phase went, for the eye. */
export type Tone = 'pass' | 'change' | 'lost' | 'unsure'

/** What one hook of one table, or one decision of the routing code, did: the steps of one stage that follow each other. */
export interface Phase {
  /** Stage and backend: the same in two branches of a walk. */
  readonly key: string
  /** `nat PREROUTING`, `routing` … */
  readonly title: string
  readonly steps: readonly JsonStep[]
  /** `DNAT`, `pass`, `DROP`, `lookup main` … */
  readonly result: string
  /** In words; may be empty. */
  readonly effect: string
  readonly tone: Tone
}

/** Targets of iptables itself (iptables-extensions(8)), and what statements of nftables are called beside them; any other name is a chain, since iptables refuses a chain named like a target. */
const TARGETS = new Set(
  (
    'ACCEPT DROP RETURN QUEUE REJECT DNAT SNAT MASQUERADE REDIRECT NETMAP MARK CONNMARK NOTRACK CT DSCP TOS TTL HL SET LOG NFLOG ULOG AUDIT ' +
    'CHECKSUM CLASSIFY CLUSTERIP CONNSECMARK DNPT ECN HMARK IDLETIMER LED NFQUEUE RATEEST SECMARK SNPT SYNPROXY TCPMSS TCPOPTSTRIP TEE TPROXY ' +
    'TRACE MIRROR SAME FWD FLOW'
  ).split(' '),
)

const LOSING = new Set(['DROP', 'REJECT'])
/** What IPVS says where it sends a packet nowhere. */
const NOT_SERVED = new Set(['dropped', 'no destination'])
/** Route types that refuse a packet. */
const REFUSALS = new Set(['blackhole', 'unreachable', 'prohibit'])
const DECIDING = new Set([
  'ACCEPT',
  'DROP',
  'REJECT',
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
  'NETMAP',
  'QUEUE',
  'NFQUEUE',
  'TPROXY',
  'SYNPROXY',
  'FWD',
])
const REWRITING = new Set(['DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT', 'NETMAP'])

/** Does the rule enter a user-defined chain? */
export function isJump(step: JsonStep): boolean {
  return step.target !== null && (step.kind === 'chain-rule' || step.kind === 'chain-miss') && !TARGETS.has(step.target)
}

/** A rule that was asked and did not decide. */
export function isMiss({kind}: JsonStep): boolean {
  return kind === 'chain-miss' || kind === 'rule-miss'
}

/** Groups the steps of an outcome into phases, in order. */
export function foldPhases(steps: readonly JsonStep[]): Phase[] {
  const groups: {key: string; steps: JsonStep[]}[] = []
  for (const step of steps) {
    const key = step.backend === null ? step.stage : `${step.stage} ${step.backend}`
    const last = groups.at(-1)
    if (last?.key === key) last.steps.push(step)
    else groups.push({key, steps: [step]})
  }
  return groups.map(group => makePhase(group.key, group.steps))
}

export function makePhase(key: string, steps: readonly JsonStep[]): Phase {
  const hits = steps.filter(step => !isMiss(step))
  const deciding =
    hits.findLast(step => step.kind !== 'chain-rule' || DECIDING.has(step.target ?? '')) ??
    hits.findLast(step => !isJump(step))
  const stage = steps[0]?.stage ?? key
  const result = deciding === undefined ? 'pass' : resultOf(deciding, hits)
  const effects = hits.map(step => withoutPrefix(step.effect, `${result}, `)).filter(effect => effect !== '')
  return {
    key,
    // a table's name keeps its dashes
    title: stage.includes('/') ? stage.replaceAll('/', ' ') : stage.replaceAll('-', ' '),
    steps,
    result,
    effect: [...new Set(effects)].join('; '),
    tone: toneOf(hits, deciding),
  }
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

function resultOf(step: JsonStep, hits: readonly JsonStep[]): string {
  return match(step.kind)
    .with('chain-rule', () => (step.target === null || step.target === 'RETURN' ? 'pass' : step.target))
    .with('chain-policy', () => step.target ?? 'policy')
    .with('chain-miss', 'rule-miss', () => 'no match')
    .with('missing', () => 'undetermined')
    .with('route', 'source-selection', () => {
      const rule = hits.findLast(other => other.kind === 'ip-rule')
      return step.target !== null && REFUSALS.has(step.target) ? step.target : (rule?.target ?? step.target ?? '')
    })
    .with('ip-rule', () => step.target ?? 'no route')
    .with('local-delivery', () => step.target ?? 'delivered')
    .with('ipvs-service', () => step.target ?? 'pass')
    .with('ipvs-destination', 'ipvs-reply', () => step.target ?? '')
    .with('forwarding', 'conntrack', 'nat', 'neighbour', 'source-validation', 'reject-answer', () => step.target ?? '')
    .exhaustive()
}

function toneOf(hits: readonly JsonStep[], deciding: JsonStep | undefined): Tone {
  if (deciding === undefined) return 'pass'
  const target = deciding.target ?? ''
  const changed =
    REWRITING.has(target) || hits.some(step => /\b(?:is now|→)\s/.test(step.effect) && step.kind !== 'conntrack')
  const tone: Tone = changed ? 'change' : 'pass'
  return match(deciding.kind)
    .with('missing', () => 'unsure' as const)
    .with('reject-answer', 'chain-policy', 'forwarding', () => 'lost' as const)
    .with('ip-rule', () => (target.startsWith('lookup') ? tone : 'lost'))
    .with('route', () => (REFUSALS.has(target) ? 'lost' : tone))
    .with('chain-rule', 'source-validation', () => (LOSING.has(target.toUpperCase()) ? 'lost' : tone))
    .with('ipvs-service', () => (NOT_SERVED.has(target) ? 'lost' : tone))
    .with('ipvs-destination', () => (NOT_SERVED.has(target) || target === 'TTL_EXCEEDED' ? 'lost' : tone))
    .with(
      'nat',
      'conntrack',
      'neighbour',
      'source-selection',
      'local-delivery',
      'chain-miss',
      'rule-miss',
      'ipvs-reply',
      () => tone,
    )
    .exhaustive()
}

/** Why a rule did not match. One of nftables may have done something before it failed, and says so itself. */
export function describeMiss({effect}: JsonStep): string {
  return effect.includes('no match: ') ? effect : `no match: ${effect}`
}

/** `iptables-save.txt:45`; null where a step has no line. */
export function formatSource(source: JsonSource | null): string | null {
  return source === null ? null : `${source.document}:${source.line}`
}

/**
 * The way through the chains, a line for each run of jumps: `KUBE-SERVICES 2 → KUBE-SVC-… 1 → KUBE-SEP-… 2 DNAT`.
 * Pieces that belong on one line are listed apart, so that a narrow page can break between them.
 * @param complete false where more steps of the phase are told elsewhere
 */
export function tracePath(steps: readonly JsonStep[], complete = true): string[][] {
  const runs: string[][] = []
  let previous: JsonStep | null = null
  for (const step of steps) {
    if (step.kind !== 'chain-rule') continue
    const place = `${step.chain ?? '?'} ${step.rule ?? '?'}`
    const piece = isJump(step) || step.target === null ? place : `${place} ${step.target}`
    if (previous !== null && previous.target === step.chain && isJump(previous)) runs.at(-1)?.push(piece)
    else {
      closeRun(runs, previous)
      runs.push([piece])
    }
    previous = step
  }
  if (complete) closeRun(runs, previous)
  return runs
}

/** A run that ends in a jump went into a chain where nothing matched. */
function closeRun(runs: string[][], last: JsonStep | null): void {
  if (last !== null && isJump(last)) runs.at(-1)?.push(`${last.target as string} (nothing matched)`)
}
