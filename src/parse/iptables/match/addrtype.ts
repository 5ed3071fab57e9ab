import type {AddressType, Match} from '../../../model/index.js'
import {parseNameList} from '../values/nameList.js'
import type {LoadMatch} from './loadedMatch.js'

export const ADDRESS_TYPES: ReadonlySet<AddressType> = new Set<AddressType>([
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
])
const OPTIONS = new Set(['--src-type', '--dst-type', '--limit-iface-in', '--limit-iface-out'])

/** `--limit-iface-*` stands once and holds for both sides. */
export const addrtype: LoadMatch = () => {
  const found: {side: 'source' | 'destination'; negated: boolean; types: readonly AddressType[]}[] = []
  let limit: 'in' | 'out' | null = null
  return {
    needsOption: true,
    has: option => OPTIONS.has(option),
    read: (option, reader) => {
      if (option === '--limit-iface-in' || option === '--limit-iface-out') {
        if (reader.negated || limit !== null) return null
        limit = option === '--limit-iface-in' ? 'in' : 'out'
        return undefined
      }
      const types = parseNameList(reader.value() ?? '', ADDRESS_TYPES)
      if (types === null) return null
      found.push({side: option === '--src-type' ? 'source' : 'destination', negated: reader.negated, types})
      return undefined
    },
    finish: () => (found.length === 0 ? null : found.map((one): Match => ({kind: 'address-type', ...one, limit}))),
  }
}
