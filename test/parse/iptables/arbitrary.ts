import fc from 'fast-check'
import {
  type Address,
  addressBits,
  type Family,
  formatMasked,
  FULL_MASK,
  ipv4,
  ipv6,
  makePrefix,
  type MaskedValue,
  type Prefix,
} from '../../../src/net/index.js'
import type {Match, NatRange, Target} from '../../../src/model/index.js'
import {ADDRESS_TYPES} from '../../../src/parse/iptables/match/addrtype.js'
import {CT_STATES, CT_STATUSES} from '../../../src/parse/iptables/match/conntrack.js'

/** Rules of every kind of the model, as far as iptables can print them. */

const uint32 = fc.integer({min: 0, max: FULL_MASK})
const byte = fc.integer({min: 0, max: 255})
const portNumber = fc.integer({min: 0, max: 65535})
const natPort = fc.integer({min: 1, max: 65535})
const negated = fc.boolean()
const plain = fc.constant(false)
const besideState = plain
const word = fc.stringMatching(/^[A-Za-z0-9_:.-]{1,15}$/).filter(text => !text.startsWith('-'))
const text = fc.string({maxLength: 30, unit: 'grapheme'}).filter(value => !/[\n\r]/.test(value))
const directions = fc.array(fc.constantFrom('src' as const, 'dst' as const), {minLength: 1, maxLength: 3})
const side = fc.constantFrom('source' as const, 'destination' as const)
const tuple = fc.constantFrom('original' as const, 'reply' as const)

const address = (family: Family): fc.Arbitrary<Address> =>
  family === 4 ? uint32.map(ipv4) : fc.bigInt({min: 0n, max: (1n << 128n) - 1n}).map(ipv6)
const prefix = (family: Family): fc.Arbitrary<Prefix> =>
  fc
    .tuple(address(family), fc.integer({min: 0, max: addressBits(family)}))
    .map(([base, length]) => makePrefix(base, length))

function range(number: fc.Arbitrary<number>) {
  return fc.tuple(number, number).map(([a, b]) => ({min: Math.min(a, b), max: Math.max(a, b)}))
}
const portRange = range(portNumber)
const masked = fc.record({value: uint32, mask: fc.oneof(uint32, fc.constant(FULL_MASK))})

/** `-i +` asks nothing, and is not printed. */
const device = fc
  .record({name: fc.stringMatching(/^[a-z0-9.@-]{0,14}$/), wildcard: fc.boolean()})
  .filter(({name}) => name !== '' && !name.startsWith('-'))

function list<T>(values: ReadonlySet<T>) {
  return fc.uniqueArray(fc.constantFrom(...values), {minLength: 1})
}

