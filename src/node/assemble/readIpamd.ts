import type {IpamdPod, IpamdState} from '../../model/index.js'
import {parseIpamdCheckpoint, parseIpamdEnis, parseIpamdEnvironment, parseIpamdPods} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

type IpamdDocument = ReturnType<typeof documentsOf<'ipamd'>>[number]

/** All that ipamd says of itself; null where none of its documents is there. */
export function readIpamd(documents: readonly NodeDocument[], sink: DiagnosticSink): IpamdState | null {
  const found = documentsOf(documents, 'ipamd')
  if (found.length === 0) return null
  const enis = first(found, 'enis', ({source}) => sink.take(parseIpamdEnis(source)))
  return {
    enis: enis?.enis ?? null,
    enisShape: enis?.shape ?? null,
    enisSource: enis?.source ?? null,
    pods: first(found, 'pods', ({source}) => sink.take(parseIpamdPods(source))),
    checkpoint: readCheckpoints(found, sink),
    environment: new Map(
      found
        .filter(({role}) => role.part === 'environment')
        .flatMap(({source}) => [...sink.take(parseIpamdEnvironment(source))]),
    ),
  }
}

/** Of card 0 one document; of each further network card its own, or all of them one behind the other in one. */
function readCheckpoints(documents: readonly IpamdDocument[], sink: DiagnosticSink): IpamdState['checkpoint'] {
  const read = ({source}: IpamdDocument): readonly IpamdPod[] | null => sink.take(parseIpamdCheckpoint(source))
  const main = first(documents, 'checkpoint', read)
  const cards = documents.filter(({role, source}) => role.part === 'card-checkpoint' && /\S/.test(source.text))
  if (cards.length === 0) return main
  return [...(main ?? []), ...cards.flatMap(document => read(document) ?? [])]
}

/** The first document of a part that can be read. */
function first<T>(
  documents: readonly IpamdDocument[],
  part: IpamdDocument['role']['part'],
  read: (document: IpamdDocument) => T | null,
): T | null {
  for (const document of documents) {
    const value = document.role.part === part ? read(document) : null
    if (value !== null) return value
  }
  return null
}
