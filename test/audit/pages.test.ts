import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {describe, expect, it} from '@jest/globals'
import * as prettier from 'prettier'
import {checkPage, CHECKS} from '../../src/audit/index.js'

const FOLDER = 'docs/findings'

/** The page as the repository keeps it: formatted. */
async function page(check: (typeof CHECKS)[number], file: string): Promise<string> {
  const options = await prettier.resolveConfig(file)
  return prettier.format(checkPage(check), {...options, parser: 'markdown'})
}

/** `UPDATE_GOLDEN=1 npx jest test/audit` writes the pages. */
describe('docs/findings', () => {
  it.each(CHECKS)('$code is as its check says', async check => {
    const file = `${FOLDER}/${check.code}.md`
    const text = await page(check, file)
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(FOLDER, {recursive: true})
      writeFileSync(file, text)
    }
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('has no page of a check that is gone', () => {
    expect(readdirSync(FOLDER)).toEqual(CHECKS.map(({code}) => `${code}.md`))
  })

  it('uses every code once', () => {
    expect(new Set(CHECKS.map(({code}) => code)).size).toBe(CHECKS.length)
  })
})
