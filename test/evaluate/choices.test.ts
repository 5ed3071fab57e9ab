import {Choices} from '../../src/evaluate/walk/choices.js'

/** All runs of a walk, as the strings it returns. */
function runs(walk: (choices: Choices) => string): string[] {
  const choices = new Choices()
  const seen: string[] = []
  do seen.push(walk(choices))
  while (choices.next())
  return seen
}

describe('Choices', () => {
  it('runs a walk without choices once', () => {
    expect(runs(() => 'only')).toEqual(['only'])
  })

  it('walks every way, depth first', () => {
    expect(runs(choices => `${choices.choose(2)}${choices.choose(3)}`)).toEqual(['00', '01', '02', '10', '11', '12'])
  })

  it('follows choices that exist on one branch only', () => {
    expect(runs(choices => (choices.choose(2) === 0 ? 'a' : `b${choices.choose(2)}`))).toEqual(['a', 'b0', 'b1'])
  })
})
