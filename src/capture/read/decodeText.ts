import {isAscii, isUtf8} from 'node:buffer'

export interface DecodedText {
  readonly text: string
  /** What had to be undone, each a phrase: `a byte order mark`. */
  readonly repairs: readonly string[]
}

/**
 * Bytes → text with `\n` line ends. ASCII, UTF-8, UTF-16 with or without a byte order mark (PowerShell's `>`), else Latin-1.
 * @returns null for what is no text: it has NUL bytes, or many control characters
 */
export function decodeText(bytes: Uint8Array): DecodedText | null {
  const repairs: string[] = []
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decoded = decode(buffer, repairs)
  if (decoded === null) return null
  const text = normaliseLineEnds(decoded, repairs)
  return isBinary(text) ? null : {text, repairs}
}

function decode(marked: Buffer, repairs: string[]): string | null {
  const bytes = withoutMark(marked)
  if (bytes.length < marked.length) repairs.push('a byte order mark')
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16(bytes.subarray(2), 'utf-16le', repairs)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUtf16(bytes.subarray(2), 'utf-16be', repairs)
  if (looksUtf16(bytes)) return decodeUtf16(bytes, 'utf-16le', repairs)
  if (isAscii(bytes)) return bytes.toString('latin1') // one byte a character, kept outside of V8's heap: cheap for a save of 80 MB
  if (isUtf8(bytes)) return bytes.toString('utf8')
  repairs.push('bytes that are not UTF-8, read as Latin-1')
  return bytes.toString('latin1')
}

/** Several of UTF-8 stand where marked files were joined. */
function withoutMark(bytes: Buffer): Buffer {
  let at = 0
  while (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3
  return bytes.subarray(at)
}

function decodeUtf16(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be', repairs: string[]): string {
  repairs.push('UTF-16')
  return new TextDecoder(encoding).decode(bytes)
}

/** Without a byte order mark: every second byte of the beginning is zero. */
function looksUtf16(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, 200) & ~1
  if (length < 4) return false
  for (let i = 0; i < length; i += 2) if (bytes[i] === 0 || bytes[i + 1] !== 0) return false
  return true
}

/** Windows, serial consoles and `script` write `\r\n`, some of them `\r\r\n`. */
function normaliseLineEnds(text: string, repairs: string[]): string {
  if (!text.includes('\r\n')) return text
  repairs.push('CRLF line ends')
  return text.replace(/\r+\n/g, '\n')
}

/** NUL is in no output of a tool; escapes, bells and backspaces may be, from a terminal. */
function isBinary(text: string): boolean {
  if (text.includes('\0')) return true
  const head = text.slice(0, 4096)
  let odd = 0
  for (let i = 0; i < head.length; i++) {
    const code = head.charCodeAt(i)
    if (code < 32 && (code < 7 || code > 13) && code !== 27) odd++
  }
  return odd * 20 > head.length
}
