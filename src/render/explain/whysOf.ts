import type {JsonWhy} from '../../model/index.js'
import type {ExplanationGroup} from './groupExplanations.js'
import {labelOf} from './variants.js'

/** A why, and of which outcomes and protocols; '' where it is of all. */
export interface LabelledWhy {
  readonly why: JsonWhy
  readonly label: string
}

/** Why the flows of a group do not go as they should; what protocols have in common once. */
export function whysOf({explanations}: ExplanationGroup): LabelledWhy[] {
  const found = new Map<string, {why: JsonWhy; protocols: string[]}>()
  for (const {flow, why = []} of explanations) {
    for (const each of why) {
      const key = JSON.stringify(each)
      const known = found.get(key)
      if (known === undefined) found.set(key, {why: each, protocols: [flow.proto]})
      else known.protocols.push(flow.proto)
    }
  }
  const [{outcomes}] = explanations
  return [...found.values()].map(({why, protocols}) => {
    const letters =
      why.outcomes.length === outcomes.length ? [] : why.outcomes.map(index => labelOf(index, outcomes.length))
    const words = [letters.join(', '), protocols.length === explanations.length ? '' : protocols.join(', ')]
    return {why, label: words.filter(word => word !== '').join(' ')}
  })
}

/** What came of trying the repair. */
export function describeTrial({restores, way}: JsonWhy): string | null {
  if (restores === null) return null
  if (!restores) return 'tried on a copy of the state: would not suffice'
  return `tried on a copy of the state: ${way === 'reply' ? 'puts the reply right' : 'restores the flow'}`
}
