export type PackedFormat = 'gzip' | 'xz' | 'bzip2' | 'zip' | 'tar' | 'zstd'

const MAGIC: readonly (readonly [PackedFormat, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]], // BZh
  ['zip', [0x50, 0x4b, 0x03, 0x04]], // PK..
  ['zip', [0x50, 0x4b, 0x05, 0x06]], // an empty one
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
]

/** How many bytes must be known for an answer. */
export const SNIFF_BYTES = 512

/** What a file is by its first bytes; null: neither packed nor an archive. */
export function sniffFormat(head: Uint8Array): PackedFormat | null {
  for (const [format, magic] of MAGIC) if (magic.every((byte, at) => head[at] === byte)) return format
  return isTarHeader(head) ? 'tar' : null
}

/** `ustar` at 257; before POSIX.1-1988 a header has but its checksum: the sum of its bytes, the checksum's own taken as blanks. */
function isTarHeader(head: Uint8Array): boolean {
  if (head.length < SNIFF_BYTES) return false
  const checksum = parseInt(Buffer.from(head.subarray(148, 156)).toString('latin1').replace(/\0.*$/, '').trim(), 8)
  let sum = 8 * 0x20
  for (let at = 0; at < SNIFF_BYTES; at++) if (at < 148 || at >= 156) sum += head[at] ?? 0
  return sum === checksum
}
