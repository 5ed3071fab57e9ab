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
  const {object, rest} = readObject(source, remarks)
  if (rest !== null) remarkRest(rest, remarks)
  return object
}

/** The objects of a document in which several may stand, one behind the other. */
export function readDocuments(source: SourceText, remarks: Remarks): JsonObject[] {
  const objects: JsonObject[] = []
  let left: SourceText | null = source
  while (left !== null) {
    const {object, rest}: ObjectOrReason = readObject(left, remarks)
    if (object !== null) objects.push(object)
    if (rest !== null && !rest.text.startsWith('{')) remarkRest(rest, remarks)
    left = rest?.text.startsWith('{') === true ? rest : null
  }
  return objects
}

interface ObjectOrReason {
  /** Null: the remarks say why. */
  readonly object: JsonObject | null
  /** What follows behind it. */
  readonly rest: SourceText | null
}

function remarkRest(rest: SourceText, remarks: Remarks): void {
  remarks.add('BAD_JSON', 'warning', 'Text after the JSON value was not read.', rest.firstLine ?? 1)
}

function readObject(source: SourceText, remarks: Remarks): ObjectOrReason {
  const none = {object: null, rest: null}
  const first = source.firstLine ?? 1
  if (source.text.trim() === '') {
    remarks.add('EMPTY_DOCUMENT', 'info', 'ipamd did not answer: the document is empty.', first)
    return none
  }
  const json = readJson(source)
  if (json.value === null) {
    remarks.add('BAD_JSON', 'error', json.fault.text, json.fault.line)
    return none
  }
  const {value, rest} = json
  if (value.kind !== 'object') {
    remarks.add('BAD_JSON', 'error', 'Expected a JSON object.', value.line)
    return {object: null, rest}
  }
  const commands = value.members.get('AvailableCommands')
  if (commands === undefined) return {object: value, rest}
  const text = 'ipamd answered with the list of its endpoints: this version does not have the one that was asked for.'
  remarks.add('UNRECOGNISED_DOCUMENT', 'info', text, commands.line)
  return {object: null, rest}
}
