import {Command, Flags} from '@oclif/core'
import type {Page} from '../render/index.js'
import {toFailure} from './failure.js'
import {reportFailure} from './reportFailure.js'
import {StandardOutput} from './standardOutput.js'
import {withOutput, writeText} from './writeOutput.js'

/** The flags of `BaseCommand`, as parsed. */
export interface OutputFlags {
  readonly json: boolean
  readonly output?: string | undefined
  readonly color?: boolean | undefined
}

/** What all commands share: their common flags, and that an error reads and ends the same with and without --json. */
export abstract class BaseCommand extends Command {
  /** Private, since oclif writes every other static property into its manifest. */
  static #ownsProcess = false

  /** Tells that the process is there for one command alone. */
  static takeProcess(): void {
    BaseCommand.#ownsProcess = true
  }

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

  /**
   * Prints the answer: as JSON where that is asked for, else as text for the page at hand.
   * @param report what --json prints
   */
  protected async print(
    {json, output: file, color}: OutputFlags,
    report: object,
    text: (page: Page) => string | Promise<string>,
  ): Promise<void> {
    const {pageOf} = await import('./page.js')
    const {renderJson} = await import('../render/index.js')
    const output = this.standardOutput()
    const page = pageOf(file === undefined ? output.terminal : {}, process.env, color)
    const rendered = json ? renderJson(report) : await text(page)
    await (file === undefined ? output.write(rendered) : withOutput(file, stream => writeText(stream, rendered)))
  }

  protected standardOutput(): StandardOutput {
    return new StandardOutput(BaseCommand.#ownsProcess)
  }

  protected override async catch(
    error: Error & {code?: string; exitCode?: number; oclif?: {exit?: number}},
  ): Promise<void> {
    if (error.oclif?.exit === 0) throw error // --help, --version
    if (error.code === 'EPIPE') return // the reader has what it wanted: `| head -1`
    await reportFailure(toFailure(error, Object.keys({...this.ctor.baseFlags, ...this.ctor.flags})), this.argv)
  }
}
