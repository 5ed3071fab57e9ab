import {LAYOUTS} from '../../../src/node/layouts/index.js'
import {mayMatch} from '../../../src/node/layouts/mayMatch.js'

const EXPRESSIONS = LAYOUTS.flatMap(({documents}) => documents.map(({path}) => path))

/** A path that a pattern names, more or less: the plain text of its expression. */
function plainText({source}: RegExp): string {
  return source.replace(/^\^|\$$/g, '').replace(/\\(.)/g, '$1')
}

const PATHS = [
  ...EXPRESSIONS.map(plainText),
  'ip-rule.txt',
  'iptables-save.txt',
  'networking/ip6tables-save.txt',
  'ipamd/pods.json',
  'README.md',
  '',
]

describe('mayMatch', () => {
  it.each(EXPRESSIONS)('never says no where %s matches', expression => {
    const wrong = PATHS.filter(path => expression.test(path) && !mayMatch(expression, path))
    expect(wrong).toEqual([])
  })

  it.each(EXPRESSIONS)('%s has what it needs: no flags, and alternatives in groups only', ({source, flags}) => {
    let outside = source.replace(/\\.|\[[^\]]*\]/g, '')
    for (let before = ''; before !== outside;) [before, outside] = [outside, outside.replace(/\([^()]*\)/g, '')]
    expect([flags, outside.includes('|')]).toEqual(['', false])
  })

  it.each([
    [/^ab?c/, 'ac', true],
    [/^a\.b/, 'a.c', false],
    [/^a\.b/, 'axb', false],
    [/^\d/, '7', true],
    [/^ip-rule\.(txt|json)$/, 'ip-route.txt', false],
    [/rule/, 'a rule', true],
    [/^a{2}/, 'aa', true],
    [/^abc/, 'ab', false],
  ])('%s, %j: %s', (expression, path, may) => {
    expect(mayMatch(expression, path)).toBe(may)
  })
})
