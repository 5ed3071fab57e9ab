import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

const GOLDEN = fileURLToPath(new URL('../golden', import.meta.url))

/** Compares with test/golden/NAME. `UPDATE_GOLDEN=1 npx jest` writes what is there now instead: read the difference before committing it. */
export function expectGolden(name: string, text: string): void {
  const file = path.join(GOLDEN, name)
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(path.dirname(file), {recursive: true})
    writeFileSync(file, text)
  }
  expect(
    existsSync(file) ? readFileSync(file, 'utf8') : `no golden file ${name}: UPDATE_GOLDEN=1 npx jest makes it`,
  ).toBe(text)
}
