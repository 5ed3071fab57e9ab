import {type ChainRule, HEADER_FIELDS} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {formatRule} from '../../parse/index.js'

/** What `-D` compares: all matches and the target; of modules the order counts too, of the header's conditions it does not. */
export function ruleKey({matches, target}: Pick<ChainRule, 'matches' | 'target'>, family: Family): string {
  const header = matches.filter(({kind}) => HEADER_FIELDS.has(kind)).sort((a, b) => (a.kind < b.kind ? -1 : 1))
  const modules = matches.filter(({kind}) => !HEADER_FIELDS.has(kind))
  return formatRule('', {matches: [...header, ...modules], target}, family)
}
