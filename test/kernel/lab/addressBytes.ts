import {type Address, formatAddress, ipv4, ipv6, parseAddress} from '../../../src/net/index.js'

/** Network order, 4 or 16 bytes. @throws on anything that is no address */
export function addressBytes(text: string): Buffer {
  const address = parseAddress(text)
  if (address === null) throw new Error(`not an address: ${text}`)
  if (typeof address === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(address)
    return bytes
  }
  return Buffer.from(address.toString(16).padStart(32, '0'), 'hex')
}

/** Canonical text of 4 or 16 bytes. */
export function addressText(bytes: Buffer): string {
  const address: Address = bytes.length === 4 ? ipv4(bytes.readUInt32BE()) : ipv6(BigInt(`0x${bytes.toString('hex')}`))
  return formatAddress(address)
}
