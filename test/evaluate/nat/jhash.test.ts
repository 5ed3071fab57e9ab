import {jhash2, networkWord, scale} from '../../../src/evaluate/nat/jhash.js'

/** Made with `hashword` of Bob Jenkins' lookup3.c, which the kernel's jhash2 is. */
const WORDS = [0x01234567, 0x89abcdef, 0xfedcba98, 0x76543210, 0xdeadbeef, 0x0badcafe, 0x00c0ffee]

describe('jhash2', () => {
  it.each([
    [0, 0xdeadbeef, 0x7ce538a8],
    [1, 0x57a99fad, 0x0b5b3527],
    [2, 0xb944c435, 0x6cbe5fd2],
    [3, 0x3432a7cc, 0xa320998a],
    [4, 0xb059bf11, 0x6383ba6c],
    [5, 0x0ac8a9cb, 0xddc0f4f6],
    [6, 0x224d0386, 0x981816c8],
    [7, 0x1b42f379, 0x3886b20a],
  ])('of %d words, by 0 and by the golden ratio', (count, plain, seeded) => {
    expect(jhash2(WORDS.slice(0, count), 0)).toBe(plain)
    expect(jhash2(WORDS.slice(0, count), 0x9e3779b9)).toBe(seeded)
  })
})

it('scale maps 32 bits to 0 … count-1 by their share of the whole', () => {
  expect([0, 0x7fffffff, 0x80000000, 0xffffffff].map(hash => scale(hash, 10))).toEqual([0, 4, 5, 9])
})

it('networkWord turns the bytes round', () => {
  expect(networkWord(0x0a0b0cf0)).toBe(0xf00c0b0a)
})
