import {type Address, type Family, familyOf, ipv4, parseAddress} from '../../net/index.js'
import type {IpvsEndpoint} from '../../model/index.js'
import {hostAddress, portNumber} from './names.js'

/** An address and port as listed: a word where a name stands that no rule resolves. */
export interface EndpointWords {
  readonly host: Address | string
  readonly port: number | string
}

/** `10.0.0.1:80`, `[2001:db8::1]:80`, `web.example:http`; a name may be cut before its port (ipvsadm before 1.27 does). */
export function readEndpoint(text: string): EndpointWords | null {
  const bracketed = /^\[([^\]]+)\](?::(.*))?$/.exec(text)
  const [, host = '', port = ''] = bracketed ?? /^([^:]+)(?::(.*))?$/.exec(text) ?? []
  if (host === '') return null
  return {host: hostAddress(host) ?? host, port: portNumber(port) ?? port}
}

/** As /proc/net/ip_vs writes it: `0A640001:01BB`, or `[2001:0db8:…]:01BB`. */
export function readHexEndpoint(text: string): EndpointWords | null {
  const [, host = '', port = ''] = /^(.+):([\dA-Fa-f]{4})$/.exec(text) ?? []
  const address = readHexAddress(host)
  return address === null ? null : {host: address, port: parseInt(port, 16)}
}

/** @returns null where it is neither eight digits nor an IPv6 address */
export function readHexAddress(text: string): Address | null {
  if (/^[\dA-Fa-f]{8}$/.test(text)) return ipv4(parseInt(text, 16))
  return text.includes(':') ? parseAddress(text.replace(/^\[|\]$/g, '')) : null
}

/** @returns null while a name stands in it */
export function settleEndpoint({host, port}: EndpointWords): IpvsEndpoint | null {
  return typeof host === 'string' || typeof port === 'string' ? null : {address: host, port}
}

export function familyOfWords({host}: EndpointWords): Family | null {
  return typeof host === 'string' ? null : familyOf(host)
}
