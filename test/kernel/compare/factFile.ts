import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import type {Measured} from '../lab/measureFlow.js'

/** A node's capture and what the kernel did on it: fixtures/facts, for tests that have no kernel. */
export interface FactFile {
  readonly name: string
  readonly fact: string
  /** The capture: document → text. */
  readonly documents: Readonly<Record<string, string>>
  readonly bothBackends: boolean
  readonly measured: readonly Measured[]
}

/** Writes `FOLDER/NAME.json`, one line a document and one a flow. */
export function writeFactFile(folder: string, capture: string, fact: Omit<FactFile, 'documents'>): void {
  const documents = readdirSync(capture)
    .filter(name => name.endsWith('.txt'))
    .map(name => [name, readFileSync(path.join(capture, name), 'utf8')] as const)
    .filter(([, text]) => text !== '')
  const {name, bothBackends, measured} = fact
  const lines = [
    `{"name": ${JSON.stringify(name)}, "fact": ${JSON.stringify(fact.fact)}, "bothBackends": ${bothBackends},`,
    ` "documents": {`,
    documents.map(([document, text]) => `  ${JSON.stringify(document)}: ${JSON.stringify(text)}`).join(',\n'),
    ` },`,
    ` "measured": [`,
    measured.map(one => `  ${JSON.stringify(one, withoutHeaders)}`).join(',\n'),
    ` ]}`,
    '',
  ]
  writeFileSync(path.join(folder, `${name}.json`), lines.join('\n'))
}

/** Transport headers and what only the lab reads are left out. */
function withoutHeaders(key: string, value: unknown): unknown {
  return ['transport', 'chains'].includes(key) ? undefined : value
}

export function readFactFile(file: string): FactFile {
  return JSON.parse(readFileSync(file, 'utf8')) as FactFile
}
