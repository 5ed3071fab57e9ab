import type {Evidence, JsonStep, Match, Target} from '../../model/index.js'
import type {Packet} from '../walk/packet.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import type {CompiledChain} from './compiledChain.js'
import type {CompiledRule} from './compiledRule.js'
import {execute, type RuleVerdict} from './execute.js'
import {matchesHeader, NO_HEADER, splitHeader} from './header.js'
import {describeMatch} from './miss.js'
import type {BaseChain} from './netfilter.js'
import type {Test} from './test.js'

/** How a base chain ended. */
export type ChainVerdict =
  | {readonly kind: 'accept'}
  /** Accepted by a rule that set up NAT: the other nat chains of the hook are not asked. */
  | {readonly kind: 'bound'}
  /** Sent out by another device, past all else that hooks in; `fwd` of nftables. */
  | {readonly kind: 'handed'}
  | {readonly kind: 'drop'; readonly by: 'rule' | 'policy' | 'nat'; readonly evidence: Evidence | null}
  | {readonly kind: 'reject'; readonly with: string; readonly evidence: Evidence}

type Of<K extends Target['kind']> = Target & {readonly kind: K}

const ACCEPT: ChainVerdict = {kind: 'accept'}

interface Frame {
  readonly chain: CompiledChain
  readonly position: number
}

/** Jumps deeper than this cannot be: the kernel refuses loops when rules are loaded. */
const MAX_STEPS = 1_000_000

/** Traverses a base chain as ipt_do_table (net/ipv4/netfilter/ip_tables.c) does. */
export function runChain(walk: Walk, base: BaseChain): ChainVerdict {
  const stack: Frame[] = []
  let chain = base.chain
  let position = 0
  let returned = false
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    if (!walk.options.misses) position = chain.next(position, walk.packet)
    if (position >= chain.length) {
      if (!returned) refuseCut(base, chain)
      returned = false
      const frame = stack.pop()
      if (frame === undefined) return policy(walk, base)
      ;({chain, position} = frame)
      continue
    }
    const compiled = chain.rule(position++)
    if (!matches(walk, base, chain, compiled)) continue
    const step = walk.tracing ? record(walk, base, chain, compiled) : null
    switch (compiled.kind) {
      case 'accept':
        return ACCEPT
      case 'drop':
        return {kind: 'drop', by: 'rule', evidence: compiled.rule}
      case 'reject':
        return {kind: 'reject', with: (compiled.target as Of<'reject'>).with, evidence: compiled.rule}
      case 'return':
        position = chain.length
        returned = true
        break
      case 'jump':
        stack.push({chain, position})
        chain = enter(base, compiled)
        position = 0
        break
      case 'goto': // does not come back here: the end of the target chain returns to this chain's caller
        chain = enter(base, compiled)
        position = 0
        break
      default: {
        const verdict: RuleVerdict = execute(walk, base, compiled, step)
        if (verdict !== null) return verdict
      }
    }
  }
  throw new Undetermined('UNMODELLED_TARGET', `the chains of ${base.table} loop`, base.chain.chain.rules[0] ?? null)
}

/** The capture was cut inside this chain: what rules come after the last one is not known. */
function refuseCut(base: BaseChain, {chain}: CompiledChain): void {
  const {cut} = chain
  if (cut === undefined) return
  const text = `the capture is cut in the chain ${chain.name} of ${base.table}: rules after its last one are not known`
  throw new Undetermined('MISSING_INPUT', text, {source: cut, text: ''})
}

function enter(base: BaseChain, compiled: CompiledRule): CompiledChain {
  if (compiled.entered !== null) return compiled.entered
  const {chain: name} = compiled.target as Of<'jump'>
  const chain = (compiled.entered = base.ruleset.chain(base.table, name))
  if (chain === null) {
    throw new Undetermined(
      'MISSING_INPUT',
      `the rule jumps to a chain that the capture does not hold (${base.table} ${name})`,
      compiled.rule,
    )
  }
  return chain
}

function policy(walk: Walk, base: BaseChain): ChainVerdict {
  const {chain} = base
  const evidence = chain.chain.source === null ? null : {source: chain.chain.source, text: chain.chain.text}
  if (chain.policy !== 'DROP') return ACCEPT
  if (walk.tracing) {
    walk.trail.steps.push({
      ...stepOf(walk, base, chain.name, evidence),
      kind: 'chain-policy',
      target: 'DROP',
      effect: 'no rule decided: the policy of the chain drops the packet',
    })
  }
  return {kind: 'drop', by: 'policy', evidence}
}

