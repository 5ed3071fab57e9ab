import {createHash} from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** Characters of the hash that kube-proxy keeps; 80 of its 256 bits. */
const LENGTH = 16

/**
 * The end of a service's chain names: base32(sha256("namespace/name:port" + "tcp"))[:16]. The chains of one service port differ by
 * prefix only (KUBE-SVC-, KUBE-SVL-, KUBE-EXT-, KUBE-FW-, KUBE-XLB-).
 * @param service `namespace/name:port`, or `namespace/name` where the port has no name
 * @param protocol `tcp`, `udp`, `sctp`
 */
export function serviceHash(service: string, protocol: string): string {
  return base32(createHash('sha256').update(`${service}${protocol}`).digest())
}

/** The end of KUBE-SEP-…: as above, over the endpoint as well. @param endpoint `192.0.2.1:53`, `[2001:db8::1]:53` */
export function endpointHash(service: string, protocol: string, endpoint: string): string {
  return base32(createHash('sha256').update(`${service}${protocol}${endpoint}`).digest())
}

function base32(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < LENGTH; i++) {
    // 5 bits from bit 5i on, which may reach into the next octet
    const octet = (5 * i) >> 3
    const pair = ((bytes[octet] ?? 0) << 8) | (bytes[octet + 1] ?? 0)
    text += ALPHABET[(pair >> (11 - ((5 * i) & 7))) & 31] ?? ''
  }
  return text
}
