import type {Role} from './role.js'

/** What it means that a command printed nothing and did not fail: that there is nothing, or that it could not tell. */
export function emptyMeans(role: Role): 'nothing' | 'unknown' {
  switch (role.kind) {
    case 'routes':
      // a table may be empty; main and local never are on a node that can be reached
      return role.table === null || role.table === 'all' ? 'unknown' : 'nothing'
    case 'neighbours':
    case 'ipset':
    case 'ipvs':
    case 'conntrack':
    case 'card-counters':
    case 'conntrack-counters':
    case 'unread':
      return 'nothing'
    case 'iptables':
    case 'nft':
    case 'legacy-tables':
      // it depends on who asked: their readers know
      return 'nothing'
    case 'ipamd':
      return role.part === 'card-checkpoint' ? 'nothing' : 'unknown' // most nodes have one network card
    default:
      return 'unknown'
  }
}
