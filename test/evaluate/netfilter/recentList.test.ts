import {RecentEntry, RecentLists, type RecentQuestion} from '../../../src/evaluate/netfilter/recentList.js'

const ask = (hits = 1, seconds: number | null = null, ttl: number | null = null): RecentQuestion => ({
  hits,
  seconds,
  ttl,
})

function entry(...does: ((entry: RecentEntry) => void)[]): RecentEntry {
  const made = new RecentEntry()
  for (const act of does) act(made)
  return made
}

const stamp = (ttl: number) => (it: RecentEntry) => it.stamp(ttl)
const learn = (holds: boolean, question: RecentQuestion) => (it: RecentEntry) => it.learn(question, holds)
const remove = (it: RecentEntry): void => it.remove()
const blur = (it: RecentEntry): void => it.blur()
const reap = (seconds: number | null) => (it: RecentEntry) => it.reap(seconds)

describe('what a walk knows of an address on a list', () => {
  it.each<[string, RecentEntry, RecentQuestion, 0 | 1 | 2]>([
    ['nothing of a new one', entry(), ask(), 2],
    ['it is there once it was put', entry(stamp(64)), ask(), 1],
    ['… twice', entry(stamp(64), stamp(64)), ask(2), 1],
    ['… once: perhaps twice', entry(stamp(64)), ask(2), 2],
    ['… with that TTL', entry(stamp(64)), ask(1, null, 64), 1],
    ['… and with no other', entry(stamp(64)), ask(1, null, 63), 0],
    ['… with the last one', entry(stamp(64), stamp(63)), ask(1, null, 63), 1],
    ['it is not once it was taken off', entry(stamp(64), remove), ask(), 0],
    ['… in no way', entry(remove), ask(3, 60, 64), 0],
    ['… until it is put again', entry(remove, stamp(64)), ask(), 1],
    ['… and then once', entry(remove, stamp(64)), ask(2), 0],
    ['who is not on it at any time was never there', entry(learn(false, ask())), ask(2, 9), 0],
    ['who was not there twice may be there once', entry(learn(false, ask(2))), ask(), 2],
    ['who was not there with a TTL may be with another', entry(learn(false, ask(1, null, 9))), ask(), 2],
    ['yes to twice is yes to once', entry(learn(true, ask(2))), ask(), 1],
    ['yes to once is not yes to twice', entry(learn(true, ask(1))), ask(2), 2],
    ['no to once in 60 s is no to twice', entry(learn(false, ask(1, 60))), ask(2, 60), 0],
    ['yes in 60 s is yes in 60 s', entry(learn(true, ask(1, 60))), ask(1, 60), 1],
    ['yes in 60 s is yes in 61 s', entry(learn(true, ask(1, 60))), ask(1, 61), 1],
    ['yes in 60 s is not yes in 59 s', entry(learn(true, ask(1, 60))), ask(1, 59), 2],
    ['yes at any time is not yes in 60 s', entry(learn(true, ask())), ask(1, 60), 2],
    ['yes with a TTL is yes', entry(learn(true, ask(1, null, 9))), ask(), 1],
    ['… with that TTL', entry(learn(true, ask(1, null, 9))), ask(1, null, 9), 1],
    ['… with another it is open', entry(learn(true, ask(1, null, 9))), ask(1, null, 8), 2],
    ['yes is not yes with a TTL', entry(learn(true, ask())), ask(1, null, 9), 2],
    ['no with any TTL is no with that one', entry(learn(false, ask(2))), ask(2, null, 9), 0],
    // a packet more
    ['a packet more keeps a yes', entry(learn(true, ask(3)), stamp(64)), ask(3), 1],
    ['… takes back a no', entry(learn(false, ask(3)), stamp(64)), ask(3), 2],
    ['… and a yes with a TTL', entry(learn(true, ask(2, null, 9)), stamp(64)), ask(2), 2],
    ['a packet more, perhaps, keeps a yes', entry(learn(true, ask(3)), blur), ask(3), 1],
    ['… and takes back a no', entry(learn(false, ask(3)), blur), ask(3), 2],
    // old ones may have gone
    ['reaping keeps a no', entry(learn(false, ask(3)), reap(60)), ask(3), 0],
    ['… and a yes in so many seconds', entry(learn(true, ask(3, 60)), reap(60)), ask(3, 60), 1],
    ['… takes back a yes of longer ago', entry(learn(true, ask(3, 61)), reap(60)), ask(3, 61), 2],
    ['… and a yes at any time', entry(learn(true, ask(3)), reap(60)), ask(3), 2],
    ['reaping without a time keeps all', entry(learn(true, ask(3)), reap(null)), ask(3), 1],
    ['taking off forgets all answers', entry(learn(true, ask(3)), remove, stamp(64)), ask(3), 0],
  ])('%s', (_, known, question, expected) => {
    expect(known.ask(question)).toBe(expected)
  })
})

describe('the lists of a node', () => {
  it('have an entry for each address of each', () => {
    const lists = new RecentLists()
    lists.entry('x', '10.0.0.1').stamp(64)
    expect([
      lists.entry('x', '10.0.0.1').ask(ask()),
      lists.entry('x', '10.0.0.2').ask(ask()),
      lists.entry('y', '10.0.0.1').ask(ask()),
    ]).toEqual([1, 2, 2])
  })

  it('name an address where it is another than at first', () => {
    const lists = new RecentLists()
    expect([
      lists.nameOf('source', '10.0.0.1'),
      lists.nameOf('source', '10.0.0.1'),
      lists.nameOf('source', '10.0.0.2'),
      lists.nameOf('destination', '10.0.0.3'),
      lists.nameOf('source', '10.0.0.1'),
    ]).toEqual(['source address', 'source address', 'source address 10.0.0.2', 'destination address', 'source address'])
  })
})
