import {escapeText} from '../escapeText.js'
import {wrapWords} from './wrap.js'

const NAME = 'ekspath: '

/**
 * An error as one paragraph, with what to do below it.
 * @param stack where a bug happened; undefined: not asked for
 * @param width columns
 */
export function renderFailure(
  message: string,
  nextSteps: readonly string[],
  stack: string | undefined,
  width: number,
): string {
  const lines = [
    ...wrapWords(NAME + escapeText(message.replaceAll('\n', ' ')), width, NAME.length),
    ...nextSteps.flatMap(step =>
      wrapWords(escapeText(step), width - NAME.length, 2).map(line => ' '.repeat(NAME.length) + line),
    ),
    ...(stack === undefined ? [] : stack.split('\n').map(escapeText)),
  ]
  return `${lines.join('\n')}\n`
}
