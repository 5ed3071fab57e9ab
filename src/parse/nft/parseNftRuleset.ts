import type {NftRuleset, Parsed, SourceText} from '../../model/index.js'
import {parseNftJson} from './json/parseNftJson.js'
import {RulesetScanner} from './rulesetScanner.js'

/**
 * The output of `nft list ruleset` or `nft list table …`, with `-a` or `-j` or without. Rules and elements are parsed when they are first read.
 * @param terse whether the command had `-t`, which leaves out the elements of named sets; null: not known, and the text is asked
 */
export function parseNftRuleset(source: SourceText, terse: boolean | null = false): Parsed<NftRuleset> {
  return /^\s*\{/.test(source.text) ? parseNftJson(source, terse) : new RulesetScanner(source, terse).scan()
}
