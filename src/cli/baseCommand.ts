import {Command, Flags} from '@oclif/core'
import {type Failure, toFailure} from './failure.js'

/** What all commands share: their common flags, and that an error reads and ends the same with and without --json. */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({summary: 'print JSON (see schemas/)', helpGroup: 'OUTPUT'}),
    output: Flags.string({
      char: 'o',
      summary: 'write to a file instead of standard output',
      helpGroup: 'OUTPUT',
      helpValue: 'FILE',
    }),
    color: Flags.boolean({
      summary: 'force or forbid colours; a terminal has them, a pipe has not',
      helpGroup: 'OUTPUT',
      allowNo: true,
    }),
  }

  protected override async catch(error: Error & {exitCode?: number; oclif?: {exit?: number}}): Promise<void> {
    if (error.oclif?.exit === 0) throw error // --help, --version
    const failure = toFailure(error, Object.keys(this.ctor.flags).concat(Object.keys(this.ctor.baseFlags)))
    process.exitCode = failure.exitCode
    if (this.argv.includes('--json') || this.argv.includes('--format=json')) this.#printJson(failure)
    else await this.#printText(failure)
  }

  #printJson({code, exitCode, message, nextSteps}: Failure): void {
    const report = {schema: 'ekspath.error/1', error: {code, exitCode, message, nextSteps}}
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  }

  async #printText({message, nextSteps, stack}: Failure): Promise<void> {
    const {renderFailure} = await import('../render/index.js')
    const details = process.env['DEBUG'] === undefined ? undefined : stack
    process.stderr.write(renderFailure(message, nextSteps, details, process.stderr.columns ?? 100))
  }
}
