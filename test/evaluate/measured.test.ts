import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {parseFlowLine} from '../../src/cli/flow/parseFlowLine.js'
import {Evaluator} from '../../src/evaluate/index.js'
import {loadNode} from '../../src/node/index.js'
import {disagreements, type KernelAnswer} from '../support/kernelAnswers.js'

/** Nodes with what a real kernel did on them: see fixtures/measured/README.md. */
const root = path.join(import.meta.dirname, '../../fixtures/measured')
const nodes = readdirSync(root, {withFileTypes: true})
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)

describe('the evaluator agrees with the kernel', () => {
  it.each(nodes)('on %s', async name => {
    const folder = path.join(root, name)
    const evaluator = new Evaluator(await loadNode(folder))
    const wrong: string[] = []
    for (const line of readFileSync(path.join(folder, 'answers.jsonl'), 'utf8').trim().split('\n')) {
      const answer = JSON.parse(line) as KernelAnswer
      const {explanation} = evaluator.explain(parseFlowLine(JSON.stringify(answer.flow)))
      const aspects = disagreements(answer, explanation)
      if (aspects.length > 0) wrong.push(`${aspects.join(', ')}: ${JSON.stringify(answer.flow)}`)
    }
    expect(wrong).toEqual([])
  })
})