export function match(family: Family): fc.Arbitrary<Match> {
  const kind = <K extends Match['kind']>(name: K) => fc.constant(name)
  return fc.oneof(
    fc.record({kind: fc.constantFrom('source' as const, 'destination' as const), negated, prefix: prefix(family)}),
    fc
      .tuple(fc.constantFrom('in-interface' as const, 'out-interface' as const), negated, device)
      .map(([name, not, one]) => ({
        kind: name,
        negated: not,
        ...one,
      })),
    fc.record({kind: kind('fragment'), negated}),
    fc.record({kind: fc.constantFrom('source-port' as const, 'destination-port' as const), negated, range: portRange}),
    fc.record({
      kind: kind('multiport'),
      negated,
      side: fc.constantFrom('source' as const, 'destination' as const, 'either' as const),
      ranges: fc.array(portRange, {minLength: 1, maxLength: 15}),
    }),
    fc.record({
      kind: kind('tcp-flags'),
      negated,
      mask: fc.integer({min: 0, max: 63}),
      flags: fc.integer({min: 0, max: 63}),
    }),
    fc.record({kind: kind('tcp-option'), negated, option: byte}),
    icmp(family),
    fc.record({kind: kind('comment'), negated: fc.constant(false as const), text}),
    fc.record({kind: fc.constantFrom('mark' as const, 'connmark' as const), negated, mark: masked}),
    fc.record({
      kind: kind('ct-state'),
      negated,
      states: list(CT_STATES),
      module: fc.constantFrom('state' as const, 'conntrack' as const),
    }),
    fc.record({kind: kind('ct-status'), negated, besideState, statuses: list(CT_STATUSES)}),
    fc.record({
      kind: kind('ct-direction'),
      negated,
      besideState,
      direction: fc.constantFrom('ORIGINAL' as const, 'REPLY' as const),
    }),
    fc.record({kind: kind('ct-protocol'), negated, besideState, protocol: byte}),
    fc.record({kind: kind('ct-address'), negated, besideState, tuple, side, prefix: prefix(family)}),
    fc.record({kind: kind('ct-port'), negated, besideState, tuple, side, range: portRange}),
    fc.record({kind: kind('ct-expire'), negated, besideState, range: range(uint32)}),
    fc.record({
      kind: kind('address-type'),
      negated,
      side,
      types: list(ADDRESS_TYPES),
      limit: fc.constantFrom('in' as const, 'out' as const, null),
    }),
    fc.tuple(negated, side, address(family), address(family)).map(([not, which, a, b]) => ({
      kind: 'ip-range' as const,
      negated: not,
      side: which,
      first: a < b ? a : b,
      last: a < b ? b : a,
    })),
    fc.record({
      kind: kind('set'),
      negated,
      set: word,
      directions,
      returnNomatch: fc.boolean(),
      options: fc.subarray(['! --update-counters', '--packets-gt 5', '! --bytes-eq 7']),
    }),
    fc.record({
      kind: kind('statistic-random'),
      negated,
      probability: fc.integer({min: 0, max: 1000}).map(thousandths => thousandths / 1000),
    }),
    fc.record({kind: kind('statistic-nth'), negated, every: fc.integer({min: 1, max: 99}), packet: byte}),
    fc.record({
      kind: kind('recent'),
      negated,
      operation: fc.constantFrom('set' as const, 'rcheck' as const, 'update' as const, 'remove' as const),
      name: word,
      side,
      seconds: fc.option(uint32),
      hitcount: fc.option(byte),
      rttl: fc.boolean(),
      reap: fc.boolean(),
      mask: fc.option(address(family)),
    }),
    fc.record({kind: kind('length'), negated, range: portRange}),
    fc.record({kind: kind('tcp-mss'), negated, range: portRange}),
    fc.record({
      kind: kind('ttl'),
      negated,
      operator: fc.constantFrom('eq' as const, 'lt' as const, 'gt' as const),
      value: byte,
    }),
    fc.record({kind: kind('dscp'), negated, value: fc.integer({min: 0, max: 63})}),
    fc.record({kind: kind('tos'), negated, tos: fc.record({value: byte, mask: byte})}),
    fc.record({
      kind: kind('ecn'),
      negated,
      field: fc.constantFrom('tcp-cwr' as const, 'tcp-ece' as const),
      value: fc.constant(null),
    }),
    fc.record({kind: kind('ecn'), negated, field: fc.constant('ip-ect' as const), value: fc.integer({min: 0, max: 3})}),
    fc.record({
      kind: kind('packet-type'),
      negated,
      type: fc.constantFrom('unicast' as const, 'broadcast' as const, 'multicast' as const),
    }),
    fc.record({kind: kind('mac-source'), negated, mac: fc.stringMatching(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/)}),
    fc
      .tuple(negated, fc.constantFrom('in' as const, 'out' as const), device)
      .map(([not, option, one]) => ({kind: 'physdev' as const, negated: not, option, ...one})),
    fc.record({
      kind: kind('physdev'),
      negated,
      option: fc.constantFrom('is-in' as const, 'is-out' as const, 'is-bridged' as const),
      name: fc.constant(''),
      wildcard: plain,
    }),
    fc.record({
      kind: kind('rp-filter'),
      negated: fc.constant(false as const),
      loose: fc.boolean(),
      validMark: fc.boolean(),
      acceptLocal: fc.boolean(),
      invert: fc.boolean(),
    }),
    fc.tuple(negated, masked).map(([not, value]) => realm(not, value)),
    fc.tuple(negated, fc.constantFrom('uid' as const, 'gid' as const), range(uint32)).map(([not, field, ids]) => ({
      kind: 'owner' as const,
      negated: not,
      field,
      range: ids,
      text: `--${field}-owner ${ids.min === ids.max ? ids.min : `${ids.min}-${ids.max}`}`,
    })),
    fc.record({kind: kind('cpu'), negated, cpu: uint32}),
    fc.record({
      kind: kind('socket'),
      negated: plain,
      text: fc.constantFrom('', '--transparent', '--transparent --nowildcard'),
    }),
    fc.record({kind: kind('accounting'), negated: fc.constant(false as const), name: word}),
    fc.record({
      kind: kind('opaque'),
      negated,
      module: fc.constant('helper'),
      text: fc.constant('-m helper --helper ftp'),
      reason: fc.constant('state' as const),
    }),
    fc.record({kind: kind('unrecognised'), negated, text: fc.constant('-m frobnicate --frob 5')}),
  )
}

