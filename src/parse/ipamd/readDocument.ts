import type {Diagnostic, DiagnosticCode, Severity, SourceText} from '../../model/index.js'
import type {JsonObject} from './json.js'
import {readJson} from './readJson.js'

/** Collects the diagnostics of one document. */
export class Remarks {
  readonly all: Diagnostic[] = []
  readonly document: string

  constructor(source: SourceText) {
    this.document = source.name
  }

  add(code: DiagnosticCode, severity: Severity, text: string, line: number): void {
    this.all.push({code, severity, text, source: {document: this.document, line}})
  }
}

/**
 * The object that a document of ipamd consists of; null, with the reason, where it is none.
 * `curl --silent` leaves an empty file when ipamd does not answer, and since v1.7 ipamd answers an endpoint it no longer has with a
 * list of those it has.
 */
export function readDocument(source: SourceText, remarks: Remarks): JsonObject | null {
  const first = source.firstLine ?? 1
  if (source.text.trim() === '') {
    remarks.add('EMPTY_DOCUMENT', 'info', 'ipamd did not answer: the document is empty.', first)
    return null
  }
  const json = readJson(source)
  if (json.value === null) {
    remarks.add('BAD_JSON', 'error', json.fault.text, json.fault.line)
    return null
  }
  if (json.rest !== null) remarks.add('BAD_JSON', 'warning', json.rest.text, json.rest.line)
  if (json.value.kind !== 'object') {
    remarks.add('BAD_JSON', 'error', 'Expected a JSON object.', json.value.line)
    return null
  }
  const commands = json.value.members.get('AvailableCommands')
  if (commands === undefined) return json.value
  const text = 'ipamd answered with the list of its endpoints: this version does not have the one that was asked for.'
  remarks.add('UNRECOGNISED_DOCUMENT', 'info', text, commands.line)
  return null
}
