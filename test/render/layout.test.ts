import fc from 'fast-check'
import {escapeText} from '../../src/render/index.js'
import {describeProbability} from '../../src/render/explain/probability.js'
import {displayWidth} from '../../src/render/text/displayWidth.js'
import {fill, wrapWords} from '../../src/render/text/wrap.js'
import {elideRule, wrapRule} from '../../src/render/text/wrapRule.js'

const RULE =
  '-A KUBE-SVC-X ! -s 10.0.0.0/8 -p tcp -m comment --comment "ns/name:port has -m no \\"endpoints\\"" -m tcp ! --dport 53 -m statistic --mode random --probability 0.5 -j KUBE-SEP-Y'

describe('escapeText', () => {
  it.each([
    ['\u001b[31m', '\\u{1b}[31m'],
    ['\u009b', '\\u{9b}'],
    ['\u007f', '\\u{7f}'],
    ['a\tb', 'a b'],
    ['a\r\nb', 'a\\u{d}\\u{a}b'],
    ['\u202eabc\u2066', '\\u{202e}abc\\u{2066}'],
    ['\ud800', '\\u{d800}'],
    ['日本 é 🙂', '日本 é 🙂'],
  ])('%j', (text, escaped) => {
    expect(escapeText(text)).toBe(escaped)
  })
})

describe('displayWidth', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['🙂', 2],
    ['→ ·', 3],
    ['\u001b[1mabc\u001b[22m', 3],
  ])('%j takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })
})

describe('wrapWords', () => {
  it('keeps to the width and loses no word', () => {
    fc.assert(
      fc.property(fc.array(fc.string({minLength: 1, maxLength: 30})), fc.integer({min: 8, max: 60}), (words, width) => {
        const text = words.map(word => escapeText(word).replace(/\s/g, '_')).join(' ')
        const lines = wrapWords(text, width, 2)
        expect(lines.every(line => displayWidth(line) <= width)).toBe(true)
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
      }),
    )
  })

  it('puts glue between the pieces of a line, not at its end', () => {
    expect(fill(['aa', 'bb', 'cc'], 7, 2, ' · ')).toEqual(['aa · bb', '  cc'])
  })
})

describe('wrapRule', () => {
  it('leaves a rule that fits alone', () => {
    expect(wrapRule(RULE, 400)).toEqual([RULE])
  })

  it('breaks before options, never inside a quoted comment that fits a line', () => {
    expect(wrapRule(RULE, 70)).toEqual([
      '-A KUBE-SVC-X ! -s 10.0.0.0/8 -p tcp',
      '  -m comment --comment "ns/name:port has -m no \\"endpoints\\""',
      '  -m tcp ! --dport 53 -m statistic --mode random --probability 0.5',
      '  -j KUBE-SEP-Y',
    ])
  })

  it('keeps to the width and loses nothing', () => {
    fc.assert(
      fc.property(fc.integer({min: 20, max: 200}), width => {
        const lines = wrapRule(RULE, width)
        expect(lines.every(line => line.length <= width)).toBe(true)
        expect(lines.map(line => line.trim()).join(' ')).toBe(RULE)
      }),
    )
  })
})

describe('elideRule', () => {
  it('gives up the comment before what decides', () => {
    expect(
      elideRule(
        '-A KUBE-SERVICES -d 10.0.0.1/32 -p udp -m comment --comment "a long name" -m udp --dport 53 -j KUBE-SVC-X',
        70,
      ),
    ).toEqual(['-A KUBE-SERVICES -d 10.0.0.1/32 -p udp … --dport 53 -j KUBE-SVC-X'])
  })
})

describe('describeProbability', () => {
  it.each([
    [1, null],
    [null, null],
    [0.5, '1 of 2, 50 %'],
    [0.33333333349, '1 of 3, 33.333 %'],
    [0.33332999982, 'about 1 of 3, 33.333 %'],
    [0.28125, '28.125 %'],
    [0.6666, '66.66 %'],
    [0.9999999, 'nearly 100 %'],
    [0.0000001, '0.00001 %'],
    [1e-10, '0.0000000100 %'],
  ])('%p', (probability, text) => {
    expect(describeProbability(probability)).toBe(text)
  })
})
