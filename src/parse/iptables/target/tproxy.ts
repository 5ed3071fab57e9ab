import {type Address, type MaskedValue, parseAddress, parseUint32} from '../../../net/index.js'
import {normaliseSet} from '../values/masked.js'
import type {LoadTarget} from './loadedTarget.js'

const OPTIONS = new Set(['--on-port', '--on-ip', '--tproxy-mark'])

/** `--on-port` must be there; without `--tproxy-mark` the mark stays. */
export const tproxy: LoadTarget = () => {
  let port: number | null = null
  let address: Address | null = null
  let set: MaskedValue = {value: 0, mask: 0}
  return {
    has: option => OPTIONS.has(option),
    read: (option, reader) => {
      const value = reader.value() ?? ''
      if (option === '--on-port') {
        port = parseUint32(value)
        return port !== null && port <= 65535
      }
      if (option === '--on-ip') {
        const read = parseAddress(value)
        // all zeros is how "none given" is saved
        address = read === 0 || read === 0n ? null : read
        return read !== null
      }
      const read = normaliseSet('xset', value)
      if (read !== null) set = read
      return read !== null
    },
    finish: text => (port === null ? null : {kind: 'tproxy', address, port, set, text}),
  }
}
