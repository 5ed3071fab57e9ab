import {formatAddress, lastAddress, parsePrefix} from '../../net/index.js'

/** What is wrong with a text that was meant to be an address. Loads ip-num, which takes its time: only call for a message. */
export async function describeBadAddress(text: string): Promise<string> {
  const {IPv4CidrRange, IPv6CidrRange, Validator} = await import('ip-num')
  const prefix = text.includes('/') ? parsePrefix(text) : null
  if (prefix !== null) {
    const address = formatAddress(prefix.address)
    const range =
      prefix.family === 4
        ? IPv4CidrRange.fromCidr(`${address}/${prefix.length}`)
        : IPv6CidrRange.fromCidr(`${address}/${prefix.length}`)
    return (
      `that is a network of ${range.getSize()} addresses, ${address} to ${formatAddress(lastAddress(prefix))}. ` +
      'A packet has one source and one destination: give a single address.'
    )
  }
  const [, reasons] = text.includes(':') ? Validator.isValidIPv6String(text) : Validator.isValidIPv4String(text)
  const why = reasons.filter(reason => reason !== '').join('; ')
  return `"${text}" is no IP address${why === '' ? '' : ` (${why})`}. Expected 10.0.0.1, 10.0.0.1:53, 2001:db8::1, [2001:db8::1]:53 or a name such as default/web.`
}
