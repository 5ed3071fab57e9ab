import {createHmac} from 'node:crypto'

/** One line of a known_hosts file. */
export interface KnownHost {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly marker: 'revoked' | 'cert-authority' | null
  /** Names and patterns, or one hashed name. */
  readonly hosts: string
  /** `ssh-ed25519` … */
  readonly type: string
  /** The key's blob, base64. */
  readonly key: string
}

/** Lines that cannot be read are left out, as ssh does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((line, at) => {
    const words = line.trim().split(/\s+/)
    if (words[0] === '' || words[0]?.startsWith('#') === true) return []
    const marker = words[0] === '@revoked' ? 'revoked' : words[0] === '@cert-authority' ? 'cert-authority' : null
    const [hosts, type, key] = marker === null ? words : words.slice(1)
    return hosts === undefined || type === undefined || key === undefined
      ? []
      : [{file, line: at + 1, marker, hosts, type, key}]
  })
}

/** The entries of a host. On another port than 22 it is known as `[host]:port`. */
export function entriesOf(entries: readonly KnownHost[], host: string, port: number): KnownHost[] {
  const name = (port === 22 ? host : `[${host}]:${port}`).toLowerCase()
  return entries.filter(({hosts}) => matchesHost(hosts, name))
}

/**
 * `|1|salt|hash` (HMAC-SHA1 of the name), or names with `*` and `?`, separated by commas, of which one with `!` excludes.
 * ssh hashes one name a line.
 */
function matchesHost(hosts: string, name: string): boolean {
  if (hosts.startsWith('|1|')) {
    const [salt = '', hash = ''] = hosts.slice(3).split('|')
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
  }
  const patterns = hosts.toLowerCase().split(',')
  if (patterns.some(pattern => pattern.startsWith('!') && matchesPattern(pattern.slice(1), name))) return false
  return patterns.some(pattern => !pattern.startsWith('!') && matchesPattern(pattern, name))
}

/** `*` stands for any characters, `?` for one. No regular expression: one with many `.*` takes exponential time. */
function matchesPattern(pattern: string, name: string): boolean {
  let at = 0
  let star = -1 // the last `*` of the pattern, and how much of the name it stands for
  let taken = 0
  for (let i = 0; i < name.length;) {
    if (pattern[at] === '*') {
      star = at++
      taken = i
    } else if (pattern[at] === '?' || (at < pattern.length && pattern[at] === name[i])) {
      at++
      i++
    } else if (star >= 0) {
      at = star + 1
      i = ++taken
    } else return false
  }
  return /^\**$/.test(pattern.slice(at))
}
