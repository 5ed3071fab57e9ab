import type {NftRuleset, Parsed, SourceText} from '../../model/index.js'
import {RulesetScanner} from './rulesetScanner.js'

/** The output of `nft list ruleset`, `nft -a list ruleset` or `nft list table …`. Rules are parsed when they are first read. */
export function parseNftRuleset(source: SourceText): Parsed<NftRuleset> {
  return new RulesetScanner(source).scan()
}
