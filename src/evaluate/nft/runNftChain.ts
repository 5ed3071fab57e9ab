import type {Evidence, JsonStep, NftChain, NftRule} from '../../model/index.js'
import type {ChainVerdict} from '../netfilter/runChain.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import {assumeLossy} from './lossy.js'
import type {NativeChain} from './nativeChains.js'
import {type RuleEnd, RuleRun} from './runRule.js'

const ACCEPT: ChainVerdict = {kind: 'accept'}

/** NFT_JUMP_STACK_SIZE is 16; the kernel refuses loops when rules are loaded. */
const MAX_STEPS = 1_000_000

/** Position in a chain that a rule left: behind its end, even of one that the capture cuts off. */
const RETURNED = Infinity

interface Frame {
  readonly chain: NftChain
  readonly position: number
}

/** Traverses a base chain as nft_do_chain (net/netfilter/nf_tables_core.c) does. */
export function runNftChain(walk: Walk, base: NativeChain): ChainVerdict {
  if (base.lossy === true) assumeLossy(walk, base)
  const stack: Frame[] = []
  let chain = base.nftChain
  let position = 0
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    if (position >= chain.ruleCount) {
      if (chain.cut !== undefined && position !== RETURNED) throw cutShort(chain)
      const frame = stack.pop()
      if (frame === undefined) return policy(walk, base)
      ;({chain, position} = frame)
      continue
    }
    const rule = chain.rules[position++] as NftRule
    const end = runRule(walk, base, chain, rule)
    switch (end.kind) {
      case 'break':
      case 'next':
        break
      case 'return':
        position = RETURNED
        break
      case 'jump':
        stack.push({chain, position})
        chain = enter(base, end.chain, rule)
        position = 0
        break
      case 'goto': // does not come back here: the end of the target chain returns to this chain's caller
        chain = enter(base, end.chain, rule)
        position = 0
        break
      case 'end':
        return end.verdict
    }
  }
  throw new Undetermined('UNMODELLED_RULES', `the chains of ${base.table} loop`, base.nftChain)
}

/** One rule, and its step: written where the rule matched, before the steps of what it jumps to. */
function runRule(walk: Walk, base: NativeChain, chain: NftChain, rule: NftRule): RuleEnd {
  const place = {base, table: base.compiled, chain: chain.name, rule}
  const step = walk.tracing ? stepOf(walk, base, chain.name, rule) : null
  const run = new RuleRun(walk, place, step)
  const end = run.run()
  if (step === null) return end
  step.rule = rule.number
  if (end.kind !== 'break') walk.trail.steps.push(step)
  else if (walk.options.misses || step.effect !== '') {
    // what its first statements did stays done
    const failed = `no match: ${run.failed}`
    walk.trail.steps.push({
      ...step,
      kind: 'chain-miss',
      effect: step.effect === '' ? failed : `${step.effect}; ${failed}`,
    })
  }
  return end
}

function enter(base: NativeChain, name: string, rule: NftRule): NftChain {
  const {family, name: table, chains} = base.nftTable
  const chain = chains.get(name)
  if (chain !== undefined) return chain
  throw new Undetermined(
    'MISSING_INPUT',
    `the rule leads to a chain that the capture does not hold (\`table ${family} ${table}\` ${name})`,
    rule,
  )
}

function cutShort(chain: NftChain): Undetermined {
  return new Undetermined('MISSING_INPUT', `the capture ends within the chain ${chain.name}`, {
    source: chain.cut ?? chain.source,
    text: chain.text,
  })
}

function policy(walk: Walk, base: NativeChain): ChainVerdict {
  const {nftChain} = base
  if (nftChain.base?.policy !== 'drop') return ACCEPT
  if (walk.tracing) {
    walk.trail.steps.push({
      ...stepOf(walk, base, nftChain.name, nftChain),
      kind: 'chain-policy',
      target: 'DROP',
      effect: 'no rule decided: the policy of the chain drops the packet',
    })
  }
  return {kind: 'drop', by: 'policy', evidence: nftChain}
}

function stepOf(walk: Walk, base: NativeChain, chain: string, {text, source}: Evidence): JsonStep {
  const {family} = base.nftTable
  return {
    stage: `${base.table}/${base.hook}`,
    kind: 'chain-rule',
    backend: base.lossy === true ? 'iptables-nft' : 'nft',
    family: family === 'inet' || family === 'netdev' ? family : walk.packet.family === 4 ? 'ip' : 'ip6',
    table: base.table,
    chain,
    rule: null,
    target: null,
    text,
    effect: '',
    source,
  }
}
