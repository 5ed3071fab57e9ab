import type {Tri} from '../walk/ports.js'
import type {Walk} from '../walk/walk.js'

/** A match, compiled. `evaluate` has no side effect; where it answers 2, `resolve` branches the walk and answers for this branch. */
export interface Test {
  /** What it does with the lists of `-m recent`; one that writes makes the order of a rule's matches count, and does it in `resolve`. */
  readonly lists?: 'reads' | 'writes'
  evaluate(walk: Walk): Tri
  /** Called only after `evaluate` gave 2, with every definite test of the rule true, or where one behind it writes a list. */
  resolve(walk: Walk): boolean
}

/** A test whose answer is always known. */
export function definite(evaluate: (walk: Walk) => boolean, negated: boolean): Test {
  return negated
    ? {evaluate: walk => (evaluate(walk) ? 0 : 1), resolve: impossible}
    : {evaluate: walk => (evaluate(walk) ? 1 : 0), resolve: impossible}
}

function impossible(): never {
  throw new Error('a definite match was asked to resolve')
}

/** A test that state may leave open; `resolve` answers for the fact without its negation. */
export function open(evaluate: (walk: Walk) => Tri, resolve: (walk: Walk) => boolean, negated: boolean): Test {
  return {
    evaluate: walk => {
      const tri = evaluate(walk)
      return negated && tri !== 2 ? ((1 - tri) as Tri) : tri
    },
    resolve: walk => resolve(walk) !== negated,
  }
}

/** A fact that the node's state never tells: true or false once decided. */
export function fact(key: string, text: string, negated: boolean): Test {
  return open(
    walk => {
      const known = walk.known(key)
      return known === null ? 2 : known ? 1 : 0
    },
    walk => walk.decide(key, text),
    negated,
  )
}
