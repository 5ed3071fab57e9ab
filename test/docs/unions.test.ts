import {readFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

/** The string members of a union type, as its source lists them. */
function membersOf(file: string, type: string): string[] {
  const source = read(file)
  const start = source.indexOf(`export type ${type} =`)
  const body = source.slice(start, source.indexOf('\n\n', start)).replace(/\/\*\*.*?\*\//gs, '')
  return [...body.matchAll(/'([^']+)'/g)].map(match => match[1] as string)
}

/** First cells of the tables of a page that hold code. */
function documented(page: string): string[] {
  return [...read(page).matchAll(/^\| `([^`]+)` +\|/gm)].map(match => match[1] as string)
}

describe('pages that list a closed set', () => {
  it('docs/diagnostics.md has every code, once', () => {
    expect(documented('docs/diagnostics.md').sort()).toEqual(
      membersOf('src/model/diagnostic.ts', 'DiagnosticCode').sort(),
    )
  })

  it('docs/dispositions.md has every disposition and reason, once', () => {
    const all = [...membersOf('src/model/report.ts', 'Disposition'), ...membersOf('src/model/report.ts', 'Reason')]
    expect(documented('docs/dispositions.md').sort()).toEqual(all.sort())
  })

  it('docs/dispositions.md names files that exist', () => {
    const files = [...read('docs/dispositions.md').matchAll(/`(src\/[^`]+)`/g)].map(match => match[1] as string)
    for (const file of files) expect(() => readFileSync(path.join(ROOT, file))).not.toThrow(/ENOENT/)
  })
})
