import fc from 'fast-check'
import {readElements} from '../../../src/parse/nft/elements.js'
import {elementTexts} from '../../../src/parse/nft/elementTexts.js'
import {Tokens} from '../../../src/parse/nft/tokens.js'

const TYPES = {key: ['address', 'protocol', 'port'], data: null} as const

/** What stands in elements. A parenthesis that is not closed would take the comma behind it, too. */
const piece = fc.constantFrom(
  '10.0.0.1 . tcp . 80 : goto a',
  '10.0.0.0/8 . udp . 90-99 timeout 1h expires 59m : drop',
  '10.0.0.2 comment "a, b } c" : accept',
  '* : drop',
  ', ',
  ',\n\t\t\t     ',
  ' }',
  '',
  'x',
)

function all(text: string): readonly unknown[] {
  return readElements(new Tokens(text), TYPES, offset => ({document: 'nft', line: offset}))
}

function oneByOne(text: string): readonly unknown[] {
  return [...elementTexts(text)].flatMap(([from, to]) =>
    readElements(new Tokens(text.slice(from, to)), TYPES, offset => ({document: 'nft', line: from + offset})),
  )
}

describe('elements one by one', () => {
  it('are those that all words together are', () => {
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 12}), pieces => {
        const text = `${pieces.join('')} }`
        expect(oneByOne(text)).toEqual(all(text))
      }),
      {numRuns: 1000},
    )
  })

  it.each(['"', 'a " b, c }', '"a" "', ', ,', '}', '', '1.2.3.4 : goto "x, y", 5.6.7.8 : drop } z'])('%j', text => {
    expect(oneByOne(text)).toEqual(all(text))
  })
})
