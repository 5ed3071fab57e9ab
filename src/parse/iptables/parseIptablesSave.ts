import type {Family} from '../../net/index.js'
import type {Backend, IptablesRuleset, Parsed, SourceText} from '../../model/index.js'
import {SaveScanner} from './saveScanner.js'

export interface IptablesSaveOptions {
  /** Where the header does not say; a save of ip6tables has one that does. */
  readonly family: Family
  /** What is known from the command or the file's name; a header goes before it. */
  readonly backend?: Backend
  /** Table of `iptables -S` output, which does not name it. Without it, it is told from the policies listed. */
  readonly table?: string
}

/**
 * Reads `iptables-save` (with or without `-c`), or `iptables -S` of one table.
 *
 * One pass finds tables, chains and the place of every rule; the rules of a chain are parsed when they are first asked for. What cannot be
 * read in them is then added to the same `diagnostics` array: read it last.
 */
export function parseIptablesSave(source: SourceText, options: IptablesSaveOptions): Parsed<IptablesRuleset> {
  return new SaveScanner(source, options).scan()
}
