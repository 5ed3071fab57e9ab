import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGE = path.join(ROOT, 'docs/cli.md')

interface Flag {
  readonly name: string
  readonly char?: string
  readonly type: 'boolean' | 'option'
  readonly summary?: string
  readonly default?: unknown
  readonly options?: readonly string[]
  readonly helpValue?: string
  readonly helpGroup?: string
  readonly allowNo?: boolean
}

interface Command {
  readonly id: string
  readonly summary?: string
  readonly description?: string
  readonly examples?: readonly string[]
  readonly flags: Readonly<Record<string, Flag>>
}

const HEAD = `# Commands

Written from \`oclif.manifest.json\` by \`npm run golden -- test/docs\`; \`ekspath COMMAND --help\` says the same. Exit codes are in the
[README](../README.md#asking).
`

function renderPage(commands: readonly Command[]): string {
  return [HEAD, ...commands.map(renderCommand)].join('\n')
}

function renderCommand({id, summary = '', description, examples = [], flags}: Command): string {
  const name = `ekspath ${id.replaceAll(':', ' ')}`
  const groups = groupByHelp(Object.values(flags))
  return [
    `## ${name}`,
    '',
    summary,
    ...(description === undefined ? [] : ['', description]),
    '',
    ...examples.map(example => `    ${example.replaceAll('<%= config.bin %> <%= command.id %>', name)}`),
    ...[...groups].flatMap(([group, members]) => ['', `**${group.toLowerCase()}**`, '', ...members.map(renderFlag)]),
    '',
  ].join('\n')
}

function groupByHelp(flags: readonly Flag[]): Map<string, Flag[]> {
  const groups = new Map<string, Flag[]>()
  for (const flag of flags) groups.set(flag.helpGroup ?? '', [...(groups.get(flag.helpGroup ?? '') ?? []), flag])
  return groups
}

function renderFlag({name, char, type, summary = '', options, helpValue, allowNo, default: preset}: Flag): string {
  const value = type === 'boolean' ? '' : ` ${options?.join('|') ?? helpValue ?? 'VALUE'}`
  const text = `${char === undefined ? '' : `-${char}, `}--${allowNo === true ? '[no-]' : ''}${name}${value}`
  return `- \`${text}\` — ${summary}${typeof preset === 'string' ? ` (default: ${preset})` : ''}`
}

it('docs/cli.md has every command and flag of the manifest', () => {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, Command>
  }
  const commands = Object.values(manifest.commands).sort((a, b) => (a.id < b.id ? -1 : 1))
  const text = renderPage(commands)
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PAGE, text)
  expect(readFileSync(PAGE, 'utf8')).toBe(text)
})
