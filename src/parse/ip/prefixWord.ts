import {defaultPrefix, type Family, netmask, parsePrefix, type Prefix} from '../../net/index.js'

/**
 * A prefix as iproute2 prints it. `0/8` stands for an all-zero address: the kernel leaves out the attribute then.
 * @returns null where the word is none
 */
export function parsePrefixWord(word: string, family: Family): Prefix | null {
  return word.startsWith('0/') ? zeroPrefix(word.slice(2), family) : parsePrefix(word)
}

function zeroPrefix(digits: string, family: Family): Prefix | null {
  const length = /^\d{1,3}$/.test(digits) ? Number(digits) : NaN
  if (!(length <= (family === 4 ? 32 : 128))) return null
  return {...defaultPrefix(family), length, mask: netmask(family, length)}
}
