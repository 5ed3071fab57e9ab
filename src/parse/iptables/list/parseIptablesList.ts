import type {Family} from '../../../net/index.js'
import type {Backend, IptablesRuleset, Parsed, SourceText} from '../../../model/index.js'
import {ListScanner} from './listScanner.js'

export interface IptablesListOptions {
  readonly family: Family
  /** Which table was listed; without it, it is told from the built-in chains. */
  readonly table?: string
  /** What is known from the command; the listing itself does not say. */
  readonly backend?: Backend
}

/**
 * Reads one table of `iptables -nvL`, also with `-x`, `--line-numbers`, of iptables 1.4.21 … 1.8.11. It amounts to the same rules as a save,
 * but for texts that print alike (diagnostic AMBIGUOUS_TEXT).
 *
 * Without `-v` a listing leaves out the interfaces, and its rules seem to match more than they do: it is refused.
 * As with parseIptablesSave, rules are read on first use and add to the same diagnostics.
 */
export function parseIptablesList(source: SourceText, options: IptablesListOptions): Parsed<IptablesRuleset> {
  return new ListScanner(source, options).scan()
}
