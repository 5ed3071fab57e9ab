import {createHash} from 'node:crypto'
import {addressBytes} from './addressBytes.js'

/** The MAC under which an unknown neighbour answers on the far side: as `far_mac` in agent.py. */
export function farMac(address: string): string {
  const bytes = addressBytes(address)
  const tail = bytes.length === 4 ? bytes : createHash('sha1').update(bytes).digest().subarray(0, 4)
  const mac = Buffer.concat([Buffer.from(bytes.length === 4 ? '0204' : '0206', 'hex'), tail])
  return macText(mac)
}

export function macText(mac: Buffer): string {
  return mac.toString('hex').replace(/..(?=.)/g, '$&:')
}
