import {familyOf, ipv4} from '../../net/index.js'
import type {Evidence, IpvsConnection, IpvsEndpoint} from '../../model/index.js'
import {readEndpoint, readHexAddress, settleEndpoint} from './endpoint.js'
import {PROTOCOLS} from './names.js'

/**
 * `TCP 14:57  ESTABLISHED 10.0.3.40:39888 10.100.0.1:443 10.0.1.9:6443`, as `ipvsadm -Lnc` writes it; without -n only where all names resolve.
 * @returns null where it is none
 */
export function readConnectionLine(evidence: Evidence): IpvsConnection | null {
  const [protocol = '', expires = '', state = '', client = '', virtual = '', real = ''] = evidence.text
    .trim()
    .split(/\s+/)
  const [, minutes, seconds] = /^(\d+):(\d\d)$/.exec(expires) ?? []
  if (minutes === undefined) return null
  return connection(
    evidence,
    protocol,
    state,
    Number(minutes) * 60 + Number(seconds),
    [client, virtual, real].map(word),
  )
}

/** `TCP 0A000328 9BD0 0A640001 01BB 0A000109 192B ESTABLISHED     897`, as /proc/net/ip_vs_conn has it. */
export function readHexConnectionLine(evidence: Evidence): IpvsConnection | null {
  const words = evidence.text.trim().split(/\s+/)
  const [protocol = '', state = '', expires = ''] = [words[0], words[7], words[8]]
  if (!/^\d+$/.test(expires)) return null
  const pairs = [1, 3, 5].map(at => hexPair(words[at] ?? '', words[at + 1] ?? ''))
  return connection(evidence, protocol, state, Number(expires), pairs)
}

function word(text: string): IpvsEndpoint | null {
  const words = readEndpoint(text)
  return words && settleEndpoint(words)
}

function hexPair(host: string, port: string): IpvsEndpoint | null {
  const address = readHexAddress(host)
  return address === null || !/^[\dA-Fa-f]{1,4}$/.test(port) ? null : {address, port: parseInt(port, 16)}
}

function connection(
  {source, text}: Evidence,
  name: string,
  state: string,
  timeout: number,
  [client, virtual, real]: readonly (IpvsEndpoint | null)[],
): IpvsConnection | null {
  const protocol = name === 'IP' ? 0 : PROTOCOLS.get(name)
  if (protocol === undefined || client == null || virtual == null || real == null) return null
  const family = familyOf(client.address)
  // a template by mark has the mark for an address
  if (protocol !== 0 && familyOf(virtual.address) !== family) return null
  return {family, protocol, state, timeout, client, virtual: asMark(virtual, protocol), real, source, text}
}

/** Templates by mark have it where an address would stand: the last 32 bits of one. */
function asMark(virtual: IpvsEndpoint, protocol: number): IpvsEndpoint {
  if (protocol !== 0 || typeof virtual.address === 'number') return virtual
  // IPv6: the mark is the first word of the address
  return {...virtual, address: ipv4(Number(virtual.address >> 96n))}
}
