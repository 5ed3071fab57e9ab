import type {SilentSave} from '../../model/index.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

/**
 * Saves that printed nothing at all. That is what iptables-save prints where there are no rules, and also without root rights and on the
 * back end that is not in use: alone it proves neither.
 */
export function readSilentSaves(documents: readonly NodeDocument[]): SilentSave[] {
  return documentsOf(documents, 'iptables')
    .filter(({role, source}) => role.form === 'save' && source.text.trim() === '')
    .map(({role, source}) => ({family: role.family, source: {document: source.name, line: 1}}))
}
