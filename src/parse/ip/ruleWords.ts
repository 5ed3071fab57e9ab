import {formatAddress, parseMasked, parsePortRange, parseProtocol, parseUint32} from '../../net/index.js'
import {parseDscp, parseTos} from './dsfield.js'
import type {Notes} from './notes.js'
import {parsePrefixWord} from './prefixWord.js'
import {protocolOf} from './rtNumbers.js'
import type {RuleDraft} from './ruleDraft.js'
import {type TableNames, tableOf} from './tables.js'
import type {Words} from './words.js'

const KEYWORDS = new Set(
  (
    'not from to tos dsfield dscp fwmark iif dev oif ipproto sport dport uidrange tun_id flowlabel lookup table goto nop blackhole ' +
    'unreachable prohibit suppress_prefixlength suppress_ifgroup realms proto protocol l3mdev'
  ).split(' '),
)
/** Where a person's remark begins that was pasted behind a line: `<-- stale`, `# stale`. */
const REMARK = /^(<-|<=|#|\/\/|←|⟵|--|\()/

/** Reads what stands behind `PRIORITY:` into the draft, in any order: it changed over the versions of iproute2. */
export function readRuleWords(words: Words, rule: RuleDraft, tables: TableNames | undefined, notes: Notes): void {
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (REMARK.test(word)) {
      notes.add(
        'REPAIRED_TEXT',
        'info',
        `A remark behind the rule was left out: "${[word, ...words.rest()].join(' ')}".`,
        rule.source.line,
      )
      return
    }
    readWord(word, words, rule, tables, notes)
  }
}

function readWord(word: string, words: Words, rule: RuleDraft, tables: TableNames | undefined, notes: Notes): void {
  const {line} = rule.source
  switch (word) {
    case 'not':
      rule.not = true
      return
    case 'from':
    case 'to':
      rule[word] = readPrefix(word, words, rule, notes)
      return
    case 'tos':
    case 'dsfield':
      rule.tos = read(word, words, parseTos, rule, notes) ?? 0
      return
    case 'dscp':
      rule.dscp = read(word, words, parseDscp, rule, notes)
      return
    case 'fwmark':
      rule.fwmark = read(word, words, parseMasked, rule, notes)
      return
    case 'iif':
    case 'dev':
      rule.iif = readInterface(words)
      return
    case 'oif':
      rule.oif = readInterface(words)
      return
    case 'ipproto':
      rule.ipproto = read(word, words, parseRuleProtocol, rule, notes)
      return
    case 'sport':
    case 'dport':
      rule[word] = readPorts(word, words, rule, notes)
      return
    case 'uidrange':
      rule.uidRange = read(word, words, parseUidRange, rule, notes)
      return
    case 'tun_id':
    case 'flowlabel':
      rule.unmodelled.push(`${word} ${words.next() ?? ''}`.trimEnd())
      return
    case 'lookup':
    case 'table':
      readLookup(words, rule, tables, notes)
      return
    case 'l3mdev':
      rule.action = {kind: 'l3mdev'}
      return
    case 'goto':
      readGoto(words, rule, notes)
      return
    case 'nop':
      rule.action = {kind: 'nop'}
      return
    // numbers: ip -N
    case 'blackhole':
    case '6':
      rule.action = {kind: 'blackhole'}
      return
    case 'unreachable':
    case '7':
      rule.action = {kind: 'unreachable'}
      return
    case 'prohibit':
    case '8':
      rule.action = {kind: 'prohibit'}
      return
    case 'suppress_prefixlength':
      rule.suppressPrefixLength = read(word, words, parseUint32, rule, notes)
      return
    case 'suppress_ifgroup':
      rule.suppressGroup = words.next() ?? null
      return
    case 'realms': // routing realms feed `tc route` only: no match
      words.next()
      return
    case 'proto':
    case 'protocol':
      rule.protocol = protocolOf(words.next() ?? 'unspec', 'unspec')
      return
    default: {
      const text = [word, ...words.takeUntil(next => KEYWORDS.has(next) || REMARK.test(next))].join(' ')
      rule.unmodelled.push(text)
      notes.add(
        'UNKNOWN_KEYWORD',
        'warning',
        `A selector that is not known, "${text}": the rule may or may not match.`,
        line,
      )
    }
  }
}

