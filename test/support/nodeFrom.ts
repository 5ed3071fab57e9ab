import {plainDocument} from '../../src/capture/index.js'
import type {NodeState} from '../../src/model/index.js'
import {nodeOf} from '../../src/node/index.js'

/** A node from texts named as in the native layout. What indents all lines of a text alike is taken away. */
export function nodeFrom(texts: Readonly<Record<string, string>>): NodeState {
  const documents = Object.entries(texts).map(([name, text]) => plainDocument(name, Buffer.from(dedent(text))))
  return nodeOf({origin: 'test', hostname: null, capturedAt: null, documents, diagnostics: []})
}

function dedent(text: string): string {
  const lines = text.replace(/^\n/, '').split('\n')
  const indents = lines.flatMap(line => (line.trim() === '' ? [] : [line.search(/\S/)]))
  const indent = Math.min(...indents)
  return lines.map(line => line.slice(indent).trimEnd()).join('\n')
}
