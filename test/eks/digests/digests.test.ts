import {createHash} from 'node:crypto'
import fc from 'fast-check'
import {sha1} from '../../../src/eks/digests/sha1.js'
import {sha256} from '../../../src/eks/digests/sha256.js'

const DIGESTS = {
  sha1,
  sha256: (text: string) => Buffer.from(sha256(text)).toString('hex'),
}

describe.each(['sha1', 'sha256'] as const)('%s', name => {
  const digest = DIGESTS[name]
  const ofNode = (text: string) => createHash(name).update(text).digest('hex')

  // the padding fills a block, or needs another
  it.each([0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1000])('is that of Node for %d characters', length => {
    expect(digest('x'.repeat(length))).toBe(ofNode('x'.repeat(length)))
  })

  it('is that of Node for any text', () => {
    fc.assert(
      fc.property(fc.string({unit: 'grapheme', maxLength: 200}), text => {
        expect(digest(text)).toBe(ofNode(text))
      }),
    )
  })
})
