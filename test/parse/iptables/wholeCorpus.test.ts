import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, it} from '@jest/globals'
import type {Family} from '../../../src/net/index.js'
import type {IptablesRuleset, Parsed} from '../../../src/model/index.js'
import {parseIptablesSave} from '../../../src/parse/index.js'
import {countRules} from './support.js'

/** A folder of other people's rules: every file in it with lines of iptables-save or -S, and the rules that a kernel printed (`*.jsonl`, see corpus.test.ts). */
const CORPUS = process.env['EKSPATH_CORPUS']
const suite = CORPUS === undefined ? describe.skip : describe

/** What people put in place of addresses before they publish their rules. No iptables prints it, so ekspath takes it for what it is: unknown. */
const MASKED = 'XX:XX:XX:XX:XX:XX'

/** Files that hold the log of another program, which read rules. */
const OTHER_PARSER = '== Parser output =='

/** Of all rules, those that may be read with a diagnostic. */
const MOST = 0.01

suite(CORPUS === undefined ? 'whole corpus (skipped: EKSPATH_CORPUS is not set)' : 'whole corpus', () => {
  const folder = CORPUS ?? ''

  it('is read without an exception, and all but 1 % of its rules without a diagnostic', () => {
    let rules = 0
    const remarks: string[] = []
    for (const {name, text, table} of savesIn(folder)) {
      const family: Family = /ip6tables/.test(name) || /^-A .* -[sd] [\da-f]*:[\da-f:]*\/\d/m.test(text) ? 6 : 4
      const read = parseIptablesSave({name, text}, table === undefined ? {family} : {family, table})
      rules += countRules(read.value)
      remarks.push(...remarksOn(read))
    }
    console.log(`${rules} rules, ${remarks.length} with a diagnostic\n${remarks.join('\n')}`)
    expect(rules).toBeGreaterThan(0)
    expect(remarks.length / rules).toBeLessThan(MOST)
  })
})

/** One line a rule that is not read plainly. */
function remarksOn({diagnostics}: Parsed<IptablesRuleset>): string[] {
  const ofRules = diagnostics.filter(({code}) => code !== 'UNPARSED_LINE' && code !== 'NO_COMMIT')
  const byLine = new Map(
    ofRules.map(({code, text, source}) => [`${source?.document}:${source?.line}`, `${code} ${text}`]),
  )
  return [...byLine].map(([place, text]) => `${place} ${text}`)
}

function* savesIn(folder: string): Generator<{name: string; text: string; table?: string}> {
  for (const name of readdirSync(folder, {recursive: true, encoding: 'utf8', withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()) {
    const text = readFileSync(path.join(folder, name), 'utf8').replaceAll(MASKED, '02:00:00:00:00:01')
    if (text.includes(OTHER_PARSER)) continue
    if (name.endsWith('.jsonl')) yield* rulesOfKernel(name, text)
    else if (/^(\[\d+:\d+\] )?-A \S+ /m.test(text)) yield {name, text}
  }
}

function* rulesOfKernel(name: string, text: string): Generator<{name: string; text: string}> {
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '') continue
    const {
      family,
      table,
      save_lines: lines = [],
    } = JSON.parse(line) as {family: string; table: string; save_lines?: string[]}
    for (const spec of lines) {
      yield {name: `${family} ${name}:${at + 1}`, text: `*${table}\n:${spec.split(' ')[1]} - [0:0]\n${spec}\nCOMMIT\n`}
    }
  }
}
