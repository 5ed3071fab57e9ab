import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {ESLint} from 'eslint'
import tseslint from 'typescript-eslint'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The repository's own configuration, without the rules that need types: the snippets are not part of the program. */
const eslint = new ESLint({
  cwd: ROOT,
  overrideConfig: [{...tseslint.configs.disableTypeChecked, files: ['**/*.ts']}],
  ruleFilter: ({ruleId}) => ruleId === 'ekspath/room-imports',
})

async function lint(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, {filePath: path.join(ROOT, file)})
  return result!.messages.map(message => message.message)
}

describe('a room imports only from the rooms above it', () => {
  test.each([
    [
      'src/net/bad.ts',
      "import {x} from '../model/index.js'",
      'src/net may not import src/model: it knows no other room.',
    ],
    [
      'src/parse/bad.ts',
      "import {x} from '../node/index.js'",
      'src/parse may not import src/node: it knows net, model.',
    ],
    [
      'src/parse/ip/bad.ts',
      "export * from '../../eks/index.js'",
      'src/parse may not import src/eks: it knows net, model.',
    ],
    [
      'src/evaluate/walk/bad.ts',
      "import '../../eks/index.js'",
      'src/evaluate may not import src/eks: it knows net, model.',
    ],
    [
      'src/render/bad.ts',
      "await import('../evaluate/index.js')",
      'src/render may not import src/evaluate: it knows net, model.',
    ],
    [
      'src/render/bad.ts',
      "type X = import('../node/index.js').X",
      'src/render may not import src/node: it knows net, model.',
    ],
    ['src/model/bad.ts', "import type {X} from '../index.js'", 'src/model may not import src/index.ts: it knows net.'],
    [
      'src/capture/bad.ts',
      "import {x} from '../model/index.js'",
      'src/capture may import only types of src/model: write `import type`.',
    ],
    ['src/evaluate/bad.ts', "import {x} from '../net/prefix.js'", 'Import src/net through its door, src/net/index.js.'],
    [
      'src/parse/bad.ts',
      "import {x} from '../nowhere/index.js'",
      'src/nowhere is not in the table of eslint/rooms.js.',
    ],
    ['src/nowhere/bad.ts', 'export const x = 1', 'src/nowhere is not in the table of eslint/rooms.js.'],
    ['src/cli/bad.ts', "import x from '../../package.json'", 'src/ imports nothing from outside of src/ but packages.'],
    [
      'src/index.ts',
      "export * from './commands/index.js'",
      /^src\/index\.ts may not import src\/commands: it knows net,/,
    ],
  ])('%s: %s', async (file, code, expected) => {
    expect(await lint(file, code)).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)])
  })

  test.each([
    ['src/net/good.ts', "import {x} from './prefix.js'"],
    ['src/evaluate/walk/good.ts', "import {x} from '../netfilter/netfilter.js'"],
    ['src/evaluate/walk/good.ts', "import {x} from '../../net/index.js'"],
    ['src/capture/good.ts', "import type {X} from '../model/index.js'; import {readFile} from 'node:fs/promises'"],
    ['src/commands/good.ts', "import {x} from '../cli/index.js'"],
    ['src/index.ts', "export * from './model/index.js'"],
    ['test/parse/good.test.ts', "import {x} from '../../src/parse/ip/tables.js'"],
  ])('%s: %s is right', async (file, code) => {
    expect(await lint(file, code)).toEqual([])
  })
})
