import type {Family} from '../../../net/index.js'
import type {Match} from '../../../model/index.js'
import type {RuleReader} from '../ruleReader.js'
import {parseIcmpType} from '../../shared/icmpTypes.js'
import {independentOptions, neededOptions} from './loadedMatch.js'

function readType(reader: RuleReader, family: Family): Match | null {
  const type = parseIcmpType(reader.value() ?? '', family)
  return type === null ? null : {kind: 'icmp', negated: reader.negated, ...type}
}

/** Without an option it matches any type. */
export const icmp = independentOptions({'--icmp-type': reader => readType(reader, 4)})

export const icmp6 = neededOptions({'--icmpv6-type': reader => readType(reader, 6)})
