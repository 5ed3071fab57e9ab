import type {Context} from '../context.js'
import {hex} from '../context.js'
import {nftNat} from './nftNat.js'
import {isAtDevice, type NftPlace, onlyIn} from './nftPlace.js'

type Choice = readonly [weight: number, text: string]

/** Statements after which the rule goes on: none, one or two. */
export function nftActions(context: Context, place: NftPlace): string[] {
  const {dice} = context
  const count = dice.pick([0, 0, 1, 1, 1, 2])
  return Array.from({length: count}, () =>
    dice.weighted([
      [2, 'counter'],
      ...(isAtDevice(place) ? [] : objects),
      ...logs,
      ...marks(context, place),
      ...setChanges(context),
      ...rewrites(context, place),
      ...copies(context, place),
      ...sockets(context, place),
    ]),
  )
}

/** Of the table, by name. */
const objects: readonly Choice[] = [
  [0.3, 'counter name "c-named"'],
  [0.2, 'counter name tcp dport map { 80 : "c-named", 443 : "c-named" }'],
  [0.1, 'limit name "l-named"'],
]

const logs: readonly Choice[] = [
  [1, 'log prefix "x { y } "'],
  [0.5, 'log prefix "z" level debug flags all'],
  [0.5, 'meta priority set 1:2'],
]

function marks(context: Context, place: NftPlace): Choice[] {
  const {dice, world} = context
  const {value, mask} = context.mark()
  const ip = world.family === 4 ? 'ip' : 'ip6'
  const meta = dice.pick([
    hex(value),
    `mark or ${hex(value)}`,
    `mark and ${hex(mask)}`,
    `mark xor ${hex(value)}`,
    `mark and ${hex(mask)} xor ${hex(value)}`,
    `mark or ${hex(value)} and ${hex(mask)}`,
    `mark << ${dice.between(1, 8)}`,
    `mark >> ${dice.between(1, 8)}`,
    ...(isAtDevice(place) ? [] : ['ct mark', `ct mark and ${hex(mask)}`, `ct mark or ${hex(value)}`]),
    `${ip} saddr . th dport map { ${context.address()} . ${context.port()} : 0x80, ${context.prefix()} . 1-65535 : 0x4000 }`,
    `jhash ${ip} saddr . ${ip} daddr mod 2 seed 0x9 map { 0 : 0x1, 1 : 0x80 }`,
    `numgen random mod 2 map { 0 : 0x1, 1 : 0x80 }`,
    `meta l4proto map { tcp : 0x6, udp : 0x11 }`,
    `${ip} saddr map @m-mark`,
    `tcp dport map { 80 : 0x80, 443-500 : 0x1 }`,
    `${ip} dscp map { 0x00 : 0x10, 0x2e : 0x4000 }`,
    `jhash ${ip} saddr mod 8 seed 0xfeed offset 1`,
    'numgen random mod 2 offset 4',
  ])
  const ct = dice.pick([
    hex(value),
    'mark',
    `mark and ${hex(mask)}`,
    `mark or ${hex(value)}`,
    `ct mark or ${hex(value)}`,
    `ct mark and ${hex(mask)}`,
    `ct mark xor ${hex(value)}`,
    `${ip} daddr map @m-mark`,
    `iifname map { "eth0" : 0x80, "eni*" : 0x1 }`,
  ])
  // where the lab looks for the last time, a frame has not left its device yet
  if (place.hooks.has('egress')) return []
  if (isAtDevice(place)) return [[5, `meta mark set ${meta}`]]
  return [
    [5, `meta mark set ${meta}`],
    [3.5, `ct mark set ${ct}`],
  ]
}

function setChanges({dice, world}: Context): Choice[] {
  const ip = world.family === 4 ? 'ip' : 'ip6'
  const key = dice.pick([`${ip} saddr`, `${ip} daddr`])
  return [
    [0.5, `add @s-dyn { ${key} }`],
    [0.5, `update @s-dyn { ${key} timeout 1m }`],
    [0.3, `delete @s-dyn { ${key} }`],
    [0.2, `add @s-dyn { ${key} limit rate over 100000/second }`],
  ]
}

function rewrites(context: Context, place: NftPlace): Choice[] {
  const {dice, world} = context
  const ip = world.family === 4 ? 'ip' : 'ip6'
  const ttl = world.family === 4 ? 'ttl' : 'hoplimit'
  return [
    [0.8, `${ip} dscp set ${dice.pick(['cs0', 'cs2', 'ef', '0x0a'])}`],
    [0.5, `${ip} ${ttl} set ${dice.pick([65, 64, 2])}`],
    [0.2, `${ip} ecn set ect0`],
    [0.3, 'tcp option maxseg size set 1400'],
    [0.2, 'meta pkttype set host'],
    // behind the back of connection tracking
    ...(place.type === 'filter' && !isAtDevice(place)
      ? ([
          [0.25, `${ip} daddr set ${context.address()}`],
          [0.25, `${ip} saddr set ${context.dice.pick(context.world.pods).address}`],
          [0.25, `udp dport set ${context.port()}`],
          [0.25, `tcp sport set 1234`],
        ] as const)
      : []),
    ...(onlyIn(place, 'prerouting') && place.type === 'filter' ? ([[0.6, 'notrack']] as const) : []),
  ]
}

