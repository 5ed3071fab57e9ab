import type {Backend, Evidence, Hook} from '../../model/index.js'
import type {Family, MaskedValue} from '../../net/index.js'
import type {RuleOwner} from '../ruleOwner.js'

export type MarkVerb =
  | 'sets'
  | 'clears'
  /** Turns bits over: how kube-proxy takes its mark away. */
  | 'toggles'
  /** From the packet to its connection. */
  | 'saves'
  /** From the connection to the packet. */
  | 'restores'
  | 'tests'

/** Something that a rule does with bits of a mark. */
export interface MarkOperation {
  readonly verb: MarkVerb
  /** Whose mark is written or tested. */
  readonly of: 'packet' | 'connection'
  /** The bits that it is about, and for `sets` and `tests` their value. */
  readonly bits: MaskedValue
  /** Written: the bits that it is not about become 0, and whoever else uses them loses them. */
  readonly clearsOthers: boolean
  /** Tested: for the opposite. */
  readonly negated: boolean
}

/** A rule of iptables, nftables or the routing policy database that has to do with a mark. */
export interface MarkUse extends MarkOperation {
  readonly families: readonly Family[]
  /** From where packets get to the rule, in the order of their way; none: nothing leads there. */
  readonly hooks: readonly (Hook | 'routing')[]
  readonly where: MarkPlace
  /** Null: not known. */
  readonly owner: RuleOwner | null
  readonly rule: Evidence
}

export type MarkPlace =
  | {
      readonly kind: 'chain'
      readonly backend: Backend | 'nft'
      readonly table: string
      readonly chain: string
      /** From 1. */
      readonly number: number
    }
  | {readonly kind: 'ip rule'; readonly priority: number}
