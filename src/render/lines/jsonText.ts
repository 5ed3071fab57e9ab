import {type ByteText, toByteText} from './byteText.js'

/** Strings that JSON writes as they are. */
const PLAIN = /^[ !#-[\]-~]*$/

/** A string as JSON. */
export function quote(text: string): ByteText {
  return (PLAIN.test(text) ? `"${text}"` : toByteText(JSON.stringify(text))) as ByteText
}

/** How a member is written that is not written like all others. */
export type WriteMember = (key: string, value: unknown) => ByteText | null

/** What JSON.stringify gives for plain data. @param special null for the members that are written as usual */
export function jsonText(value: unknown, special: WriteMember): ByteText {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
    case 'boolean':
      return String(value) as ByteText
    case 'object':
      if (value === null) return 'null' as ByteText
      return Array.isArray(value) ? arrayText(value, special) : objectText(value as Record<string, unknown>, special)
    default:
      return 'null' as ByteText
  }
}

function arrayText(values: readonly unknown[], special: WriteMember): ByteText {
  let text = '['
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ',') + jsonText(values[i], special)
  return `${text}]` as ByteText
}

function objectText(members: Readonly<Record<string, unknown>>, special: WriteMember): ByteText {
  let text = ''
  for (const key in members) {
    const value = members[key]
    if (value === undefined) continue
    text += `${text === '' ? '{' : ','}"${key}":${special(key, value) ?? jsonText(value, special)}`
  }
  return (text === '' ? '{}' : `${text}}`) as ByteText
}
