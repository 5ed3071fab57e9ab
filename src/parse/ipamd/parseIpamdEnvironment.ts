import type {IpamdState, Parsed, SourceText} from '../../model/index.js'
import type {Json} from './json.js'
import {evidenceOf} from './readAddressInfo.js'
import {readDocument, Remarks} from './readDocument.js'

/**
 * `/v1/networkutils-env-settings` and `/v1/ipamd-env-settings` (≥ v1.2): what ipamd made of its environment.
 * A value is text as in the environment variable: a list with commas, an absent one (null) as ''.
 */
export function parseIpamdEnvironment(source: SourceText): Parsed<IpamdState['environment']> {
  const remarks = new Remarks(source)
  const environment = new Map<string, {value: string} & ReturnType<typeof evidenceOf>>()
  for (const [name, member] of readDocument(source, remarks)?.members ?? []) {
    const value = settingText(member.value)
    if (value === null) remarks.add('BAD_VALUE', 'warning', 'Expected a setting.', member.line)
    else environment.set(name, {value, ...evidenceOf(member, remarks)})
  }
  return {value: environment, diagnostics: remarks.all}
}

function settingText(json: Json): string | null {
  switch (json.kind) {
    case 'object':
      return null
    case 'null':
      return ''
    case 'array': {
      const items = json.items.map(settingText)
      return items.includes(null) ? null : items.join(',')
    }
    default:
      return json.value
  }
}
