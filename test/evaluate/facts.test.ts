import {readdirSync} from 'node:fs'
import path from 'node:path'
import {type Capture, plainDocument} from '../../src/capture/capture.js'
import {Evaluator} from '../../src/evaluate/index.js'
import {nodeOf} from '../../src/node/index.js'
import {checkMeasured} from '../kernel/compare/checkMeasured.js'
import {type FactFile, readFactFile} from '../kernel/compare/factFile.js'
import {NeighbourMacs} from '../kernel/lab/neighbourMacs.js'

/** What the kernel tests measured, without a kernel: see fixtures/facts/README.md. */
const root = path.join(import.meta.dirname, '../../fixtures/facts')
const names = readdirSync(root).filter(name => name.endsWith('.json'))

function captureOf({name, documents}: FactFile): Capture {
  const texts = Object.entries(documents).map(([document, text]) => plainDocument(document, Buffer.from(text)))
  return {origin: name, hostname: null, capturedAt: null, documents: texts, diagnostics: []}
}

describe('the evaluator agrees with what a kernel did', () => {
  it.each(names)('on %s', name => {
    const file = readFactFile(path.join(root, name))
    const evaluator = new Evaluator(nodeOf(captureOf(file)))
    const neighbours = new NeighbourMacs(file.documents['ip-neigh.txt'] ?? '')
    const context = {neighbours, bothBackends: file.bothBackends}
    expect(file.measured.flatMap(measured => checkMeasured(evaluator, measured, context))).toEqual([])
  })
})
