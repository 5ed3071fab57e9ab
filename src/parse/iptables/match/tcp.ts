import {parseUint32} from '../../../net/index.js'
import type {Match} from '../../../model/index.js'
import type {RuleReader} from '../ruleReader.js'
import {independentOptions} from './loadedMatch.js'
import {PORT_OPTIONS} from './ports.js'

const FLAGS: Readonly<Record<string, number>> = {NONE: 0, FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, ALL: 63}

/** `SYN,ACK` → bits; null on a word that is no flag. */
export function parseTcpFlags(text: string): number | null {
  let bits = 0
  for (const word of text.toUpperCase().split(',')) {
    const flag = FLAGS[word]
    if (flag === undefined) return null
    bits |= flag
  }
  return bits
}

function readFlags(reader: RuleReader): Match | null {
  const mask = parseTcpFlags(reader.value() ?? '')
  const flags = parseTcpFlags(reader.value() ?? '')
  return mask === null || flags === null ? null : {kind: 'tcp-flags', negated: reader.negated, mask, flags}
}

/** SYN alone among FIN, SYN, RST, ACK. */
const SYN = {mask: 0x17, flags: 0x02}

export const tcp = independentOptions({
  ...PORT_OPTIONS,
  '--tcp-flags': readFlags,
  '--syn': ({negated}) => ({kind: 'tcp-flags', negated, ...SYN}),
  '--tcp-option': reader => {
    const option = parseUint32(reader.value() ?? '')
    return option === null || option > 255 ? null : {kind: 'tcp-option', negated: reader.negated, option}
  },
})

export const udp = independentOptions(PORT_OPTIONS)
