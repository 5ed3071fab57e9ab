import {type Address, parseAddress, parsePort} from '../../net/index.js'
import {UsageError} from '../usageError.js'
import {describeBadAddress} from './describeBadAddress.js'

export type Endpoint =
  | {readonly kind: 'address'; readonly address: Address; readonly port: number | null}
  /** A pod, a service, `node`: looked up in the capture. */
  | {readonly kind: 'name'; readonly name: string}

//               [v6] or [v6]:port
const BRACKETED = /^\[([^\]]*)\](?::(.*))?$/
/** Nothing but what addresses are made of: a mistyped address rather than a name. */
const LIKE_ADDRESS = /^[\d.:/]+$|^[\da-fA-F:./]*:[\da-fA-F:./]*:[\da-fA-F:./]*$/

/**
 * `10.0.0.1`, `10.0.0.1:53`, `2001:db8::1`, `[2001:db8::1]:53`, or a name.
 * @param flag the flag it was given with, for the message
 * @throws UsageError
 */
export async function parseEndpoint(flag: string, text: string): Promise<Endpoint> {
  const word = text.trim()
  if (word === '')
    throw new UsageError(`${flag} is empty: give an address, address:port, or a name such as default/web.`)
  const bracketed = BRACKETED.exec(word)
  if (bracketed !== null) return withPort(flag, word, bracketed[1] ?? '', bracketed[2] ?? null)
  const whole = parseAddress(word)
  if (whole !== null) return {kind: 'address', address: whole, port: null}
  if (!LIKE_ADDRESS.test(word)) return {kind: 'name', name: word}
  const colon = word.lastIndexOf(':')
  if (colon > 0 && word.indexOf(':') === colon) return withPort(flag, word, word.slice(0, colon), word.slice(colon + 1))
  throw new UsageError(`${flag} ${word}: ${await describeBadAddress(word)}`)
}

async function withPort(flag: string, word: string, host: string, portText: string | null): Promise<Endpoint> {
  const address = parseAddress(host)
  if (address === null) throw new UsageError(`${flag} ${word}: ${await describeBadAddress(host)}`)
  if (portText === null) return {kind: 'address', address, port: null}
  const port = parsePort(portText)
  if (port === null)
    throw new UsageError(`${flag} ${word}: "${portText}" is no port. A port is a number from 0 to 65535.`)
  return {kind: 'address', address, port}
}
