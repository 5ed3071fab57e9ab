import type {SourceText} from '../model/index.js'
import type {Role} from './recognise/role.js'

/** A text of the capture whose role is known: what the parsers are called with. */
export interface NodeDocument {
  readonly source: SourceText
  readonly role: Role
  /** Network namespace; null: the node's own. */
  readonly namespace: string | null
  readonly command: string | null
  /** True where the capture says so, or the file's name spells the command out; false where the name is one that people give by hand. */
  readonly commandKnown: boolean
  readonly exitCode: number | null
  readonly stderr: string
  readonly cut: boolean
  /** True where it is known that root asked. */
  readonly asRoot: boolean
}

export type RoleOf<K extends Role['kind']> = Extract<Role, {kind: K}>

/** The documents of one kind, in the node's own namespace unless another is named. */
export function documentsOf<K extends Role['kind']>(
  documents: readonly NodeDocument[],
  kind: K,
  namespace: string | null = null,
): (NodeDocument & {readonly role: RoleOf<K>})[] {
  return documents.filter(
    (document): document is NodeDocument & {readonly role: RoleOf<K>} =>
      document.role.kind === kind && document.namespace === namespace,
  )
}

/** Human-readable listings go before JSON of the same: their lines are what people quote. */
export function textFirst<T extends NodeDocument>(documents: readonly T[]): T[] {
  return [...documents.filter(d => !isJson(d)), ...documents.filter(isJson)]
}

export function isJson({source}: NodeDocument): boolean {
  return /^\s*[[{]/.test(source.text)
}
