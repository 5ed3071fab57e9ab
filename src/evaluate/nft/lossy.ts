import type {NftExpression, NftStatement} from '../../model/index.js'
import {formatMark} from '../../net/index.js'
import type {Walk} from '../walk/walk.js'
import {type RulePlace, ruleKey} from './place.js'

/**
 * What nft prints of a rule of iptables-nft is a translation, and loses some of it (measured with iptables 1.8.9 and nft 1.0.6): comments, the
 * arguments of `xt match` and `xt target`, the states and the negation of a `--ctstate` that has DNAT or SNAT in it, the mask under which a mark is
 * saved or restored.
 */
export function assumeLossy(walk: Walk, {nftTable}: RulePlace['base']): void {
  const {family, name, source} = nftTable
  const save = family === 'ip6' ? 'ip6tables-nft-save' : 'iptables-nft-save'
  walk.assume(
    'LOSSY_NFT_LISTING',
    `low confidence: the rules of iptables-nft's table ${family} ${name} are read from nft's listing, which loses a part of them (collect \`${save}\`)`,
    source,
  )
}

/** `ct status dnat` may have been `! --ctstate RELATED,ESTABLISHED,DNAT`. */
export function saysLittle({key}: Extract<NftStatement, {kind: 'match'}>): boolean {
  return key.some(readsStatus)
}

function readsStatus(expression: NftExpression): boolean {
  if (expression.kind === 'binary') return readsStatus(expression.left) || readsStatus(expression.right)
  return expression.kind === 'ct' && expression.key === 'status'
}

/**
 * `meta mark set ct mark and 0x80` of iptables is `CONNMARK --restore-mark` under a mask, which keeps the other bits; `ct mark set mark and 0x80`
 * is `--save-mark`.
 * @param before the mark that is written over
 * @returns what becomes of it
 */
export function maskedMark(
  walk: Walk,
  place: RulePlace,
  {target, value: source, text}: Extract<NftStatement, {kind: 'assign'}>,
  value: number,
  before: number,
): number {
  const mask = maskOf(target, source)
  const kept = mask === null ? value : ((before & ~mask) | value) >>> 0
  if (kept === value) return value
  const keeps = `\`${text}\` of iptables keeps the bits of ${formatMark(before)} outside of its mask (nft lists it alike)`
  return walk.decide(`kernel lossy ${ruleKey(place)}`, keeps) ? kept : value
}

/** The mask of one mark that is copied to the other; null: none is. */
function maskOf(target: NftExpression, source: NftExpression): number | null {
  if (source.kind !== 'binary' || source.operator !== '&') return null
  const {left, right} = source
  const copies = (left.kind === 'meta' || left.kind === 'ct') && left.key === 'mark' && left.kind !== target.kind
  const mask = right.kind === 'literal' && right.pattern.kind === 'value' ? right.pattern.value : null
  return copies && typeof mask === 'number' ? mask : null
}
