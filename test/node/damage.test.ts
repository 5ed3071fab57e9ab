import {readFileSync} from 'node:fs'
import {describe, expect, it} from '@jest/globals'
import {loadNode} from '../../src/node/index.js'
import {withFolder} from './support/captureFolder.js'

/** A small generator of pseudo-random numbers (mulberry32): failures can be run again. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const NAMES = ['ip-rule.txt', 'ip-route.txt', 'iptables-save.txt', 'ipamd-enis.json', 'ipamd-pods.json']
const TEXTS = NAMES.map(name => readFileSync(`fixtures/net410/${name}`))

/** One of the ways in which a file gets damaged. */
function damage(bytes: Buffer, random: (below: number) => number): Buffer {
  const at = random(bytes.length)
  switch (random(6)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + random(200)))])
    case 2: {
      const copy = Buffer.from(bytes)
      copy[at] = random(256)
      return copy
    }
    case 3:
      return Buffer.concat([bytes.subarray(0, at), TEXTS[random(TEXTS.length)] ?? bytes, bytes.subarray(at)])
    case 4:
      return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(random(300), random(256)), bytes.subarray(at)])
    default:
      return Buffer.from(bytes.toString('latin1').split('\n').reverse().join('\n'), 'latin1')
  }
}

describe('a damaged capture', () => {
  it('gives a node with diagnostics, or an error for the user; never any other', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = generator(seed)
      const files = Object.fromEntries(NAMES.map((name, at) => [name, damage(TEXTS[at] ?? Buffer.alloc(0), random)]))
      const outcome = await withFolder(files, async folder => {
        const node = await loadNode(folder)
        for (const {tables} of node.iptables)
          for (const table of tables.values())
            for (const chain of table.chains.values()) expect(chain.rules).toHaveLength(chain.ruleCount)
        return node.diagnostics.length
      }).catch((error: unknown) => error)
      if (outcome instanceof Error && outcome.name !== 'InputError') throw new Error(`seed ${seed}: ${outcome.stack}`)
    }
  }, 60_000)
})
