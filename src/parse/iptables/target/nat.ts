import {parsePortRange, parsePrefix, type PortRange} from '../../../net/index.js'
import type {NatFlags, NatRange} from '../../../model/index.js'
import {parseNatRange} from '../values/natRange.js'
import {type LoadTarget, oneOption} from './loadedTarget.js'

const FLAGS: Readonly<Record<string, keyof NatFlags>> = {
  '--random': 'random',
  '--random-fully': 'fullyRandom',
  '--persistent': 'persistent',
}

/** DNAT and SNAT. Several ranges are what an old iptables prints for the one of a newer: kernels since 2.6.11 take one. */
function addressNat(kind: 'dnat' | 'snat', rangeOption: string): LoadTarget {
  return () => {
    const ranges: NatRange[] = []
    const flags = {random: false, fullyRandom: false, persistent: false}
    return {
      has: option => option === rangeOption || option in FLAGS,
      read: (option, reader) => {
        const flag = FLAGS[option]
        if (flag !== undefined) {
          flags[flag] = true
          return true
        }
        const range = parseNatRange(reader.value() ?? '', reader.family)
        if (range === null || ranges.length > 0) return false
        ranges.push(range)
        return true
      },
      finish: () => (ranges.length === 0 ? null : {kind, ranges, flags}),
    }
  }
}

export const dnat = addressNat('dnat', '--to-destination')
export const snat = addressNat('snat', '--to-source')

/** MASQUERADE and REDIRECT: the address follows from the interface. */
function portNat(kind: 'masquerade' | 'redirect'): LoadTarget {
  return () => {
    let ports: PortRange | null = null
    const flags = {random: false, fullyRandom: false, persistent: false}
    return {
      has: option => option === '--to-ports' || option in FLAGS,
      read: (option, reader) => {
        const flag = FLAGS[option]
        if (flag !== undefined) {
          flags[flag] = true
          return true
        }
        ports = parsePortRange(reader.value() ?? '', '-')
        return ports !== null
      },
      finish: () => ({kind, ports, flags}),
    }
  }
}

export const masquerade = portNat('masquerade')
export const redirect = portNat('redirect')

export const netmap = oneOption({
  '--to': reader => {
    const prefix = parsePrefix(reader.value() ?? '')
    return prefix === null || prefix.family !== reader.family ? null : {kind: 'netmap', prefix}
  },
})
