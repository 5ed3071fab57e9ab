import type {NftRuleset, Parsed, SourceText} from '../../model/index.js'
import {parseNftJson} from './json/parseNftJson.js'
import {RulesetScanner} from './rulesetScanner.js'

/**
 * The output of `nft list ruleset` or `nft list table …`, with `-a` or `-j` or without. Rules and elements are parsed when they are first read.
 */
export function parseNftRuleset(source: SourceText): Parsed<NftRuleset> {
  return /^\s*\{/.test(source.text) ? parseNftJson(source) : new RulesetScanner(source).scan()
}
