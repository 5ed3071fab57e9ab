import {type Address, parseAddress, parsePort, SCTP, TCP, UDP} from '../../net/index.js'

/** Names that getservbyname gives one port alone on every distribution. */
const PORTS: ReadonlyMap<string, number> = new Map([
  ['ftp', 21],
  ['ssh', 22],
  ['smtp', 25],
  ['domain', 53],
  ['http', 80],
  ['kerberos', 88],
  ['sunrpc', 111],
  ['ntp', 123],
  ['snmp', 161],
  ['bgp', 179],
  ['ldap', 389],
  ['https', 443],
  ['submission', 587],
  ['ldaps', 636],
  ['imaps', 993],
  ['pop3s', 995],
  ['ms-sql-s', 1433],
  ['mysql', 3306],
  ['ms-wbt-server', 3389],
  ['epmd', 4369],
  ['amqps', 5671],
  ['amqp', 5672],
  ['postgresql', 5432],
  ['redis', 6379],
])

/** `ip-10-0-1-2.eu-central-1.compute.internal`: the name that the resolver of a VPC gives an address. */
const OF_VPC = /^ip-(\d+)-(\d+)-(\d+)-(\d+)(\.|$)/

/** The address of a host as listed: itself, or what its name says. @returns null for a name that only a resolver knows */
export function hostAddress(text: string): Address | null {
  const [, a, b, c, d] = OF_VPC.exec(text) ?? []
  if (a !== undefined) return parseAddress(`${a}.${b}.${c}.${d}`)
  return parseAddress(text === 'localhost' ? '127.0.0.1' : text)
}

/** @returns null for a name that differs between systems */
export function portNumber(text: string): number | null {
  return parsePort(text) ?? PORTS.get(text) ?? null
}

/** Protocols that IPVS schedules, by the word of a listing. */
export const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['TCP', TCP],
  ['UDP', UDP],
  ['SCTP', SCTP],
])
