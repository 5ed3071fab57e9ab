import type {Writable} from 'node:stream'
import type {JsonExplanation, NodeState} from '../model/index.js'
import {identify} from '../eks/index.js'
import {makeExplainer, parseFlowLine} from '../explain/index.js'
import {ExplanationWriter} from '../render/index.js'
import {answerLines, openLines} from './bulk.js'
import {EXIT, type ExitCode} from './exitCode.js'
import {toFailure} from './failure.js'
import {youngGeneration} from './youngGeneration.js'

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
  output: Writable,
  options: BulkOptions,
): Promise<ExitCode> {
  youngGeneration.letGrow()
  const explain = makeExplainer(identify(node), options)
  let worst: ExitCode = EXIT.arrives
  await answerLines(openLines(file), output, lines => {
    const writer = new ExplanationWriter(lines)
    return line => {
      let explanation: JsonExplanation
      try {
        explanation = explain(parseFlowLine(line)).explanation
      } catch (error) {
        const {exitCode, message} = toFailure(error, [])
        worst = exitCode === EXIT.bug || worst === EXIT.bug ? EXIT.bug : EXIT.unknown
        lines.text(`${JSON.stringify({error: message})}\n`)
        return
      }
      writer.writeLine(explanation)
    }
  })
  return worst
}
