import type {Failure} from './failure.js'
import {pageWidth} from './pageWidth.js'
import {standardStream} from './standardStream.js'

/** Prints a failure, as JSON where the arguments ask for it, and sets the exit code of the process. */
export async function reportFailure(failure: Failure, argv: readonly string[]): Promise<void> {
  process.exitCode = failure.exitCode
  if (wantsJson(argv)) printJson(failure)
  else await printText(failure)
}

/** Read off the arguments as they stand: flags may not have been parsed, or cannot be. */
function wantsJson(argv: readonly string[]): boolean {
  const format = argv.indexOf('--format')
  return argv.includes('--json') || argv.includes('--format=json') || (format >= 0 && argv[format + 1] === 'json')
}

function printJson({code, exitCode, message, nextSteps}: Failure): void {
  const report = {schema: 'ekspath.error/1', error: {code, exitCode, message, nextSteps}}
  standardStream().write(`${JSON.stringify(report, null, 2)}\n`)
}

async function printText({message, nextSteps, stack}: Failure): Promise<void> {
  const {renderFailure} = await import('../render/index.js')
  const details = process.env['DEBUG'] === undefined ? undefined : stack
  process.stderr.write(renderFailure(message, nextSteps, details, pageWidth(process.stderr)))
}
