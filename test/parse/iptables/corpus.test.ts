import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import type {Family} from '../../../src/net/index.js'
import {parseIptablesList, parseIptablesSave} from '../../../src/parse/index.js'
import {countRules, meaning, rulesOf, save} from './support.js'

/**
 * Rules of other people, which are not ours to distribute. EKSPATH_CORPUS names a folder with
 * - `roundtrip/**.save`: iptables-save outputs, and beside each a `.nvL` with `## table NAME` lines between the listings of the same state
 * - `iptables-t/*.jsonl`: one object a line: family, table, and what a kernel printed for it: save_lines, nvL
 */
const CORPUS = process.env['EKSPATH_CORPUS']
const suite = CORPUS === undefined ? describe.skip : describe

suite(CORPUS === undefined ? 'corpus (skipped: EKSPATH_CORPUS is not set)' : 'corpus', () => {
  const folder = CORPUS ?? ''

  it('reads every save without a diagnostic, and the listing of the same state alike', () => {
    let rules = 0
    for (const file of filesIn(path.join(folder, 'roundtrip'), '.save')) {
      const family: Family = file.includes('ip6tables') ? 6 : 4
      const {value, diagnostics} = parseIptablesSave({name: file, text: readFileSync(file, 'utf8')}, {family})
      rules += countRules(value)
      expect(diagnostics).toEqual([])
      const listing = [file.replace(/\.canon\.save$/, '.nvL'), file.replace(/\.save$/, '.nvL')].find(existsSync)
      for (const part of readFileSync(listing ?? '', 'utf8')
        .split(/^## table /m)
        .slice(1)) {
        const [table = ''] = part.split('\n', 1)
        const list = parseIptablesList({name: listing ?? '', text: part.slice(table.length + 1)}, {family, table})
        for (const [chain, {rules: saved}] of value.tables.get(table)?.chains ?? []) {
          expect(rulesOf(list.value, table, chain).map(meaning)).toEqual(saved.map(meaning))
        }
        expect(list.diagnostics).toEqual([])
      }
    }
    expect(rules).toBeGreaterThan(0)
  })

  it('reads what a kernel printed for each rule, and all but 1 % of its listings alike', () => {
    let lines = 0
    let different = 0
    for (const file of filesIn(path.join(folder, 'iptables-t'), '.jsonl')) {
      for (const line of readFileSync(file, 'utf8').split('\n')) {
        if (line === '') continue
        const sample = JSON.parse(line) as {family: string; table: string; save_lines?: string[]; nvL?: string[]}
        const family: Family = sample.family === 'ip6tables' ? 6 : 4
        for (const [i, spec] of (sample.save_lines ?? []).entries()) {
          lines++
          const chain = spec.split(' ')[1] ?? ''
          const saved = save(`*${sample.table}\n:${chain} - [0:0]\n${spec}\nCOMMIT\n`, family)
          const [rule] = rulesOf(saved.value, sample.table, chain)
          expect(saved.diagnostics).toEqual([])
          const text = `Chain ${chain} (1 references)\n pkts bytes target prot opt in out source destination\n${sample.nvL?.[i] ?? ''}\n`
          const list = parseIptablesList({name: 'nvL', text}, {family, table: sample.table})
          const [listed] = rulesOf(list.value, sample.table, chain)
          if (
            rule === undefined ||
            listed === undefined ||
            JSON.stringify(meaning(rule), bigint) !== JSON.stringify(meaning(listed), bigint)
          )
            different++
        }
      }
    }
    expect(lines).toBeGreaterThan(0)
    expect(different / lines).toBeLessThan(0.01)
  })
})

function bigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

function filesIn(folder: string, extension: string): string[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter(name => name.endsWith(extension))
    .map(name => path.join(folder, name))
}
