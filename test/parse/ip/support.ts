import {readFileSync, readdirSync} from 'node:fs'
import type {Diagnostic, SourceText} from '../../../src/model/index.js'

const FORMATS = new URL('../../../fixtures/formats/', import.meta.url)

export const VERSIONS = ['3.10.0', '4.11.0', '5.10.0', '6.10.0', '7.1.0'] as const

/** The names of all captured outputs. */
export function formatNames(): string[] {
  return readdirSync(FORMATS).filter(name => name.endsWith('.txt'))
}

export function format(name: string): SourceText {
  return {name, text: readFileSync(new URL(name, FORMATS), 'utf8')}
}

export function text(...lines: string[]): SourceText {
  return {name: 'test.txt', text: lines.map(line => `${line}\n`).join('')}
}

/** Records without what a different tool must print differently: the line and its place. */
export function state(records: readonly object[]): unknown[] {
  return records.map(record => ({...record, source: null, text: null}))
}

/** `CODE:line` of each. */
export function codes(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({code, source}) => `${code}:${source?.line}`)
}
