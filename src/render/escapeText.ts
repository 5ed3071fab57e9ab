/**
 * Cc: C0, DEL and C1. Cf: bidirectional controls, zero-width and other invisible characters. Zl, Zp: line and paragraph separators.
 * Cs: lone surrogates.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * Makes captured text safe to print: whatever could move the cursor, reorder or hide text becomes `\u{…}`. Rule comments, pod and interface
 * names can be written by an attacker. A tab, which `ip rule` prints, becomes a blank.
 */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, character =>
    character === '\t' ? ' ' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
