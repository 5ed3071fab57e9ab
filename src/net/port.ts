/** Inclusive; 0 … 65535. */
export interface PortRange {
  readonly min: number
  readonly max: number
}

/** One port, decimal. @returns null outside 0 … 65535 */
export function parsePort(text: string): number | null {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : null
}

/**
 * `80`, `1000:2000`, `:1024`, `1024:` (iptables) or `1000-2000` (ip rule).
 * @returns null where it is none of them, or runs backwards
 */
export function parsePortRange(text: string, separator: ':' | '-' = ':'): PortRange | null {
  const at = text.indexOf(separator)
  if (at < 0) {
    const port = parsePort(text)
    return port === null ? null : {min: port, max: port}
  }
  const min = at === 0 ? 0 : parsePort(text.slice(0, at))
  const max = at === text.length - 1 ? 65535 : parsePort(text.slice(at + 1))
  return min === null || max === null || min > max ? null : {min, max}
}

/** `10.0.0.1:53`, `[2001:db8::1]:53` @param host an address as text */
export function hostPort(host: string, port: number | string): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

export function formatPortRange({min, max}: PortRange, separator = ':'): string {
  return min === max ? String(min) : `${min}${separator}${max}`
}

export function inRange(range: PortRange, port: number): boolean {
  return port >= range.min && port <= range.max
}
