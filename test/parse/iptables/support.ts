import {readFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Family} from '../../../src/net/index.js'
import type {ChainRule, Diagnostic, IptablesRuleset, Parsed, SourceText} from '../../../src/model/index.js'
import {parseIptablesSave} from '../../../src/parse/index.js'

const FIXTURES = fileURLToPath(new URL('../../../fixtures', import.meta.url))

export function fixture(name: string): SourceText {
  return {name: path.basename(name), text: readFileSync(path.join(FIXTURES, name), 'utf8')}
}

export function save(text: string, family: Family = 4): Parsed<IptablesRuleset> {
  return parseIptablesSave({name: 'save', text}, {family})
}

/** One rule, in a table that declares the chains X and Y. */
export function rule(
  spec: string,
  family: Family = 4,
): {readonly rule: ChainRule; readonly diagnostics: readonly Diagnostic[]} {
  const {value, diagnostics} = save(`*nat\n:X - [0:0]\n:Y - [0:0]\n-A X ${spec}\nCOMMIT\n`, family)
  return {rule: rulesOf(value, 'nat', 'X')[0] as ChainRule, diagnostics}
}

export function rulesOf(ruleset: IptablesRuleset, table: string, chain: string): readonly ChainRule[] {
  return ruleset.tables.get(table)?.chains.get(chain)?.rules ?? []
}

/** Reads every rule, so that all diagnostics are there. */
export function countRules(ruleset: IptablesRuleset): number {
  let count = 0
  for (const table of ruleset.tables.values()) for (const chain of table.chains.values()) count += chain.rules.length
  return count
}

export function codes(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({code, source}) => `${code}:${source?.line ?? ''}`)
}

/**
 * What a rule says, without what only the form of its text decides: the wording of opaque matches and of targets that are kept verbatim.
 */
export function meaning({matches, target, comment}: Pick<ChainRule, 'matches' | 'target' | 'comment'>): unknown {
  return {
    matches: matches.map(match =>
      match.kind === 'opaque' ? {kind: match.kind, module: match.module, reason: match.reason} : match,
    ),
    target: 'text' in target ? {...target, text: ''} : target,
    comment,
  }
}
