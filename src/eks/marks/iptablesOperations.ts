import type {ChainRule, Match} from '../../model/index.js'
import {FULL_MASK, type MaskedValue} from '../../net/index.js'
import type {MarkOperation} from './markUse.js'

/** What a rule of iptables does with marks: what it tests, then what it writes. */
export function* iptablesOperations({matches, target}: ChainRule): Generator<MarkOperation> {
  for (const match of matches) yield* testOf(match)
  switch (target.kind) {
    case 'mark':
    case 'tproxy':
      yield* writes('packet', target.set)
      break
    case 'connmark-set':
      yield* writes('connection', target.set)
      break
    case 'connmark-save':
      yield copies('saves', 'connection', target.nfMask, target.ctMask)
      break
    case 'connmark-restore':
      yield copies('restores', 'packet', target.ctMask, target.nfMask)
      break
    default:
  }
}

function* testOf(match: Match): Generator<MarkOperation> {
  if (match.kind !== 'mark' && match.kind !== 'connmark') return
  const of = match.kind === 'mark' ? 'packet' : 'connection'
  yield {verb: 'tests', of, bits: match.mark, clearsOthers: false, negated: match.negated}
}

/**
 * new = (old & ~mask) ^ value: bits of the mask become those of the value, bits of the value outside of the mask turn over.
 * Under a full mask it is about the bits of the value, and takes all others away.
 */
export function* writes(of: MarkOperation['of'], {value, mask}: MaskedValue): Generator<MarkOperation> {
  const turned = (value & ~mask) >>> 0
  const set = (value & mask) >>> 0
  if (mask === FULL_MASK && value !== 0) yield {...operation('sets', of, value, value), clearsOthers: true}
  else if (set !== 0) yield operation('sets', of, set, mask)
  else if (mask !== 0) yield operation('clears', of, 0, mask)
  if (turned !== 0) yield operation('toggles', of, turned, turned)
}

/** @param from which bits are copied @param over which bits of the other mark are replaced by them */
function copies(verb: 'saves' | 'restores', of: MarkOperation['of'], from: number, over: number): MarkOperation {
  return {...operation(verb, of, 0, from), clearsOthers: (over & ~from) >>> 0 !== 0}
}

export function operation(
  verb: MarkOperation['verb'],
  of: MarkOperation['of'],
  value: number,
  mask: number,
): MarkOperation {
  return {verb, of, bits: {value, mask}, clearsOthers: false, negated: false}
}
