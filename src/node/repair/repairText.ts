import {banner} from './banner.js'
import {hardWrap} from './hardWrap.js'
import {indentation} from './indentation.js'
import {codeFences, htmlEntities, typography} from './markup.js'
import {pager} from './pager.js'
import type {Repair} from './repair.js'

export interface RepairedText {
  readonly text: string
  /** What was undone, each a phrase. */
  readonly repairs: readonly string[]
}

/** In this order: a margin hides what lines begin with, entities lengthen lines beyond the width they were broken at. */
const REPAIRS: readonly Repair[] = [pager, codeFences, indentation, htmlEntities, typography, banner, hardWrap]

/** Texts that went through a clipboard or a terminal are smaller. */
const PASTED_CHARACTERS = 8 << 20

/** Undoes what happened to a text on its way, before anybody looks at what it is. JSON is left alone. */
export function repairText(text: string): RepairedText {
  if (text.length > PASTED_CHARACTERS || /^\s*[[{]["{}\]\s]/.test(text)) return {text, repairs: []}
  const repairs: string[] = []
  let repaired = text
  for (const repair of REPAIRS) {
    const before = repaired
    repaired = repair.apply(before)
    if (repaired !== before) repairs.push(repair.name)
  }
  return {text: repaired, repairs}
}
