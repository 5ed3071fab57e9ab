import {type Family, formatPrefix} from '../../../net/index.js'
import type {NatFlags, Target} from '../../../model/index.js'
import {formatNatPorts, formatNatRange, hex} from './values.js'

/** The target as iptables-save prints it; empty for a rule that only counts. */
export function formatTarget(target: Target, family: Family): string {
  switch (target.kind) {
    case 'none':
      return ''
    case 'accept':
    case 'drop':
    case 'return':
      return `-j ${target.kind.toUpperCase()}`
    case 'jump':
      return `-j ${target.chain}`
    case 'goto':
      return `-g ${target.chain}`
    case 'reject':
      return `-j REJECT --reject-with ${target.with}`
    case 'mark':
      return `-j MARK --set-xmark ${hex(target.set.value)}/${hex(target.set.mask)}`
    case 'connmark-set':
      return `-j CONNMARK --set-xmark ${hex(target.set.value)}/${hex(target.set.mask)}`
    case 'connmark-save':
      return `-j CONNMARK --save-mark --nfmask ${hex(target.nfMask)} --ctmask ${hex(target.ctMask)}`
    case 'connmark-restore':
      return `-j CONNMARK --restore-mark --nfmask ${hex(target.nfMask)} --ctmask ${hex(target.ctMask)}`
    case 'dnat':
    case 'snat': {
      const option = target.kind === 'dnat' ? '--to-destination' : '--to-source'
      const ranges = target.ranges.map(range => `${option} ${formatNatRange(range, family)}`)
      return [`-j ${target.kind.toUpperCase()}`, ...ranges, ...formatFlags(target.flags)].join(' ')
    }
    case 'masquerade':
    case 'redirect': {
      const ports = target.ports === null ? [] : [`--to-ports ${formatNatPorts(target.ports)}`]
      return [`-j ${target.kind.toUpperCase()}`, ...ports, ...formatFlags(target.flags)].join(' ')
    }
    case 'netmap':
      return `-j NETMAP --to ${formatPrefix(target.prefix)}`
    case 'notrack':
      return '-j NOTRACK'
    case 'dscp-set':
      return `-j DSCP --set-dscp ${hex(target.value)}`
    case 'tos-set':
      return `-j TOS --set-tos ${hex(target.set.value)}/${hex(target.set.mask)}`
    case 'ttl-set':
      return family === 4
        ? `-j TTL --ttl-${target.operation} ${target.value}`
        : `-j HL --hl-${target.operation} ${target.value}`
    case 'ct':
    case 'tproxy':
    case 'set-add':
    case 'set-del':
    case 'continue':
    case 'opaque':
      return target.text
  }
}

function formatFlags({random, fullyRandom, persistent}: NatFlags): string[] {
  return [
    ...(random ? ['--random'] : []),
    ...(fullyRandom ? ['--random-fully'] : []),
    ...(persistent ? ['--persistent'] : []),
  ]
}
