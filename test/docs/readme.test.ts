import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import Explain from '../../src/commands/explain.js'
import {runCommand} from '../support/runCommand.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FILE = path.join(ROOT, 'README.md')
//                         <!-- golden … -->          ```text … ```      <!-- end -->
const SHOWN = /(?<=<!-- golden net410\/dns\.txt -->\n\n)```text\n[^]*?```(?=\n\n<!-- end -->)/
const readme = () => readFileSync(FILE, 'utf8')
const blocks = () => [...readme().matchAll(/^```sh\n([^]*?)^```/gm)].map(match => (match[1] as string).trim())

describe('README.md', () => {
  it('shows what its first command prints; UPDATE_GOLDEN=1 writes it', async () => {
    const [first = ''] = blocks()
    const argv = first.split(' node bin/run.js explain ')[1]?.split(' ') ?? []
    const {stdout} = await runCommand(Explain, ...argv)
    if (process.env['UPDATE_GOLDEN'] === '1')
      writeFileSync(
        FILE,
        readme().replace(SHOWN, () => `\`\`\`text\n${stdout}\`\`\``),
      )
    expect(SHOWN.exec(readme())?.[0]).toBe(`\`\`\`text\n${stdout}\`\`\``)
  })

  it('begins with a command that installs and answers, then one that installs and tests', () => {
    expect(blocks().slice(0, 2)).toEqual([
      'npm ci && npm run build && node bin/run.js explain --src 192.168.7.62 --dst 10.100.0.10:53 --from sample:net410',
      'npm ci && npm test',
    ])
  })

  it('links to pages that exist', () => {
    for (const [, target = ''] of readme().matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect([target, existsSync(path.join(ROOT, target))]).toEqual([target, true])
    }
  })
})
