import {applyEdits} from '../edit/index.js'
import {type EksNode, identify} from '../eks/index.js'
import type {JsonEdit} from '../model/index.js'

/** A node as it would be after some edits, and who is who on it. */
export interface EditedEksNode {
  readonly eks: EksNode
  readonly edits: JsonEdit[]
}

/** Null where there are no edits. @throws EditError */
export function editNode(eks: EksNode, texts: readonly string[] = []): EditedEksNode | null {
  if (texts.length === 0) return null
  const {state, edits} = applyEdits(eks.state, texts)
  return {eks: identify(state), edits: edits.map(edit => ({...edit}))}
}
