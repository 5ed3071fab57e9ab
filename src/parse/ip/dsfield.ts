/** iproute2's rt_dsfield: names of whole DS bytes, ECN bits zero. */
const PER_HOP_BEHAVIOURS: ReadonlyMap<string, number> = new Map([
  ['CS1', 0x20],
  ['CS2', 0x40],
  ['CS3', 0x60],
  ['CS4', 0x80],
  ['CS5', 0xa0],
  ['CS6', 0xc0],
  ['CS7', 0xe0],
  ['AF11', 0x28],
  ['AF12', 0x30],
  ['AF13', 0x38],
  ['AF21', 0x48],
  ['AF22', 0x50],
  ['AF23', 0x58],
  ['AF31', 0x68],
  ['AF32', 0x70],
  ['AF33', 0x78],
  ['AF41', 0x88],
  ['AF42', 0x90],
  ['AF43', 0x98],
  ['EF', 0xb8],
])
/** Names that older files had besides. */
const NAMES: ReadonlyMap<string, number> = new Map([
  ['default', 0x00],
  ['lowdelay', 0x10],
  ['throughput', 0x08],
  ['reliability', 0x04],
  ...PER_HOP_BEHAVIOURS,
])
const BY_BYTE = new Map([...PER_HOP_BEHAVIOURS].map(([name, byte]) => [byte, name] as const))

/** `tos`: `0x10` or a name; a bare number is decimal (busybox). @returns the byte, null on anything else */
export function parseTos(text: string): number | null {
  const named = NAMES.get(text)
  if (named !== undefined) return named
  const value = /^0x[0-9a-fA-F]{1,2}$/.test(text) ? parseInt(text, 16) : /^\d{1,3}$/.test(text) ? Number(text) : NaN
  return value <= 255 ? value : null
}

/** `dscp`: `EF`, `46` or `0x2e`. @returns 0 … 63, null on anything else */
export function parseDscp(text: string): number | null {
  const named = NAMES.get(text)
  if (named !== undefined) return named >> 2
  const value = parseTos(text)
  return value !== null && value < 64 ? value : null
}

export function tosName(byte: number): string {
  return BY_BYTE.get(byte) ?? `0x${byte.toString(16).padStart(2, '0')}`
}

export function dscpName(dscp: number): string {
  return BY_BYTE.get(dscp << 2) ?? String(dscp)
}
