import type {ExplainReport} from '../../model/index.js'
import {OUT_OF_SIGHT} from '../explain/outOfSight.js'
import {digestCapture} from './digest.js'
import {details, escapeMarkdown, inlineCode, table} from './escape.js'

/** What was read, with digests, and what no capture of a node holds: the end of every page. */
export function renderCapture({node, capture}: Pick<ExplainReport, 'node' | 'capture'>): string[] {
  const name = node.name ?? node.primaryIp
  const facts = [
    name === null ? null : `node ${name}`,
    node.capturedAt === null ? null : `captured ${node.capturedAt}`,
    capture.source,
    `${capture.documents.length} documents`,
  ]
  const rows = capture.documents.map(({name: document, command, sha256, bytes}) => [
    inlineCode(document),
    command === null ? '' : inlineCode(command),
    String(bytes),
    `\`${sha256}\``,
  ])
  return [
    ...details('The capture', table(['document', 'command', 'bytes', 'sha256'], rows)),
    `${facts
      .filter(fact => fact !== null)
      .map(escapeMarkdown)
      .join(' · ')} · digest \`${digestCapture(capture)}\``,
    '',
    `_${OUT_OF_SIGHT}_`,
  ]
}
