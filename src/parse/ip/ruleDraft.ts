import type {PolicyRule, RuleAction} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import type {Draft} from './draft.js'

/** A rule while it is read: the action may still be missing. */
export type RuleDraft = Draft<Omit<PolicyRule, 'action' | 'unmodelled'>> & {
  action: RuleAction | null
  unmodelled: string[]
}

/** `from all`, with nothing asked and nothing done. */
export function emptyRule(family: Family, priority: number, document: string, line: number, text: string): RuleDraft {
  return {
    family,
    priority,
    not: false,
    from: null,
    to: null,
    fwmark: null,
    tos: 0,
    dscp: null,
    iif: null,
    oif: null,
    ipproto: null,
    sport: null,
    dport: null,
    uidRange: null,
    action: null,
    suppressPrefixLength: null,
    suppressGroup: null,
    protocol: null,
    unmodelled: [],
    source: {document, line},
    text,
  }
}

/**
 * Gives a rule without an action its kernel meaning. The kernel takes no "lookup" without a table but for l3mdev, so a listing
 * without an action comes from a tool too old to print it; which one it was, it does not say.
 */
export function finishRule(draft: RuleDraft): PolicyRule {
  if (draft.action !== null) return {...draft, action: draft.action}
  return {...draft, action: {kind: 'l3mdev'}, unmodelled: [...draft.unmodelled, 'an action that was not printed']}
}
