import fc from 'fast-check'
import type {JsonOutcome} from '../../src/model/index.js'
import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {tinyNode} from '../support/tinyNode.js'

/**
 * With --misses a walk asks every rule; without, it goes by the indexes of long chains and of policy rules, and leaves out what cannot match.
 * Both must say the same. Values come from small pools, so that rules match often and meet each other.
 */
const ADDRESSES = ['10.0.9.9', '10.0.1.7', '8.8.8.8', '172.20.0.10', '172.20.0.11'] as const
const PORTS = [53, 80, 443] as const
/** From here on chains and lists of policy rules have an index. */
const INDEXED = 12

const address = fc.constantFrom(...ADDRESSES)
const port = fc.constantFrom(...PORTS)
const bang = fc.constantFrom('', '', '', '! ')
const prefix = fc.tuple(address, fc.constantFrom(32, 32, 32, 24, 8, 0)).map(([base, length]) => `${base}/${length}`)

const header = fc
  .tuple(fc.option(fc.tuple(bang, prefix)), fc.option(fc.tuple(bang, prefix)))
  .map(([source, destination]) =>
    [source && `${source[0]}-s ${source[1]}`, destination && `${destination[0]}-d ${destination[1]}`]
      .filter(part => part !== null)
      .join(' '),
  )
const ports = fc.oneof(
  port.map(String),
  port.map(first => `${first}:${first + 30}`),
)
const protocol = fc.oneof(
  fc.constant(''),
  fc
    .tuple(fc.constantFrom('tcp', 'udp'), fc.option(fc.tuple(bang, ports)))
    .map(([name, asked]) => (asked === null ? `-p ${name}` : `-p ${name} -m ${name} ${asked[0]}--dport ${asked[1]}`)),
)
const match = fc.constantFrom('', '', '', '-m mark --mark 0x1/0x1', '-m conntrack --ctstate NEW')

function rules(chain: string, targets: readonly string[], length: number): fc.Arbitrary<string[]> {
  const rule = fc
    .tuple(header, protocol, match, fc.constantFrom(...targets))
    .map(parts => ['-A', chain, ...parts.filter(part => part !== '')].join(' '))
  return fc.array(rule, {minLength: length, maxLength: 2 * length, size: 'max'})
}

const nat = fc
  .tuple(
    rules('PREROUTING', ['-j ONE', '-j ONE', '-j RETURN'], 2),
    rules('ONE', ['-j TWO', '-g TWO', '-j RETURN', '-j DNAT --to-destination 10.0.1.7:80'], INDEXED),
    rules('TWO', ['-j RETURN', '-j DNAT --to-destination 8.8.8.8', '-j MARK --set-xmark 0x1/0x1'], INDEXED),
  )
  .map(chains => chains.flat().join('\n'))
const filter = rules('FORWARD', ['-j MARK --set-xmark 0x1/0x1', '-j MARK --set-xmark 0x2/0x2', '-j DROP'], INDEXED)

const policyRules = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '', '', 'not '),
      fc.oneof(
        fc.constant('from all'),
        address.map(from => `from ${from}`),
      ),
      fc.oneof(
        fc.constant(''),
        address.map(to => ` to ${to}`),
        fc.constant(' fwmark 0x1/0x1'),
      ),
      fc.constantFrom('lookup main', 'lookup 100', 'lookup 101', 'unreachable'),
    ),
    {minLength: INDEXED, maxLength: 2 * INDEXED, size: 'max'},
  )
  .map(all =>
    [
      '0: from all lookup local',
      ...all.map(([not, from, selector, action], i) => `${100 + i}: ${not}${from}${selector} ${action}`),
      '32766: from all lookup main',
    ].join('\n'),
  )

const flow: fc.Arbitrary<FlowWords> = fc
  .record({
    src: fc.constantFrom('10.0.9.9', '10.0.1.7', '8.8.8.8'),
    dst: address,
    proto: fc.constantFrom('tcp', 'udp', 'icmp'),
    iif: fc.constantFrom('veth0', 'eth0'),
    mark: fc.constantFrom(0, 1),
  })
  .chain(parts =>
    parts.proto === 'icmp' ? fc.constant(parts) : fc.option(port).map(dport => ({...parts, sport: 40_000, dport})),
  )

const TABLES = `
  default via 10.0.0.1 dev eth0
  10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2
  10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.2
  10.0.9.9 dev veth0 scope link
  8.8.8.0/24 via 10.0.1.1 dev eth1 table 100
  default via 10.0.1.1 dev eth1 table 101`

test('indexes leave out only what cannot match', () => {
  fc.assert(
    fc.property(
      nat,
      filter,
      policyRules,
      fc.array(flow, {minLength: 1, maxLength: 4}),
      (natRules, filterRules, ipRules, flows) => {
        const node = tinyNode(
          {nat: natRules, filter: filterRules.join('\n')},
          {'ip-rule.txt': ipRules, 'ip-route.txt': TABLES},
        )
        for (const words of flows) {
          const all = explainWords(node, words, {misses: true}).explanation.outcomes
          expect(explainWords(node, words).explanation.outcomes).toEqual(all.map(withoutMisses))
        }
      },
    ),
    {numRuns: 300},
  )
})

function withoutMisses(outcome: JsonOutcome): JsonOutcome {
  const steps = outcome.steps?.filter(({kind}) => kind !== 'chain-miss' && kind !== 'rule-miss') ?? []
  return {...outcome, steps, ...(outcome.reply == null ? {} : {reply: withoutMisses(outcome.reply)})}
}
