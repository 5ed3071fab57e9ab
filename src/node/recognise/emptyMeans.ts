import type {Role} from './role.js'

/** What it means that a command printed nothing: that there is nothing, or that it could not tell. */
export function emptyMeans(role: Role): 'nothing' | 'unknown' {
  switch (role.kind) {
    case 'routes':
      // a table may be empty; main and local never are on a node that can be reached
      return role.table === null || role.table === 'all' ? 'unknown' : 'nothing'
    case 'neighbours':
    case 'ipset':
    case 'conntrack':
    case 'nft':
    case 'unread':
      return 'nothing'
    default:
      return 'unknown'
  }
}

/** Why a document of this kind may be empty; for the person who took the capture. */
export function whyEmpty(role: Role): string {
  if (role.kind === 'iptables' && role.form === 'save') {
    return 'Without root iptables-save prints nothing and does not fail, and neither does it for the backend that is not in use: the rules are unknown, not absent.'
  }
  return 'What it would have shown is unknown, not absent.'
}
