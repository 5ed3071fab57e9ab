import type {NftElement, NftExpression, NftRule, NftSetUse, NftStatement, NftTable} from '../../model/index.js'
import {FULL_MASK} from '../../net/index.js'
import {operation, writes} from './iptablesOperations.js'
import type {MarkOperation} from './markUse.js'

type Of = MarkOperation['of']

/** What a rule of nftables does with marks, in the order of its statements. Values that it computes otherwise count as all bits. */
export function* nftOperations({statements}: NftRule, table: NftTable): Generator<MarkOperation> {
  for (const statement of statements) {
    if (statement.kind === 'assign') yield* assigned(statement)
    if (statement.kind === 'match' || statement.kind === 'vmap') yield* tested(statement, table)
  }
}

function* tested(
  statement: Extract<NftStatement, {kind: 'match' | 'vmap'}>,
  table: NftTable,
): Generator<MarkOperation> {
  const negated = statement.kind === 'match' && statement.negated
  for (const [i, expression] of statement.key.entries()) {
    const read = maskedMark(expression)
    if (read === null) continue
    const {of, mask} = read
    const values = elementsOf(statement.set, table).flatMap(({key}) => {
      const pattern = key?.[i]
      return pattern?.kind === 'value' && typeof pattern.value === 'number' ? [pattern.value] : []
    })
    if (values.length === 0) yield {...operation('tests', of, 0, mask), negated}
    for (const value of values) yield {...operation('tests', of, value, mask), negated}
  }
}

function elementsOf(set: NftSetUse, table: NftTable): readonly NftElement[] {
  return set.kind === 'anonymous' ? set.elements : (table.sets.get(set.name)?.elements ?? [])
}

function* assigned({target, value}: Extract<NftStatement, {kind: 'assign'}>): Generator<MarkOperation> {
  const of = markOf(target)
  if (of === null) return
  const number = numberOf(value)
  if (number !== null) {
    yield* writes(of, {value: number, mask: FULL_MASK})
    return
  }
  const source = maskedMark(value)
  if (source !== null && source.of !== of) {
    // nft writes the whole mark: the bits that are not read become 0
    const verb = of === 'connection' ? 'saves' : 'restores'
    yield {...operation(verb, of, 0, source.mask), clearsOthers: source.mask !== FULL_MASK}
  } else if (source !== null) {
    yield operation('clears', of, 0, ~source.mask >>> 0)
  } else {
    yield* changed(of, value)
  }
}

/** `meta mark | 0x4000`, `meta mark ^ 0x4000`, `(meta mark & 0xfffff0ff) | 0x200`, `ct mark & 0x80 | meta mark & 0xffffff7f`. */
function* changed(of: Of, value: NftExpression): Generator<MarkOperation> {
  const operands = value.kind === 'binary' && (value.operator === '|' || value.operator === '^') ? value : null
  const bits = operands && numberOf(operands.right)
  const kept = operands && maskedMark(operands.left)
  if (operands === null || kept === null) {
    yield operation('sets', of, 0, FULL_MASK)
  } else if (bits === null) {
    yield* combined(of, kept, maskedMark(operands.right))
  } else if (kept.of !== of) {
    yield operation(of === 'connection' ? 'saves' : 'restores', of, 0, kept.mask)
  } else if (operands.operator === '^' && kept.mask === FULL_MASK) {
    yield operation('toggles', of, bits, bits)
  } else {
    yield operation('sets', of, bits, kept.mask === FULL_MASK ? bits : (~kept.mask | bits) >>> 0)
  }
}

/** Bits of one mark among those that are kept of the other. */
function* combined(of: Of, left: MaskedMark, right: MaskedMark | null): Generator<MarkOperation> {
  const other = [left, right].find(part => part !== null && part.of !== of)
  if (other != null) yield operation(of === 'connection' ? 'saves' : 'restores', of, 0, other.mask)
}

interface MaskedMark {
  readonly of: Of
  readonly mask: number
}

/** `meta mark`, `ct mark & 0x80`; null for all else. */
function maskedMark(expression: NftExpression): MaskedMark | null {
  const of = markOf(expression)
  if (of !== null) return {of, mask: FULL_MASK}
  if (expression.kind !== 'binary' || expression.operator !== '&') return null
  const inner = markOf(expression.left)
  const mask = numberOf(expression.right)
  return inner === null || mask === null ? null : {of: inner, mask}
}

function markOf(expression: NftExpression): Of | null {
  if (expression.kind === 'meta' && expression.key === 'mark') return 'packet'
  return expression.kind === 'ct' && expression.key === 'mark' ? 'connection' : null
}

function numberOf(expression: NftExpression): number | null {
  if (expression.kind !== 'literal' || expression.pattern.kind !== 'value') return null
  return typeof expression.pattern.value === 'number' ? expression.pattern.value : null
}
