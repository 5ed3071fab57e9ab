/**
 * A rule of nftables without those elements of its anonymous verdict map that were not taken: `vmap { …, 1 : goto endpoint-1, … }`. kube-proxy lists every
 * endpoint of a service in such a rule, and each of the service's cases is told with it.
 * @param target the chain that was gone to; a map that does not name it stays whole
 */
export function elideElements(rule: string, target: string): string {
  const begin = rule.indexOf(OPENING)
  if (begin < 0) return rule
  const [elements, end] = splitElements(rule, begin + OPENING.length)
  if (end === null) return rule
  const kept = elements.map(element => (element.endsWith(` ${target}`) ? element : ELIDED))
  if (!kept.some(element => element !== ELIDED)) return rule
  const short = kept.filter((element, i) => element !== ELIDED || kept[i - 1] !== ELIDED)
  return `${rule.slice(0, begin + OPENING.length)}${short.join(', ')} ${rule.slice(end)}`
}

const OPENING = 'vmap { '
const ELIDED = '…'

/** @returns the elements from `begin` on, and where the map's closing brace stands; null: it has none. A comment of an element may hold anything but quotes. */
function splitElements(rule: string, begin: number): [string[], number | null] {
  const elements: string[] = []
  let quoted = false
  let from = begin
  for (let i = begin; i < rule.length; i++) {
    const char = rule.charAt(i)
    if (char === '"') quoted = !quoted
    if (quoted || (char !== ',' && char !== '}')) continue
    elements.push(rule.slice(from, i).trim())
    from = i + 1
    if (char === '}') return [elements, i]
  }
  return [elements, null]
}
