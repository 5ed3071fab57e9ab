/** The columns of one rule in `iptables -nvL`, as text. */
export interface Row {
  /** `307K`, `0`. */
  readonly packets: string
  readonly bytes: string
  /** Null: the column is empty, the rule has no target. */
  readonly target: string | null
  /** `tcp`, `6`, `!udp`, `all`, `0`. */
  readonly protocol: string
  /** `--`, `-f`, `!f`; empty in ip6tables before 1.8.9. */
  readonly fragment: string
  readonly inInterface: string
  readonly outInterface: string
  readonly source: string
  readonly destination: string
  /** What the extensions print, blanks inside kept; without the NUL that ends a BPF program there. */
  readonly tail: string
}

const COUNT = '(\\d+[KMGTP]?)'
const ADDRESS = '(!?(?:\\d+\\.\\d+\\.\\d+\\.\\d+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)(?:/\\S+)?)'
/**
 *    pkts     bytes    target        prot              opt           in      out     source     destination
 * Long names shift the columns, so words count, not offsets; the two addresses tell whether target and opt are there.
 * In iptables 1.4 a protocol of six letters runs into the next column: `udplite--`.
 */
const COLUMNS = `${COUNT}\\s+${COUNT}\\s+(?:(\\S+)\\s+)?(?!!f\\s)(!?\\w(?:[\\w-]*?\\w)?)\\s*(--|-f|!f)?\\s+(\\S+)\\s+(\\S+)\\s+${ADDRESS}\\s+${ADDRESS}(?:\\s+(.*))?$`
const ROW = new RegExp(`^\\s*${COLUMNS}`)
const NUMBERED_ROW = new RegExp(`^\\s*\\d+\\s+${COLUMNS}`)

/**
 * @param numbered `--line-numbers`: one more column at the front
 * @returns null where the line is no rule
 */
export function readRow(line: string, numbered: boolean): Row | null {
  const cells = (numbered ? NUMBERED_ROW : ROW).exec(line)
  if (cells === null) return null
  const [, packets = '', bytes = '', target = null, protocol = '', fragment = ''] = cells
  const [, , , , , , inInterface = '', outInterface = '', source = '', destination = '', tail = ''] = cells
  return {
    packets,
    bytes,
    target,
    protocol,
    fragment,
    inInterface,
    outInterface,
    source,
    destination,
    tail: tail.replaceAll('\0', '').trimEnd(),
  }
}

const UNITS: Readonly<Record<string, number>> = {K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15}

/** `307K` is 307,000: iptables counts in thousands and drops the rest. */
export function readCount(text: string): number {
  const unit = UNITS[text.at(-1) ?? '']
  return unit === undefined ? Number(text) : Number(text.slice(0, -1)) * unit
}
