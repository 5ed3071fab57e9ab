import {readFileSync} from 'node:fs'
import path from 'node:path'
import {Evaluator} from '../../src/evaluate/index.js'
import {loadNode} from '../../src/node/index.js'
import {explainWords} from './explainFlow.js'
import {disagreements, type KernelAnswer} from './kernelAnswers.js'

/** The flows of a folder's answers.jsonl that the evaluator and the kernel see differently, and in which respects. */
export async function wrongAnswers(folder: string): Promise<string[]> {
  const evaluator = new Evaluator(await loadNode(folder))
  const wrong: string[] = []
  for (const line of readFileSync(path.join(folder, 'answers.jsonl'), 'utf8').trim().split('\n')) {
    const answer = JSON.parse(line) as KernelAnswer
    const aspects = disagreements(answer, explainWords(evaluator, answer.flow).explanation)
    if (aspects.length > 0) wrong.push(`${aspects.join(', ')}: ${JSON.stringify(answer.flow)}`)
  }
  return wrong
}
