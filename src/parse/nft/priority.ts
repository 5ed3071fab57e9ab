import type {NftFamily} from '../../model/index.js'

/** Names of priorities (std_prios of nft's src/rule.c); `dstnat` is a name in bridge tables too, of another number. */
const NAMES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
}
const BRIDGE_NAMES: Readonly<Record<string, number>> = {dstnat: -300, filter: -200, out: 100, srcnat: 300}

/**
 * `-90`, `filter`, `dstnat + 10`, `mangle - 5`.
 * @returns null where the text is none of them
 */
export function parsePriority(text: string, family: NftFamily): number | null {
  const named = /^([a-z]+)(?:\s*([+-])\s*(\d+))?$/.exec(text)
  if (named === null) return /^[+-]?\s*\d+$/.test(text) ? Number(text.replace(/\s+/g, '')) : null
  const [, name = '', sign, offset] = named
  const base = (family === 'bridge' ? BRIDGE_NAMES : NAMES)[name]
  if (base === undefined) return null
  return base + (sign === undefined ? 0 : Number(`${sign}${offset ?? ''}`))
}
