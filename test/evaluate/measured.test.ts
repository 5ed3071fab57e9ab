import {readdirSync} from 'node:fs'
import path from 'node:path'
import {wrongAnswers} from '../support/wrongAnswers.js'

/** Nodes with what a real kernel did on them: see fixtures/measured/README.md. */
const fixtures = path.join(import.meta.dirname, '../../fixtures')
const measured = readdirSync(path.join(fixtures, 'measured'), {withFileTypes: true})
  .filter(entry => entry.isDirectory())
  .map(entry => `measured/${entry.name}`)

describe('the evaluator agrees with the kernel', () => {
  it.each(['services', 'demystify', ...measured])('on %s', async name => {
    expect(await wrongAnswers(path.join(fixtures, name))).toEqual([])
  })
})