/** A copy is a packet of its own; nft takes them in ip and ip6 tables, and at devices. By a device without carrier: none is taken for the packet. */
function copies({dice, world}: Context, {family}: NftPlace): Choice[] {
  const device = world.links.find(({carrier}) => carrier === false)?.name ?? 'lo'
  if (family === 'netdev') return [[0.6, `dup to "${device}"`]]
  return family === 'inet' ? [] : [[0.6, `dup to ${dice.pick(world.remote)} device "${device}"`]]
}

/** No program of the lab listens: the rule ends. */
function sockets({world}: Context, place: NftPlace): Choice[] {
  const {family, type} = place
  const ip = family === 'inet' ? ` ${world.family === 4 ? 'ip' : 'ip6'}` : ''
  const own = world.family === 4 ? '127.0.0.1:8081' : '[::1]:8081'
  const tproxy: Choice[] = [
    [0.5, 'meta l4proto { tcp, udp } tproxy to :8081'],
    [0.5, `meta l4proto tcp tproxy${ip} to ${own}`],
  ]
  const synproxy: Choice[] = [
    // over IPv6 whether it drops depends on what the card checked
    [world.family === 4 ? 0.3 : 0, 'tcp flags & (syn | ack) == 0x0 synproxy mss 1460 wscale 7 timestamp sack-perm'],
    [0.3, 'meta l4proto udp synproxy mss 1460 wscale 7'],
  ]
  return [
    ...(type === 'filter' && onlyIn(place, 'prerouting') ? tproxy : []),
    ...(type === 'filter' && onlyIn(place, 'input', 'forward') ? synproxy : []),
  ]
}

/**
 * What a rule ends with; empty for one that only does what stands before.
 * @param protocol that the rule is sure to be about
 * @param later chains that may be jumped to without a loop
 * @param hasIcmp the rule reads a field of ICMP
 */
export function nftEnd(
  context: Context,
  place: NftPlace,
  protocol: string | null,
  later: readonly string[],
  hasIcmp: boolean,
): string {
  const {dice, world} = context
  const ip = world.family === 4 ? 'ip' : 'ip6'
  const side = dice.pick(['saddr', 'daddr'])
  // behind a field of ICMP nft 1.0.6 lists the port as one, its checksum
  const named: Choice[] = hasIcmp
    ? []
    : [
        [1, `${ip} daddr . meta l4proto . th dport vmap @v-triple`],
        [1, 'th dport vmap @v-port'],
        [
          0.7,
          `${ip} ${side} . th dport vmap { ${context.address()} . 1-1023 : accept, ${context.prefix()} . ${context.port()} : return }`,
        ],
      ]
  const verdict = (): string =>
    dice.pick(['accept', 'return', 'continue', ...later.flatMap(chain => [`jump ${chain}`, `goto ${chain}`])])
  return dice.weighted([
    [5, ''],
    [2, 'accept'],
    [1.5, 'return'],
    [0.5, 'continue'],
    ...(later.length === 0
      ? []
      : ([
          [8, `jump ${dice.pick(later)}`],
          [3, `goto ${dice.pick(later)}`],
        ] as const)),
    ...(place.type === 'nat' ? nftNat(context, place, protocol) : endings(context, place, protocol)),
    ...(later.includes('leaf') ? named : []),
    [1, `${ip} ${side} vmap { ${context.address()} : ${verdict()}, ${context.prefix()} : ${verdict()} }`],
    ...(isAtDevice(place)
      ? []
      : ([
          [1, `ct state vmap { established : accept, new : ${verdict()}, invalid : ${verdict()} }`],
          [0.5, `iifname vmap { "eth0" : ${verdict()}, "eni*" : ${verdict()} }`],
        ] as const)),
    [
      1,
      `meta l4proto vmap { tcp : ${verdict()}, udp : ${verdict()}, ${world.icmp === 'icmp' ? 'icmp' : 'ipv6-icmp'} : ${verdict()} }`,
    ],
    [0.7, `numgen random mod 3 vmap { 0 : ${verdict()}, 1 : ${verdict()} }`],
    [0.4, `numgen inc mod 2 vmap { 0 : ${verdict()}, 1 : ${verdict()} }`],
    [0.4, `jhash ${ip} saddr mod 2 seed 0x5 vmap { 0 : ${verdict()}, 1 : ${verdict()} }`],
    [0.5, `meta mark vmap { 0x0-0xf : ${verdict()}, 0x80 : ${verdict()}, 0x4000 : ${verdict()} }`],
  ])
}

/** Of packets; the rules that hold them are picky. */
function endings({dice, world}: Context, place: NftPlace, protocol: string | null): Choice[] {
  if (isAtDevice(place)) return [[1, 'drop']]
  const kinds =
    world.family === 4
      ? [
          'net-unreachable',
          'host-unreachable',
          'port-unreachable',
          'prot-unreachable',
          'net-prohibited',
          'host-prohibited',
          'admin-prohibited',
        ]
      : ['no-route', 'admin-prohibited', 'addr-unreachable', 'port-unreachable', 'policy-fail', 'reject-route']
  const reject = dice.pick([
    `with ${world.icmp} ${dice.pick(kinds)}`,
    `with icmpx ${dice.pick(['port-unreachable', 'host-unreachable', 'no-route', 'admin-prohibited'])}`,
    ...(protocol === 'tcp' ? ['with tcp reset'] : []),
    '',
  ])
  return [[1, 'drop'], ...(place.hooks.has('postrouting') ? [] : ([[2, `reject ${reject}`.trim()]] as const))]
}
