import {nearest} from '../explain/index.js'
import {toFailure} from './failure.js'
import {reportFailure} from './reportFailure.js'
import {UsageError} from './usageError.js'

/**
 * What is printed where there is no such command.
 * @param id as oclif has it: `show:rulez`
 * @param ids of all commands
 */
export async function refuseUnknownCommand(id: string, ids: readonly string[], argv: readonly string[]): Promise<void> {
  const like = nearest(id, ids)
  const names = (like.length > 0 ? like : [...ids].sort()).map(asTyped)
  const hint = like.length > 0 ? `Did you mean ${names.join(' or ')}?` : `There are ${names.join(', ')}.`
  const error = new UsageError(`There is no command ${asTyped(id)}. ${hint} --help lists all commands.`)
  await reportFailure(toFailure(error, []), argv)
}

function asTyped(id: string): string {
  return id.replaceAll(':', ' ')
}
