/** Bytes of a block of SHA-1 and SHA-256. */
const BLOCK = 64
const ENCODER = new TextEncoder()

/**
 * A text as both take it (FIPS 180-4, 5.1.1): a one behind it, zeros, and its length in bits, up to the end of a block.
 * @returns for each block its 16 words, big-endian
 */
export function* blocksOf(text: string): Generator<readonly number[]> {
  const bytes = ENCODER.encode(text)
  const padded = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK))
  bytes.forEach((byte, i) => padded.setUint8(i, byte))
  padded.setUint8(bytes.length, 0x80)
  padded.setUint32(padded.byteLength - 4, bytes.length * 8)
  for (let start = 0; start < padded.byteLength; start += BLOCK) {
    yield Array.from({length: 16}, (_, i) => padded.getInt32(start + 4 * i))
  }
}
