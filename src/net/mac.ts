declare const brand: unique symbol

/** Six lower-case hexadecimal octets with colons. */
export type Mac = string & {readonly [brand]: 'Mac'}

/** @returns null where the text is no 48-bit MAC address */
export function parseMac(text: string): Mac | null {
  return /^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/.test(text) ? (text.toLowerCase() as Mac) : null
}
