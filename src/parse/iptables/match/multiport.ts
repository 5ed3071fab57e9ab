import {parsePortRange, type PortRange} from '../../../net/index.js'
import type {Match} from '../../../model/index.js'
import type {RuleReader} from '../ruleReader.js'
import {neededOptions, type ReadOption} from './loadedMatch.js'

type Side = Extract<Match, {kind: 'multiport'}>['side']

/** `53,1024:65535`; null where one part is no port or range. */
export function parsePortList(text: string): readonly PortRange[] | null {
  const ranges: PortRange[] = []
  for (const part of text.split(',')) {
    const range = parsePortRange(part)
    if (range === null) return null
    ranges.push(range)
  }
  return ranges
}

function read(side: Side): ReadOption {
  return (reader: RuleReader) => {
    const ranges = parsePortList(reader.value() ?? '')
    return ranges === null ? null : {kind: 'multiport', negated: reader.negated, side, ranges}
  }
}

export const multiport = neededOptions({
  '--sports': read('source'),
  '--source-ports': read('source'),
  '--dports': read('destination'),
  '--destination-ports': read('destination'),
  '--ports': read('either'),
})
