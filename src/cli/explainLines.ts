import type {NodeState} from '../model/index.js'
import {identify} from '../eks/index.js'
import {makeExplainer, parseFlowLine} from '../explain/index.js'
import {ExplanationLines, toByteText} from '../render/index.js'
import {answerLines, openLines} from './bulk.js'
import {EXIT, type ExitCode} from './exitCode.js'
import {toFailure} from './failure.js'

export interface BulkOptions {
  readonly brief: boolean
  readonly misses: boolean
  readonly whatIf: readonly string[] | undefined
}

/**
 * Explains one JSON flow a line, in order; a line that cannot be explained gives `{"error": …}` in its place.
 * @param file path, or `-` for standard input
 */
export async function explainLines(
  node: NodeState,
  file: string,
  output: NodeJS.WritableStream,
  options: BulkOptions,
): Promise<ExitCode> {
  const explain = makeExplainer(identify(node), options)
  const lines = new ExplanationLines()
  let worst: ExitCode = EXIT.arrives
  await answerLines(openLines(file), output, line => {
    try {
      return lines.write(explain(parseFlowLine(line)).explanation)
    } catch (error) {
      const {exitCode, message} = toFailure(error, [])
      worst = exitCode === EXIT.bug || worst === EXIT.bug ? EXIT.bug : EXIT.unknown
      return toByteText(JSON.stringify({error: message}))
    }
  })
  return worst
}
