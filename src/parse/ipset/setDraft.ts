import type {IpSet, IpSetEntry, SourceRef} from '../../model/index.js'
import {parseUint32} from '../../net/index.js'
import type {EntryFormat} from './entry.js'

/** Options of `create` that stand alone. */
const FLAGS = new Set(['counters', 'comment', 'skbinfo', 'forceadd', 'nomatch', 'wildcard'])

/** A set while its lines are read. */
export class SetDraft implements IpSet {
  readonly name: string
  readonly source: SourceRef
  readonly text: string
  method: IpSet['method'] = 'hash'
  dimensions: readonly string[] = []
  family: IpSet['family'] = null
  readonly options = new Map<string, string>()
  readonly entries: IpSetEntry[] = []
  /** `Number of entries: N` of a list; null where not told. */
  expected: number | null = null
  /** A list without its `Members:` says nothing of what is in the set. */
  membersListed = false

  constructor(name: string, source: SourceRef, text: string) {
    this.name = name
    this.source = source
    this.text = text
  }

  /** `hash:ip,port`. @returns false where the method is not known */
  setType(type: string): boolean {
    const colon = type.indexOf(':')
    const method = type.slice(0, colon)
    this.dimensions = type.slice(colon + 1).split(',')
    if (method !== 'hash' && method !== 'bitmap' && method !== 'list') return false
    this.method = method
    return true
  }

  /** family inet hashsize 1024 maxelem 65536 timeout 300 counters comment */
  setOptions(words: readonly string[]): void {
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as string
      this.options.set(word, FLAGS.has(word) ? '' : (words[++i] ?? ''))
    }
    const family = this.options.get('family')
    if (family === 'inet') this.family = 4
    else if (family === 'inet6') this.family = 6
    else if (this.method === 'bitmap' && this.dimensions[0] === 'ip') this.family = 4
  }

  get format(): EntryFormat {
    const netmask = this.options.get('netmask')
    const bits = netmask === undefined ? null : parseUint32(netmask)
    return {
      bitmap: this.method === 'bitmap',
      dimensions: this.dimensions,
      netmask: bits,
      unmodelled:
        this.options.has('bitmask') || (netmask !== undefined && (bits === null || this.dimensions.includes('net'))),
    }
  }
}
