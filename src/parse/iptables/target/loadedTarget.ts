import type {Family} from '../../../net/index.js'
import type {Target} from '../../../model/index.js'
import type {RuleReader} from '../ruleReader.js'

/** The `-j NAME` of a rule, where NAME is an extension. */
export interface LoadedTarget {
  has(option: string): boolean
  /** Called with the option's own word already read. @returns false where its value makes no sense */
  read(option: string, reader: RuleReader): boolean
  /** Null: what was read makes no target. `text`: the target and its options, verbatim. */
  finish(text: string, family: Family): Target | null
}

export type LoadTarget = () => LoadedTarget

/** A target that takes no options. */
export function fixed(target: Target): LoadTarget {
  const loaded: LoadedTarget = {has: () => false, read: () => false, finish: () => target}
  return () => loaded
}

type ReadTargetOption = (reader: RuleReader) => Target | null

/** A target of which one option says all: MARK, DSCP, TTL … */
export function oneOption(options: Readonly<Record<string, ReadTargetOption>>): LoadTarget {
  const table = new Map(Object.entries(options))
  return () => {
    let target: Target | null = null
    return {
      has: option => table.has(option),
      read: (option, reader) => {
        if (target !== null) return false
        target = (table.get(option) as ReadTargetOption)(reader)
        return target !== null
      },
      finish: () => target,
    }
  }
}
