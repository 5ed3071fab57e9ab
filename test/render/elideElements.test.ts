import {elideElements} from '../../src/render/text/elideElements.js'

describe('elideElements', () => {
  it.each([
    [
      'keeps the element that was taken',
      'x vmap { 0 : goto a, 1 : goto b, 2 : goto c }',
      'b',
      'x vmap { …, 1 : goto b, … }',
    ],
    ['keeps the first', 'x vmap { 0 : goto a, 1 : goto b, 2 : goto c }', 'a', 'x vmap { 0 : goto a, … }'],
    [
      'keeps what follows the map',
      'x vmap { 0 : goto a, 1 : goto b } comment "y"',
      'b',
      'x vmap { …, 1 : goto b } comment "y"',
    ],
    ['keeps several', 'x vmap { 0 : jump a, 1 : jump b, 2 : jump a }', 'a', 'x vmap { 0 : jump a, …, 2 : jump a }'],
    [
      'reads over commas and braces in comments',
      'x vmap { 0 comment "a, } b" : goto a, 1 : goto b }',
      'b',
      'x vmap { …, 1 : goto b }',
    ],
    ['a name is not the end of another', 'x vmap { 0 : goto an-a, 1 : goto a }', 'a', 'x vmap { …, 1 : goto a }'],
    ['leaves a map without the target', 'x vmap { 0 : goto a, 1 : goto b }', 'c', 'x vmap { 0 : goto a, 1 : goto b }'],
    ['leaves a rule that is cut', 'x vmap { 0 : goto a, 1 :', 'a', 'x vmap { 0 : goto a, 1 :'],
    ['leaves a rule without a map', 'ip daddr 1.2.3.4 jump a', 'a', 'ip daddr 1.2.3.4 jump a'],
  ])('%s', (_, rule, target, expected) => {
    expect(elideElements(rule, target)).toBe(expected)
  })
})
