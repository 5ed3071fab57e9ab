import type {Counter, Parsed, SourceText} from '../../model/index.js'

/**
 * `ethtool -S` of several interfaces, each under a line `Interface NAME`. Lines that are no counter are passed over: drivers print headings of
 * their own, and a device without statistics an error.
 */
export function parseEthtoolCounters({name: document, text, firstLine = 1}: SourceText): Parsed<readonly Counter[]> {
  const counters: Counter[] = []
  let owner: string | null = null
  for (const [i, line] of text.split('\n').entries()) {
    owner = /^Interface (\S+)\s*$/.exec(line)?.[1] ?? owner
    const [, name, value] = /^\s+([^\s:][^:]*): (\d{1,20})\s*$/.exec(line) ?? []
    if (owner === null || name === undefined || value === undefined) continue
    counters.push({owner, name, value: BigInt(value), source: {document, line: firstLine + i}, text: line.trim()})
  }
  return {value: counters, diagnostics: []}
}
