import type {LabBackend} from './nodeSpec.js'
import type {Namespace, Refusal} from './namespace.js'

const MAXIMUM_REFUSED = 200

/**
 * Loads a save. A rule that the tool or the kernel refuses is left out: random ones may ask for the impossible.
 * @returns the refused rules
 */
export function restoreSave(namespace: Namespace, family: 4 | 6, backend: LabBackend, save: string): Refusal[] {
  if (save === '') return []
  const command = `${family === 4 ? 'iptables' : 'ip6tables'}-${backend}-restore`
  const lines = save.split('\n')
  const refused: Refusal[] = []
  while (refused.length < MAXIMUM_REFUSED) {
    const error = attempt(namespace, command, lines)
    if (error === null) return refused
    const at = /line:? (\d+)/.exec(error)
    if (at === null) throw new Error(`${command}: ${error}`)
    let index = Number(at[1]) - 1
    if (lines[index]?.startsWith('-A') !== true) index = findRefused(namespace, command, lines, index)
    refused.push({line: lines[index] ?? '', error})
    lines.splice(index, 1)
  }
  throw new Error(`${command}: more than ${MAXIMUM_REFUSED} refused rules`)
}

function attempt(namespace: Namespace, command: string, lines: readonly string[]): string | null {
  try {
    namespace.run(command, [], `${lines.join('\n')}\n`)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** The kernel refuses a table as a whole, at its COMMIT: bisects for the first rule that makes it do so. */
function findRefused(namespace: Namespace, command: string, lines: readonly string[], commit: number): number {
  const start = lines.findLastIndex((line, i) => i <= commit && line.startsWith('*'))
  const rules = lines.flatMap((line, i) => (i > start && i < commit && line.startsWith('-A') ? [i] : []))
  let fine = 0
  let bad = rules.length
  while (bad - fine > 1) {
    const middle = (fine + bad) >> 1
    const left = new Set(rules.slice(middle))
    const table = lines.filter((_, i) => i >= start && i <= commit && !left.has(i))
    if (attempt(namespace, command, table) === null) fine = middle
    else bad = middle
  }
  return rules[bad - 1] ?? commit
}
