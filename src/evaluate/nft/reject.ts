import {TCP} from '../../net/index.js'
import type {NftReject} from '../../model/index.js'
import type {Walk} from '../walk/walk.js'
import {type RulePlace, ruleKey} from './place.js'

/** `icmpx` codes, in the words of each family. */
const BOTH: Readonly<Record<string, readonly [four: string, six: string]>> = {
  'port-unreachable': ['icmp-port-unreachable', 'icmp6-port-unreachable'],
  'no-route': ['icmp-net-unreachable', 'icmp6-no-route'],
  'host-unreachable': ['icmp-host-unreachable', 'icmp6-addr-unreachable'],
  'admin-prohibited': ['icmp-admin-prohibited', 'icmp6-adm-prohibited'],
}

/** With what the packet is answered, in iptables' words. Null: the answer is not one for this packet, and the rule ends. */
export function rejectWith(walk: Walk, place: RulePlace, answer: NftReject): string | null {
  const {family, protocol} = walk.packet
  switch (answer.kind) {
    case 'default':
      return family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'
    case 'tcp-reset':
      return protocol === TCP ? 'tcp-reset' : null
    case 'icmpx': {
      const words = BOTH[answer.code]
      return words === undefined ? `icmpx ${answer.code}` : words[family === 4 ? 0 : 1]
    }
    case 'icmp':
      if (family === 4) return `icmp-${answer.code}`
      return answer.code === 'port-unreachable' && place.table.table.family === 'inet' && meansBoth(walk, place)
        ? 'icmp6-port-unreachable'
        : null
    case 'icmpv6':
      return family === 6 ? `icmp6-${answer.code}` : null
  }
}

/** nft 1.0.6 lists a plain `reject` of an inet table so as well, and that answers both families. */
function meansBoth(walk: Walk, place: RulePlace): boolean {
  return walk.decide(
    `kernel reject ${ruleKey(place)}`,
    `the \`reject\` of ${place.chain} rule ${place.rule.number} is for IPv6 too (nft lists two kinds alike)`,
  )
}