/** All conditions true? Definite ones are asked first, so that a rule which cannot match, and has no other effect, never branches the walk. */
function matches(walk: Walk, base: BaseChain, chain: CompiledChain, compiled: CompiledRule): boolean {
  if (compiled.asks && !matchesHeader(compiled, walk.packet)) {
    if (walk.options.misses) recordMiss(walk, base, chain, compiled, failedInHeader(compiled.rule, walk.packet))
    return false
  }
  if (compiled.odds !== null && !walk.options.misses) return walk.random(compiled.odds)
  const {tests} = compiled
  if (compiled.writes) return matchesInOrder(walk, base, chain, compiled)
  let open = false
  for (let i = 0; i < tests.length; i++) {
    const tri = (tests[i] as Test).evaluate(walk)
    if (tri === 0) {
      if (walk.options.misses) recordMiss(walk, base, chain, compiled, compiled.matches[i] as Match)
      return false
    }
    if (tri === 2) open = true
  }
  return !open || resolveAll(walk, base, chain, compiled, tests.length)
}

/** The kernel asks until the first condition that fails: up to there, lists of `-m recent` are written, though the rule does not match. */
function matchesInOrder(walk: Walk, base: BaseChain, chain: CompiledChain, compiled: CompiledRule): boolean {
  const {tests} = compiled
  const failing = tests.findIndex(test => test.lists === undefined && test.evaluate(walk) === 0)
  if (failing < 0) return resolveAll(walk, base, chain, compiled, tests.length)
  const asked = tests.slice(0, failing).findLastIndex(test => test.lists === 'writes') + 1
  if (resolveAll(walk, base, chain, compiled, asked) && walk.options.misses)
    recordMiss(walk, base, chain, compiled, compiled.matches[failing] as Match)
  return false
}

function failedInHeader({matches}: CompiledRule['rule'], packet: Packet): Match {
  return matches.find(match => failsInHeader(match, packet)) as Match
}

function failsInHeader(match: Match, packet: Packet): boolean {
  const {header} = splitHeader([match])
  return header !== NO_HEADER && !matchesHeader(header, packet)
}

/** @param count of the rule's tests, from its first */
function resolveAll(walk: Walk, base: BaseChain, chain: CompiledChain, compiled: CompiledRule, count: number): boolean {
  for (let i = 0; i < count; i++) {
    const test = compiled.tests[i] as Test
    // asked again: an earlier decision of this rule may have settled it
    const tri = test.evaluate(walk)
    if (tri === 0 || (tri === 2 && !test.resolve(walk))) {
      if (walk.options.misses) recordMiss(walk, base, chain, compiled, compiled.matches[i] as Match)
      return false
    }
  }
  return true
}

function stepOf(walk: Walk, base: BaseChain, chain: string, evidence: Evidence | null): JsonStep {
  return {
    stage: `${base.table}/${base.hook}`,
    kind: 'chain-rule',
    backend: base.backend,
    family: walk.packet.family === 4 ? 'ip' : 'ip6',
    table: base.table,
    chain,
    rule: null,
    target: null,
    text: evidence?.text ?? '',
    effect: '',
    source: evidence?.source ?? null,
  }
}

function record(walk: Walk, base: BaseChain, chain: CompiledChain, compiled: CompiledRule): JsonStep {
  const step = stepOf(walk, base, chain.name, compiled.rule)
  step.rule = compiled.rule.number
  step.target = targetName(compiled.target)
  walk.trail.steps.push(step)
  return step
}

function recordMiss(walk: Walk, base: BaseChain, chain: CompiledChain, compiled: CompiledRule, failed: Match): void {
  const step = stepOf(walk, base, chain.name, compiled.rule)
  step.kind = 'chain-miss'
  step.rule = compiled.rule.number
  step.target = targetName(compiled.target)
  step.effect = describeMatch(failed, walk.packet)
  if (isNear(walk, compiled)) step.near = true
  walk.trail.steps.push(step)
}

/** Did one condition alone fail? A match that changes state when it is asked is not asked. */
function isNear(walk: Walk, {rule, asks, tests, matches: asked}: CompiledRule): boolean {
  const inHeader = !asks ? 0 : rule.matches.filter(match => failsInHeader(match, walk.packet)).length
  const behind = tests.filter((test, i) => asked[i]?.kind !== 'recent' && test.evaluate(walk) === 0).length
  return inHeader + behind <= 1
}

/** The word after -j, or the chain jumped to. */
export function targetName(target: Target): string | null {
  switch (target.kind) {
    case 'none':
      return null
    case 'jump':
    case 'goto':
      return target.chain
    case 'mark':
      return 'MARK'
    case 'connmark-set':
    case 'connmark-save':
    case 'connmark-restore':
      return 'CONNMARK'
    case 'notrack':
      return 'NOTRACK'
    case 'dscp-set':
      return 'DSCP'
    case 'tos-set':
      return 'TOS'
    case 'ttl-set':
      return 'TTL'
    case 'set-add':
    case 'set-del':
      return 'SET'
    case 'continue':
    case 'opaque':
      return target.name
    default:
      return target.kind.toUpperCase()
  }
}
