import {blocksOf} from './blocksOf.js'

const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
const ROUNDS = 80

/** SHA-1 of a short text, in hexadecimal digits: to load `node:crypto` takes Node as long as explaining a packet. */
export function sha1(text: string): string {
  const state = Int32Array.from(INITIAL)
  for (const block of blocksOf(text)) digestBlock(state, block)
  return Array.from(state, word => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

/** @param state five words, which change @param block 16 words */
function digestBlock(state: Int32Array, block: readonly number[]): void {
  const words = new Int32Array(ROUNDS)
  words.set(block)
  for (let i = block.length; i < ROUNDS; i++) {
    const word = at(words, i - 3) ^ at(words, i - 8) ^ at(words, i - 14) ^ at(words, i - 16)
    words[i] = (word << 1) | (word >>> 31)
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state
  for (let i = 0; i < ROUNDS; i++) {
    const next = (((a << 5) | (a >>> 27)) + mix(i, b, c, d) + e + constantOf(i) + at(words, i)) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = next
  }
  for (const [i, part] of [a, b, c, d, e].entries()) state[i] = (state[i] ?? 0) + part
}

function mix(round: number, b: number, c: number, d: number): number {
  if (round < 20) return (b & c) ^ (~b & d)
  return round < 40 || round >= 60 ? b ^ c ^ d : (b & c) ^ (b & d) ^ (c & d)
}

function constantOf(round: number): number {
  if (round < 20) return 0x5a827999
  if (round < 40) return 0x6ed9eba1
  return round < 60 ? 0x8f1bbcdc : 0xca62c1d6
}

function at(words: Int32Array, i: number): number {
  return words[i] ?? 0
}
