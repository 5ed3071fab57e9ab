import type {JsonExplanation, JsonMiss, JsonStep} from '../../model/index.js'
import type {Remedy} from './case.js'
import type {Symptom} from './findSymptom.js'

/** So many rules are told that failed by one condition alone. */
const MOST = 3

/**
 * Rules at the stage where the walk parted from a healthy one that failed by one condition alone, and that would have done what is missing, or
 * would have let the packet through; most alike first.
 * @param explanation with misses
 */
export function nearestMisses(
  explanation: JsonExplanation | null,
  {way}: Symptom,
  outcomes: readonly number[],
  remedy: Remedy | null,
  stage: string,
): JsonMiss[] {
  const outcome = explanation?.outcomes[outcomes[0] ?? 0]
  const steps = (way === 'reply' ? outcome?.reply : outcome)?.steps ?? []
  const near = steps.filter(step => step.near === true && step.stage === stage && mayHelp(step, remedy))
  const {src, dst} = explanation?.flow ?? {src: null, dst: ''}
  const wanted = [...(remedy?.missing ?? []), src ?? '', dst].join(' ')
  return near
    .map((step, i) => ({step, i, likeness: likenessOf(step.text, wanted)}))
    .sort((a, b) => b.likeness - a.likeness || a.i - b.i)
    .slice(0, MOST)
    .flatMap(({step: {source, text, effect}}) =>
      source === null ? [] : [{document: source.document, line: source.line, text: text.trim(), miss: effect}],
    )
}

const PASSING = new Set(['ACCEPT', 'RETURN'])

function mayHelp({target, stage}: JsonStep, remedy: Remedy | null): boolean {
  if (target === null) return false
  if (/^(filter|security|raw)\//.test(stage)) return PASSING.has(target)
  const wanted = (remedy?.missing ?? []).flatMap(text => /(?:-j |lookup )\S+/.exec(text)?.[0].replace('-j ', '') ?? [])
  return wanted.includes(target)
}

/** Words in common, and characters at the beginning of those that differ: addresses of one subnet are alike. */
function likenessOf(text: string, wanted: string): number {
  const words = [...new Set(wanted.split(/\s+/))]
  return text
    .trim()
    .split(/\s+/)
    .reduce((sum, word) => sum + Math.max(0, ...words.map(other => (other === word ? 1 : shared(word, other)))), 0)
}

function shared(a: string, b: string): number {
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  return same / Math.max(a.length, b.length, 1) / 2
}