/** The matches of a rule: a condition of conntrack right behind a state stands beside it, others in a `-m conntrack` without one. */
export function matchList(family: Family): fc.Arbitrary<Match[]> {
  return fc.array(match(family), {maxLength: 5}).map(list =>
    list.map((one, i) => {
      const before = list[i - 1]
      const follows = before?.kind === 'ct-state' && before.module === 'conntrack'
      return 'besideState' in one ? {...one, besideState: follows} : one
    }),
  )
}

function icmp(family: Family): fc.Arbitrary<Match> {
  const type = fc.integer({min: 0, max: 254})
  const code = fc.oneof(
    fc.constant({min: 0, max: 255}),
    byte.map(value => ({min: value, max: value})),
  )
  const any = {type: null, code: {min: 0, max: 255}}
  return fc
    .tuple(negated, fc.oneof(fc.record({type, code}), family === 4 ? fc.constant(any) : fc.record({type, code})))
    .map(([not, one]) => ({kind: 'icmp', negated: not, ...one}))
}

function realm(not: boolean, value: MaskedValue): Match {
  return {kind: 'realm', negated: not, realm: value, text: formatMasked(value)}
}

const flags = fc.record({random: fc.boolean(), fullyRandom: fc.boolean(), persistent: fc.boolean()})

function natRange(family: Family): fc.Arbitrary<NatRange> {
  const ports = fc.option(range(natPort))
  return fc
    .tuple(fc.option(fc.tuple(address(family), address(family))), ports, fc.option(natPort))
    .filter(([addresses, some]) => addresses !== null || some !== null)
    .map(([addresses, some, base]) => {
      const [first = null, last = null] = addresses === null ? [] : ordered(addresses)
      return {first, last, ports: some, basePort: some === null ? null : base}
    })
}

function ordered([a, b]: readonly [Address, Address]): readonly Address[] {
  return a <= b ? [a, b] : [b, a]
}

/** @param chain a chain that the table declares */
export function target(family: Family, chain: string): fc.Arbitrary<Target> {
  const mask = fc.oneof(uint32, fc.constant(FULL_MASK))
  return fc.oneof(
    fc.constantFrom<Target>({kind: 'none'}, {kind: 'accept'}, {kind: 'drop'}, {kind: 'return'}, {kind: 'notrack'}),
    fc.record({kind: fc.constantFrom('jump' as const, 'goto' as const), chain: fc.constant(chain)}),
    fc.record({kind: fc.constant('reject' as const), with: fc.constantFrom('tcp-reset', 'icmp-host-prohibited')}),
    fc.record({kind: fc.constantFrom('mark' as const, 'connmark-set' as const), set: masked}),
    fc.record({
      kind: fc.constantFrom('connmark-save' as const, 'connmark-restore' as const),
      nfMask: mask,
      ctMask: mask,
    }),
    fc.record({
      kind: fc.constantFrom('dnat' as const, 'snat' as const),
      ranges: natRange(family).map(one => [one]),
      flags,
    }),
    fc.record({
      kind: fc.constantFrom('masquerade' as const, 'redirect' as const),
      ports: fc.option(range(portNumber)),
      flags,
    }),
    fc.record({kind: fc.constant('netmap' as const), prefix: prefix(family)}),
    fc.record({kind: fc.constant('dscp-set' as const), value: fc.integer({min: 0, max: 63})}),
    fc.record({kind: fc.constant('tos-set' as const), set: fc.record({value: byte, mask: byte})}),
    fc.record({
      kind: fc.constant('ttl-set' as const),
      operation: fc.constantFrom('set' as const, 'inc' as const, 'dec' as const),
      value: byte,
    }),
    fc.constantFrom<Target>(
      {kind: 'ct', zone: {id: 5, direction: 'both'}, helper: null, text: '-j CT --zone 5'},
      {kind: 'set-add', set: 'A', directions: ['src'], text: '-j SET --add-set A src --exist'},
      {kind: 'continue', name: 'LOG', text: '-j LOG --log-prefix "a b"'},
      {kind: 'opaque', name: 'NFQUEUE', text: '-j NFQUEUE --queue-num 1', recognised: true},
      {kind: 'opaque', name: 'FROBNICATE', text: '-j FROBNICATE --frob 1', recognised: false},
    ),
  )
}
