import {type EksNode, findMarkUses, type MarkUse} from '../eks/index.js'
import type {JsonMarkRow, NodeState} from '../model/index.js'
import {formatMark, formatMasked, FULL_MASK} from '../net/index.js'

/**
 * Who sets, saves, restores and tests each mark, one mark after the other, each in the order of a packet's way. Bits that some rule treats
 * together are one mark; rules that copy whole marks come last. Null: the capture has neither rules of netfilter nor `ip rule`.
 */
export function listMarks({state}: EksNode): JsonMarkRow[] | null {
  if (!hasRules(state)) return null
  const uses = findMarkUses(state)
  const marks = joinBits(uses.map(bitsOf).filter(bits => bits !== FULL_MASK))
  const markOf = (use: MarkUse): number => marks.find(mark => (mark & bitsOf(use)) !== 0) ?? FULL_MASK
  return [...marks, FULL_MASK].flatMap(mark =>
    uses.filter(use => (bitsOf(use) === FULL_MASK ? FULL_MASK : markOf(use)) === mark).map(use => rowOf(use, mark)),
  )
}

function hasRules({iptables, nft, routing}: NodeState): boolean {
  return iptables.length > 0 || nft !== null || routing[4].rules !== null || routing[6].rules !== null
}

/** Under a full mask a rule is about the bits that are in the value. */
function bitsOf({bits: {value, mask}}: MarkUse): number {
  return mask === FULL_MASK && value !== 0 ? value : mask
}

/** Masks that overlap, joined; lowest first. */
function joinBits(masks: readonly number[]): number[] {
  const joined: number[] = []
  for (const mask of new Set(masks)) {
    let all = mask
    for (let i = joined.length - 1; i >= 0; i--) {
      const other = joined[i] ?? 0
      if ((other & all) === 0) continue
      all = (all | other) >>> 0
      joined.splice(i, 1)
    }
    joined.push(all)
  }
  return joined.sort((a, b) => lowestBit(a) - lowestBit(b))
}

function lowestBit(mask: number): number {
  return (mask & -mask) >>> 0
}

function rowOf(
  {verb, of, bits, negated, clearsOthers, families, hooks, where, owner, rule}: MarkUse,
  mark: number,
): JsonMarkRow {
  const chain = where.kind === 'chain' ? where : null
  return {
    mark: formatMark(mark),
    does: verb,
    of,
    bits: formatMasked(bits),
    negated,
    clearsOthers,
    families: [...families],
    hooks: [...hooks],
    backend: chain?.backend ?? null,
    table: chain?.table ?? null,
    chain: chain?.chain ?? null,
    rule: where.kind === 'chain' ? where.number : where.priority,
    owner,
    text: rule.text.trim(),
    source: rule.source,
  }
}
