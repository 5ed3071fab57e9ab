import {formatAddress, hostPort} from '../../net/index.js'
import type {NextHop} from '../../model/index.js'
import type {Packet} from './packet.js'

/** `10.0.0.1:53`, without the port where there is none or it is open. */
export function endpoint(packet: Packet, side: 'source' | 'destination'): string {
  const address = formatAddress(packet[side])
  const port = side === 'source' ? packet.sourcePort : packet.destinationPort
  return port === null ? address : hostPort(address, port)
}

/** `eth0 via 10.0.0.1`. */
export function describeHop(hop: NextHop): string {
  const device = hop.interface ?? '(no device)'
  return hop.gateway === null ? device : `${device} via ${formatAddress(hop.gateway)}`
}
