import {EXIT, type ExitCode} from './exitCode.js'
import {nearest} from '../explain/index.js'

/** An error as the user sees it: in text and, with --json, as an object. */
export interface Failure {
  readonly exitCode: ExitCode
  readonly code: 'USAGE' | 'INPUT' | 'COLLECTION' | 'BUG'
  readonly message: string
  /** What to do now. */
  readonly nextSteps: readonly string[]
  /** Of a bug only. */
  readonly stack?: string
}

const BY_NAME: Readonly<Record<string, Pick<Failure, 'code' | 'exitCode'>>> = {
  UsageError: {code: 'USAGE', exitCode: EXIT.usage},
  FlowError: {code: 'USAGE', exitCode: EXIT.usage},
  EditError: {code: 'USAGE', exitCode: EXIT.usage},
  NameError: {code: 'USAGE', exitCode: EXIT.usage},
  CaptureLacks: {code: 'INPUT', exitCode: EXIT.unknown},
  InputError: {code: 'INPUT', exitCode: EXIT.unknown},
  CollectionError: {code: 'COLLECTION', exitCode: EXIT.collection},
}

/** oclif's parse errors end like this, and name flags that are not there. */
const SEE_MORE = /\n?See more help with --help\s*$/
const PREAMBLE = /^The following errors? occurred:\s*/
const UNKNOWN_FLAG = /^Nonexistent flags?: (.*)$/m

/**
 * Sorts an error by who has to act.
 * @param flags of the command, to tell the nearest of one that does not exist
 */
export function toFailure(error: unknown, flags: readonly string[]): Failure {
  if (!(error instanceof Error)) return bug(new Error(String(error)))
  const known = BY_NAME[error.name]
  if (known !== undefined) return {...known, message: error.message, nextSteps: stepsOf(error)}
  if (isParseError(error))
    return {code: 'USAGE', exitCode: EXIT.usage, message: describeParseError(error.message, flags), nextSteps: []}
  return bug(error)
}

function isParseError(error: Error): boolean {
  const {oclif} = error as {oclif?: {exit?: number}}
  return 'parse' in error || oclif?.exit === EXIT.usage
}

function describeParseError(text: string, flags: readonly string[]): string {
  const message = text.replace(SEE_MORE, '').replace(PREAMBLE, '').trim()
  const unknown = UNKNOWN_FLAG.exec(message)?.[1]?.split(', ')[0]
  if (unknown === undefined) return `${message.replace(/\s*\n\s*/g, '; ')}. See --help.`.replace('.. See', '. See')
  const like = nearest(unknown.replace(/^-+/, ''), flags).map(flag => `--${flag}`)
  return `There is no flag ${unknown}.${like.length === 0 ? '' : ` Did you mean ${like.join(' or ')}?`} --help lists all flags.`
}

function stepsOf(error: Error): readonly string[] {
  const {nextSteps} = error as {nextSteps?: readonly string[]}
  return nextSteps ?? []
}

function bug(error: Error): Failure {
  return {
    code: 'BUG',
    exitCode: EXIT.bug,
    message: `This is an error of ekspath, not of your input: ${error.message}. Please report it with the command and, if you may, the capture.`,
    nextSteps: [],
    ...(error.stack === undefined ? {} : {stack: error.stack}),
  }
}
