import {spawnSync} from 'node:child_process'

/** A command that failed, with what it said. */
export interface Refusal {
  readonly line: string
  readonly error: string
}

/** Runs a command to its end. @throws Error with its stderr where it fails */
export function run(command: string, args: readonly string[], input = ''): string {
  const result = spawnSync(command, args, {input, encoding: 'utf8', maxBuffer: 1 << 28})
  if (result.error !== undefined) throw result.error
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr.trim()}`)
  return result.stdout
}

/** A named network namespace. */
export class Namespace {
  readonly name: string

  constructor(name: string) {
    this.name = name
    run('ip', ['netns', 'add', name])
  }

  run(command: string, args: readonly string[], input = ''): string {
    return run('ip', ['netns', 'exec', this.name, command, ...args], input)
  }

  /** Lines for `ip -batch`. @returns those that it refused */
  ip(lines: readonly string[], family?: 6): Refusal[] {
    if (lines.length === 0) return []
    const args = [...(family === undefined ? [] : [`-${family}`]), '-n', this.name, '-force', '-batch', '-']
    const {stderr} = spawnSync('ip', args, {input: `${lines.join('\n')}\n`, encoding: 'utf8'})
    const refused: Refusal[] = []
    let said: string[] = []
    for (const line of stderr.split('\n')) {
      const at = /^Command failed -:(\d+)/.exec(line)
      if (at === null) said.push(line.trim())
      else {
        refused.push({line: lines[Number(at[1]) - 1] ?? '', error: said.join(' ')})
        said = []
      }
    }
    return refused
  }

  sysctl(values: Readonly<Record<string, string>>): void {
    const lines = Object.entries(values).map(([key, value]) => `${key} = ${value}`)
    if (lines.length > 0) this.run('sysctl', ['-q', '-e', '-p', '-'], `${lines.join('\n')}\n`)
  }

  delete(): void {
    spawnSync('ip', ['netns', 'del', this.name])
  }
}
