import {type MaskedValue, parseMasked} from '../../../net/index.js'

/** Names of RFC 1349 as libxt_tos knows them; they cover the TOS bits only (mask 0x3f). */
const NAMES: Readonly<Record<string, number>> = {
  'Minimize-Delay': 0x10,
  'Maximize-Throughput': 0x08,
  'Maximize-Reliability': 0x04,
  'Minimize-Cost': 0x02,
  'Normal-Service': 0x00,
}

/** `0x10`, `0x10/0x3f` or a name; 8 bits. */
export function parseTos(text: string): MaskedValue | null {
  const name = NAMES[text]
  if (name !== undefined) return {value: name, mask: 0x3f}
  const masked = parseMasked(text)
  if (masked === null) return null
  const mask = text.includes('/') ? masked.mask : 0xff
  return masked.value > 0xff || mask > 0xff ? null : {value: masked.value, mask}
}
