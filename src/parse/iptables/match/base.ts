import {parseProtocol} from '../../../net/index.js'
import type {Match} from '../../../model/index.js'
import type {RuleReader} from '../ruleReader.js'
import {parseAddressMask} from '../values/addressMask.js'
import {parseInterfaceName} from '../values/interfaceName.js'
import type {OptionResult} from './loadedMatch.js'

/** Conditions on the IP header and the interfaces, which need no module. */
type BaseOption = 'source' | 'destination' | 'in-interface' | 'out-interface' | 'protocol' | 'fragment'

const OPTIONS: ReadonlyMap<string, BaseOption> = new Map<string, BaseOption>([
  ['-s', 'source'],
  ['--src', 'source'],
  ['--source', 'source'],
  ['-d', 'destination'],
  ['--dst', 'destination'],
  ['--destination', 'destination'],
  ['-i', 'in-interface'],
  ['--in-interface', 'in-interface'],
  ['-o', 'out-interface'],
  ['--out-interface', 'out-interface'],
  ['-p', 'protocol'],
  ['--proto', 'protocol'],
  ['--protocol', 'protocol'],
  ['-f', 'fragment'],
  ['--fragment', 'fragment'],
])

export function baseOption(word: string): BaseOption | undefined {
  return OPTIONS.get(word)
}

/** `undefined`: `-p all` or `-i +`, which ask nothing. */
export function readBaseOption(option: BaseOption, reader: RuleReader): OptionResult {
  if (option === 'fragment') return {kind: 'fragment', negated: reader.negated}
  const value = reader.value()
  if (value === null) return null
  switch (option) {
    case 'source':
    case 'destination': {
      const prefix = parseAddressMask(value, reader.family)
      return prefix === null ? null : {kind: option, negated: reader.negated, prefix}
    }
    case 'in-interface':
    case 'out-interface':
      // `+` is compared under an empty mask: it asks nothing, not even that there is an interface
      if (value === '+' && !reader.negated) return undefined
      return {kind: option, negated: reader.negated, ...parseInterfaceName(value)}
    case 'protocol': {
      const protocol = parseProtocol(value)
      if (protocol === 0 && !reader.negated) return undefined
      return protocol === null ? null : ({kind: 'protocol', negated: reader.negated, protocol} satisfies Match)
    }
  }
}
