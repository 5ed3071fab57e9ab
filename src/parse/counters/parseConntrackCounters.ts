import type {Counter, Parsed, SourceText} from '../../model/index.js'

/** `conntrack -S`: a line for each processor, alone or beside the entries of `conntrack -L`, as bundles have them. */
export function parseConntrackCounters({name: document, text, firstLine = 1}: SourceText): Parsed<readonly Counter[]> {
  // lists of connections are long, and seldom have counters
  if (!text.includes('cpu=')) return {value: [], diagnostics: []}
  const counters: Counter[] = []
  for (const [i, line] of text.split('\n').entries()) {
    const [, owner, rest = ''] = /^(cpu=\d+)\s+(.*)$/.exec(line) ?? []
    if (owner === undefined) continue
    const source = {document, line: firstLine + i}
    for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=(\d{1,20})(?=\s|$)/g)) {
      counters.push({owner, name, value: BigInt(value), source, text: line.trim()})
    }
  }
  return {value: counters, diagnostics: []}
}
