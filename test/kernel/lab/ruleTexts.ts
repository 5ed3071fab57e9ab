import type {Attached} from './agentProcess.js'

/** A rule as the kernel's trace names it. */
export interface RuleHit {
  readonly table: string
  readonly chain: string
  /** From 1. */
  readonly rule: number
}

/** The saved rules of a node, by the names that the trace uses. */
export class RuleTexts {
  /** `ip filter FORWARD` → `-A` lines. */
  readonly #lines = new Map<string, string[]>()
  /** `netdev t out` of the base chains at egress. */
  readonly #atEgress = new Set<string>()
  readonly #policies = new Map<string, string>()
  readonly #numbers = new Map<string, number>()

  /** @param save of IPv4 @param save6 of IPv6, as `iptables-save` printed them */
  constructor(save: string, save6: string, handles: Attached['handles']) {
    this.#read('ip', save)
    this.#read('ip6', save6)
    for (const [chain, list] of Object.entries(handles)) {
      list.forEach((handle, i) => this.#numbers.set(`${chain} ${handle}`, i + 1))
    }
  }

  #read(family: string, save: string): void {
    let table = ''
    for (const line of save.split('\n')) {
      if (line.startsWith('*')) table = line.slice(1)
      else if (line.startsWith(':')) {
        const [chain = '', policy = '-'] = line.slice(1).split(' ')
        this.#lines.set(`${family} ${table} ${chain}`, [])
        this.#policies.set(`${family} ${table} ${chain}`, policy)
      } else if (line.startsWith('-A ')) this.#lines.get(`${family} ${table} ${line.split(' ')[1]}`)?.push(line)
    }
  }

  /** @param listing of native tables, as `nft -a list ruleset` printed it; those of iptables are in it too, and left out */
  readNative(listing: string): void {
    let table = ''
    let key = ''
    let chain: string[] | null = null
    for (const line of listing.split('\n').map(text => text.trim())) {
      const opened = /^(table|chain) (.*) \{ # handle \d+$/.exec(line)
      if (opened?.[1] === 'table') table = opened[2] as string
      else if (opened !== null) {
        key = `${table} ${opened[2]}`
        chain = this.#lines.has(key) ? null : []
        if (chain !== null) this.#lines.set(key, chain)
      } else if (line === '}') chain = null
      else if (!line.startsWith('type ')) chain?.push(line)
      else if (line.includes(' hook egress ')) this.#atEgress.add(key)
    }
  }

  /** Number of the rule with a kernel handle; null for one of no iptables table. */
  number(family: string, table: string, chain: string, handle: number): number | null {
    return this.#numbers.get(`${family} ${table} ${chain} ${handle}`) ?? null
  }

  text(family: string, {table, chain, rule}: RuleHit): string {
    return this.#lines.get(`${family} ${table} ${chain}`)?.[rule - 1] ?? ''
  }

  isAtEgress(family: string, {table, chain}: RuleHit): boolean {
    return this.#atEgress.has(`${family} ${table} ${chain}`)
  }

  /** Does a chain (`ip filter FORWARD`) hold matches whose answer changes from packet to packet? */
  isRandom(chain: string): boolean {
    return (
      this.#lines.get(chain)?.some(line => / -m (statistic|limit|hashlimit|quota|connlimit) |\bnumgen /.test(line)) ===
      true
    )
  }

  count(family: string, table: string, chain: string): number {
    return this.#lines.get(`${family} ${table} ${chain}`)?.length ?? 0
  }

  policy(family: string, table: string, chain: string): string {
    return this.#policies.get(`${family} ${table} ${chain}`) ?? '-'
  }
}

/** Does the rule answer the packets that it drops? */
export function isReject(line: string): boolean {
  return ruleTarget(line) === 'REJECT' || (!line.startsWith('-A') && /\breject\b/.test(line.replace(/"[^"]*"/g, '')))
}

/** The word after -j or -g, outside of quoted comments; null where the rule has no target. */
export function ruleTarget(line: string): string | null {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"/g, '""')
  return / -[jg] (\S+)/.exec(bare)?.[1] ?? null
}
