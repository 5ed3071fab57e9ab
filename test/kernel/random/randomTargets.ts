import {type ChainPlace, onlyIn} from './chainPlace.js'
import {type Context, hex} from './context.js'

type Choice = readonly [weight: number, target: string]

/**
 * The target of one rule, empty for a rule that only counts.
 * @param protocol that the rule is sure to be about
 * @param later chains that may be jumped to without a loop
 */
export function randomTarget(
  context: Context,
  place: ChainPlace,
  protocol: string | null,
  later: readonly string[],
): string {
  return context.dice.weighted([
    [6, ''],
    [2, '-j ACCEPT'],
    [2, '-j RETURN'],
    [1, '-j LOG --log-prefix "x "'],
    ...verdicts(context, place, protocol),
    ...jumps(context, later),
    ...marks(context, place),
    ...mangling(context, place, protocol),
    ...(place.table === 'raw' ? [[3, '-j CT --notrack'] as const] : []),
    ...(place.table === 'nat' ? nat(context, place, protocol) : []),
  ])
}

function verdicts({dice, world}: Context, {table}: ChainPlace, protocol: string | null): Choice[] {
  const reject = protocol === 'tcp' && dice.chance(0.5) ? 'tcp-reset' : dice.pick(world.rejects)
  return [
    ...(table === 'nat' ? [] : [[0.8, '-j DROP'] as const]),
    ...(table === 'filter' ? [[6, `-j REJECT --reject-with ${reject}`] as const] : []),
  ]
}

function jumps({dice}: Context, later: readonly string[]): Choice[] {
  return later.length === 0
    ? []
    : [
        [10, `-j ${dice.pick(later)}`],
        [3, `-g ${dice.pick(later)}`],
      ]
}

function marks(context: Context, {table}: ChainPlace): Choice[] {
  const {value, mask} = context.mark()
  const often = table === 'mangle' || table === 'nat'
  const mark = context.dice.pick([
    `--set-mark ${hex(value)}`,
    `--set-xmark ${hex(value)}/${hex(mask)}`,
    `--or-mark ${hex(value)}`,
    `--and-mark ${hex(value === 0 ? 0xff : value)}`,
    `--xor-mark ${hex(value)}`,
  ])
  const connmark = context.dice.pick([
    `--set-xmark ${hex(value)}/${hex(mask)}`,
    `--save-mark --nfmask ${hex(mask)} --ctmask ${hex(mask)}`,
    `--restore-mark --nfmask ${hex(mask)} --ctmask ${hex(mask)}`,
    '--save-mark',
    '--restore-mark',
  ])
  return [
    [often ? 2.5 : 0.8, `-j MARK ${mark}`],
    [often ? 2 : 0.3, `-j CONNMARK ${connmark}`],
  ]
}

function mangling({dice, world}: Context, place: ChainPlace, protocol: string | null): Choice[] {
  if (place.table !== 'mangle') return []
  const hop = world.family === 4 ? 'TTL --ttl' : 'HL --hl'
  const mss = onlyIn(place, 'FORWARD', 'OUTPUT', 'POSTROUTING')
    ? dice.pick(['--clamp-mss-to-pmtu', '--set-mss 1300'])
    : '--set-mss 1300'
  return [
    [1, `-j DSCP --set-dscp ${dice.pick(['0x00', '0x2e', '0x04'])}`],
    [0.7, '-j TOS --set-tos 0x10/0xff'],
    [0.7, `-j ${hop}-${dice.pick(['set 65', 'dec 1', 'inc 1', 'set 1'])}`],
    ...(protocol === 'tcp' ? [[1, `-m tcp --tcp-flags SYN,RST SYN -j TCPMSS ${mss}`] as const] : []),
  ]
}

function nat(context: Context, place: ChainPlace, protocol: string | null): Choice[] {
  const {dice, world} = context
  const ported = protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp'
  const at = (address: string, port: string): string =>
    world.family === 4 ? `${address}:${port}` : `[${address}]:${port}`
  const own = dice.pick(world.own)
  if (onlyIn(place, 'PREROUTING', 'OUTPUT')) {
    const pod = dice.pick(world.pods).address
    const far = dice.pick(world.remote)
    const to = dice.pick([
      pod,
      pod,
      far,
      dice.pick(world.natRanges),
      own,
      world.loopback,
      ...(ported ? [at(pod, '8080'), at(pod, '8080'), at(far, '443'), at(far, '100-110'), ':8081'] : []),
    ])
    return [
      [9, `-j DNAT --to-destination ${to}${dice.pick(['', '', ' --persistent', ' --random'])}`],
      [2, `-j REDIRECT${ported ? ` --to-ports ${dice.pick(['8080', '9000-9010'])}` : ''}`],
      [1.5, `-j NETMAP --to ${dice.pick(world.netmaps)}`],
    ]
  }
  if (!onlyIn(place, 'POSTROUTING', 'INPUT')) return []
  const from = dice.pick([
    own,
    own,
    dice.pick(world.snatRanges),
    dice.pick(world.remote),
    ...(ported ? [at(own, '1024-1030'), at(own, '5000')] : []),
  ])
  const snat: Choice = [
    8,
    `-j SNAT --to-source ${from}${dice.pick(['', '', ' --random', ' --random-fully', ' --persistent'])}`,
  ]
  if (!onlyIn(place, 'POSTROUTING')) return [snat]
  return [
    snat,
    [8, `-j MASQUERADE${ported ? dice.pick(['', '', ' --to-ports 1024-1040', ' --random', ' --random-fully']) : ''}`],
    [1.5, `-j NETMAP --to ${dice.pick(world.netmaps)}`],
  ]
}