/** A value; one that cannot be read makes the rule unknown rather than wider. */
function read<T>(
  word: string,
  words: Words,
  parse: (text: string) => T | null,
  rule: RuleDraft,
  notes: Notes,
): T | null {
  const text = words.next()
  const value = text === undefined ? null : parse(text)
  if (value === null) refuse(`${word} ${text ?? ''}`.trimEnd(), rule, notes)
  return value
}

function refuse(text: string, rule: RuleDraft, notes: Notes): void {
  rule.unmodelled.push(text)
  notes.add('BAD_VALUE', 'warning', `"${text}" cannot be read: the rule may or may not match.`, rule.source.line)
}

/** null: all. */
function readPrefix(word: string, words: Words, rule: RuleDraft, notes: Notes): RuleDraft['from'] {
  const next = words.peek()
  if (next === 'all' || next === 'any' || next === 'default') {
    words.next()
    return null
  }
  const prefix = read(word, words, text => parsePrefixWord(text, rule.family), rule, notes)
  if (prefix === null) return null
  if (prefix.family !== rule.family) {
    notes.addOnce(
      'family',
      'CONTRADICTION',
      'warning',
      `${formatAddress(prefix.address)} is IPv${prefix.family}, in a list of IPv${rule.family} rules.`,
      rule.source.line,
    )
    rule.family = prefix.family
  }
  return prefix.length === 0 ? null : prefix
}

function readInterface(words: Words): RuleDraft['iif'] {
  const name = words.next()
  return name === undefined ? null : {name, detached: words.skip('[detached]')}
}

/** `80`, `1000-2000`, or since iproute2 6.15 `0x50/0xf0`, a masked port, which is not modelled. */
function readPorts(word: string, words: Words, rule: RuleDraft, notes: Notes): RuleDraft['sport'] {
  const text = words.peek() ?? ''
  if (parseMasked(text) !== null && text.includes('/')) {
    rule.unmodelled.push(`${word} ${text}`)
    words.next()
    return null
  }
  return read(word, words, value => parsePortRange(value, '-'), rule, notes)
}

/** `ip -N` prints `ipproto-6`. */
export function parseRuleProtocol(text: string): number | null {
  return parseProtocol(text.startsWith('ipproto-') ? text.slice('ipproto-'.length) : text)
}

function parseUidRange(text: string): {min: number; max: number} | null {
  const match = /^(\d{1,10})-(\d{1,10})$/.exec(text)
  return match === null ? null : {min: Number(match[1]), max: Number(match[2])}
}

function readLookup(words: Words, rule: RuleDraft, tables: TableNames | undefined, notes: Notes): void {
  const name = words.next()
  if (name === undefined) return
  if (name === '[l3mdev-table]') rule.action = {kind: 'l3mdev'}
  else if (name === 'unspec') readBusyboxAction(words, rule, notes)
  else rule.action = {kind: 'lookup', table: tableOf(name, tables, rule.source.line, notes)}
}

/** busybox prints every rule without a table as `lookup unspec`, and the action by the name of the route type of that number. */
function readBusyboxAction(words: Words, rule: RuleDraft, notes: Notes): void {
  notes.addOnce(
    'busybox',
    'LOSSY_TOOL',
    'error',
    'Printed by busybox ip, which leaves out "not", oif, ports, uidrange, ipproto and the target of "goto": the rules may be narrower than they look.',
    rule.source.line,
  )
  if (words.skip('broadcast')) rule.action = {kind: 'nop'}
  else if (words.skip('local')) rule.unmodelled.push('goto (busybox does not print where to)')
}

function readGoto(words: Words, rule: RuleDraft, notes: Notes): void {
  const target = read('goto', words, parseUint32, rule, notes)
  if (target !== null) rule.action = {kind: 'goto', priority: target, unresolved: words.skip('[unresolved]')}
}
