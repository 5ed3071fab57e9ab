import type {NodeState} from '../../../src/model/index.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {lineOf} from '../../support/outcomeLines.js'
import {tinyNode} from '../../support/tinyNode.js'

const UDP: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}

type Entry = Readonly<Record<string, object>>

function listing(...entries: Entry[]): string {
  return JSON.stringify({nftables: [{metainfo: {version: '1.0.6'}}, ...entries]})
}

function table(family: string, more: object = {}): Entry {
  return {table: {family, name: 't', handle: 1, ...more}}
}

function chain(family: string, name: string, hook: string, policy = 'accept'): Entry {
  return {chain: {family, table: 't', name, handle: 1, type: 'filter', hook, prio: 0, policy}}
}

function rule(family: string, name: string, ...expr: object[]): Entry {
  return {rule: {family, table: 't', chain: name, handle: 2, expr}}
}

function nodeWith(nft: string): NodeState {
  return tinyNode({}, {'nft-ruleset.txt': nft})
}

/** Without the reply, which meets the same rules. */
function outcomes(nft: string): string[] {
  return explainWords(nodeWith(nft), UDP, {steps: false}).explanation.outcomes.map(lineOf)
}

const DROP = {drop: null}

describe('the JSON of nft 1.0.6', () => {
  it('shows no devices of a chain: whether it is of this one branches', () => {
    expect(outcomes(listing(table('netdev'), chain('netdev', 'in', 'ingress', 'drop')))).toEqual([
      expect.stringMatching(/^if dropped \(CHAIN_POLICY\)/),
      expect.stringMatching(/^unless forwarded by eth0/),
    ])
  })

  it.each([['of the device'], ['of another']])('takes the devices that newer ones show: %s', which => {
    const dev = which === 'of the device' ? ['veth0', 'eth9'] : 'eth9'
    const shown = {chain: {...chain('netdev', 'in', 'ingress', 'drop')['chain'], dev}}
    expect(outcomes(listing(table('netdev'), shown))[0]).toMatch(
      which === 'of the device' ? /^dropped/ : /^forwarded by eth0/,
    )
  })

  it('prints flags of a table that mean nothing: it may be dormant, which is not known', () => {
    const drop = chain('inet', 'f', 'forward', 'drop')
    expect(outcomes(listing(table('inet', {flags: 'dormant'}), drop))[0]).toMatch(/^forwarded by eth0/)
    expect(outcomes(listing(table('inet', {flags: ['persist']}), drop))[0]).toMatch(/^dropped/)
    expect(outcomes(listing(table('inet', {flags: 'z'}), drop))[0]).toMatch(/^undetermined \(UNMODELLED_RULES\)/)
  })

  const dport = {payload: {protocol: 'udp', field: 'dport'}}
  it.each([
    ['a counter by a map with the port', {counter: {map: {key: dport, data: {set: [[53, 'c']]}}}}, /^dropped/],
    ['a counter by a map without it', {counter: {map: {key: dport, data: {set: [[54, 'c']]}}}}, /^forwarded/],
    ['a counter by its name', {counter: 'c'}, /^dropped/],
    ['a quota by its name', {quota: 'q'}, /^if dropped/],
    ['a limit by its name', {limit: 'l'}, /^if dropped/],
    [
      'a port of a protocol it did not know',
      {
        match: {
          op: '==',
          left: {ct: {key: 'proto-dst', dir: 'original'}},
          right: {set: ['0x35 [invalid type]', '0x50 [invalid type]']},
        },
      },
      /^dropped/,
    ],
  ])('reads %s', (_, statement, expected) => {
    const nft = listing(table('inet'), chain('inet', 'f', 'forward'), rule('inet', 'f', statement, DROP))
    expect(outcomes(nft)[0]).toMatch(expected)
  })

  it('reads tproxy without a family', () => {
    const nft = listing(
      table('inet'),
      chain('inet', 'p', 'prerouting'),
      rule(
        'inet',
        'p',
        {match: {op: '==', left: {meta: {key: 'l4proto'}}, right: 'tcp'}},
        {tproxy: {port: 8081}},
        DROP,
      ),
    )
    expect(outcomes(nft)).toEqual([expect.stringMatching(/^forwarded/)])
  })
})

describe('a listing that breaks off', () => {
  const whole = listing(table('inet'), chain('inet', 'f', 'forward'), chain('inet', 'g', 'forward'))
  const text = 'table inet t {\n\tchain f {\n\t\ttype filter hook forward priority 0; policy accept;\n\t}\n'

  it.each([
    ['in JSON', whole.slice(0, whole.lastIndexOf('"handle"'))],
    ['in text', text],
    ['in a chain', `${text}\tchain g {\n\t\tudp dport 5`],
  ])('%s leaves open what follows', (_, nft) => {
    expect(outcomes(nft)).toEqual([expect.stringMatching(/^undetermined \(MISSING_INPUT\)/)])
  })
})
