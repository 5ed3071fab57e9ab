import type {Parsed, PolicyRule, SourceText} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {asNumber, isJson, type JsonRecord, readJsonRecords} from './jsonRecords.js'
import {splitWords, type Line, readLines} from './lines.js'
import {Notes} from './notes.js'
import {emptyRule, finishRule, type RuleDraft} from './ruleDraft.js'
import {ruleWordsOf} from './ruleJson.js'
import {readRuleWords} from './ruleWords.js'
import type {TableNames} from './tables.js'
import {noteUnread} from './unread.js'
import {Words} from './words.js'

/**
 * `ip rule show` (any version, -d, -N, -o, -j, -color, busybox): the policy rules in listing order, which decides among equal priorities.
 * @param family the listing does not say it: `ip rule` is IPv4, `ip -6 rule` IPv6
 * @param tables from rt_tables; an unexplained name stays a name
 */
export function parseIpRule(source: SourceText, family: Family, tables?: TableNames): Parsed<PolicyRule[]> {
  const notes = new Notes(source.name)
  const read = isJson(source)
    ? readJsonRecords(source, notes).map(record => readRuleRecord(record, source.name, family, tables, notes))
    : readLines(source, notes).map(line => readRuleLine(line, source.name, family, tables, notes))
  const rules = read.filter(rule => rule !== null)
  if (rules.length === 0 && notes.diagnostics.length === 0) {
    notes.add('EMPTY_DOCUMENT', 'warning', 'No rule at all: a kernel with IP always has some.', source.firstLine ?? 1)
  }
  noteOldTool(source, notes)
  return {value: inOrder(rules, notes), diagnostics: notes.diagnostics}
}

/** The kernel keeps rules by priority, and lists them so: a listing out of order was edited, or is two. Equal priorities stay as listed. */
function inOrder(rules: PolicyRule[], notes: Notes): PolicyRule[] {
  const at = rules.findIndex((rule, i) => rule.priority < (rules[i - 1]?.priority ?? 0))
  const rule = rules[at]
  if (rule === undefined) return rules
  notes.add(
    'CONTRADICTION',
    'warning',
    'The rules are not in order of priority, as the kernel lists them: they were sorted.',
    rule.source.line,
  )
  return rules.sort((a, b) => a.priority - b.priority)
}

function readRuleRecord(
  record: JsonRecord,
  document: string,
  family: Family,
  tables: TableNames | undefined,
  notes: Notes,
): PolicyRule | null {
  const priority = asNumber(record.value['priority'])
  if (priority === null) {
    notes.add('BAD_JSON', 'warning', 'Not a policy rule: no "priority".', record.line)
    return null
  }
  const rule = emptyRule(family, priority, document, record.line, record.text)
  readRuleWords(new Words(ruleWordsOf(record.value)), rule, tables, notes)
  noteNoAction(rule, notes)
  return finishRule(rule)
}

function readRuleLine(
  line: Line,
  document: string,
  family: Family,
  tables: TableNames | undefined,
  notes: Notes,
): PolicyRule | null {
  // 32765:⇥from 10.0.0.5 lookup 2     the tab is often blanks once it was pasted
  const head = /^\s*(\d{1,10}):/.exec(line.text)
  if (head === null) {
    noteUnread(line, 'a policy rule: no priority before a colon', notes)
    return null
  }
  const rule = emptyRule(family, Number(head[1]), document, line.number, line.text)
  readRuleWords(new Words(splitWords(line.text.slice(head[0].length))), rule, tables, notes)
  if (rule.action === null && !line.ended) {
    notes.add('TRUNCATED', 'error', 'The last rule is cut: it and those that would follow are unknown.', line.number)
    return null
  }
  noteNoAction(rule, notes)
  return finishRule(rule)
}

function noteNoAction(rule: RuleDraft, notes: Notes): void {
  if (rule.action !== null || notes.has('busybox')) return
  notes.add(
    'LOSSY_TOOL',
    'warning',
    'The rule has no action: an ip too old for l3mdev prints it so. It may or may not decide the lookup.',
    rule.source.line,
  )
}

/**
 * iproute2 before 4.17 and busybox end a lookup with a blank, and do not know the selectors that came later: they print
 * `ipproto tcp dport 443 lookup 108` as `lookup 108`.
 */
function noteOldTool(source: SourceText, notes: Notes): void {
  const at = source.text.search(/lookup \S+ \r?$/m)
  if (at < 0 || notes.has('busybox')) return
  const line = (source.firstLine ?? 1) + source.text.slice(0, at).split('\n').length - 1
  notes.add(
    'LOSSY_TOOL',
    'info',
    'Printed by iproute2 before 4.17 or by busybox: a selector by ipproto, sport or dport would not be seen.',
    line,
  )
}
