declare const brand: unique symbol

/**
 * UTF-8 as text: each character is one byte, to be written as Latin-1. V8 joins and copies such strings several times faster than strings
 * with an arrow in them.
 */
export type ByteText = string & {readonly [brand]: 'ByteText'}

const ASCII = /^[\0-\x7f]*$/

export function toByteText(text: string): ByteText {
  return (ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')) as ByteText
}
