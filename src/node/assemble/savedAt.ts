import type {IptablesRuleset} from '../../model/index.js'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * The time in the header of a save, `Mon Nov 19 20:27:10 2018`, as ISO 8601 without a zone: it is the node's local time.
 * Null where no save has one that can be read.
 */
export function savedAt(rulesets: readonly IptablesRuleset[]): string | null {
  for (const {savedAt: text} of rulesets) {
    //                  Mon    Nov       19         20:27:10             2018
    const parts = /^\w{3} (\w{3}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (?:\w+ )?(\d{4})$/.exec(text ?? '')
    const month = MONTHS.indexOf(parts?.[1] ?? '') + 1
    if (parts !== null && month > 0) return `${parts[4]}-${pad(month)}-${pad(Number(parts[2]))}T${parts[3]}`
  }
  return null
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
