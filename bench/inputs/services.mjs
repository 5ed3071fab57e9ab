import {createHash} from 'node:crypto'

/**
 * @typedef {object} Service
 * @property {string} name `ns/name:port`, as kube-proxy calls a port of a service
 * @property {string} address ClusterIP
 * @property {number} port
 * @property {readonly string[]} endpoints `10.1.0.0:8080`
 * @property {number} nodePort 0: none
 */

/** Pods of other nodes, services, and a node port from this one on. */
const FIRST_ENDPOINT = 0x0a010000
const FIRST_CLUSTER_IP = 0xac140014
const FIRST_NODE_PORT = 30_000

/** Services of one port each, every hundredth with a node port. @returns {Service[]} */
export function makeServices(count, endpointsEach) {
  return Array.from({length: count}, (_, i) => makeService(i, endpointsEach))
}

/** @param {number} i from 0 @param {number} endpointsEach @returns {Service} */
export function makeService(i, endpointsEach) {
  return {
    name: `team-${i % 97}/service-${i}:http`,
    address: address(FIRST_CLUSTER_IP + i),
    port: 80 + (i % 7),
    endpoints: Array.from(
      {length: endpointsEach},
      (_, j) => `${address(FIRST_ENDPOINT + i * endpointsEach + j)}:${8080 + (i % 3)}`,
    ),
    nodePort: i % 100 === 0 ? FIRST_NODE_PORT + i / 100 : 0,
  }
}

/** @param {number} value 32 bits */
export function address(value) {
  return [24, 16, 8, 0].map(shift => (value >>> shift) & 255).join('.')
}

/** The 16 characters with which kube-proxy tells its chains apart: base32 of a SHA-256. */
export function chainHash(...parts) {
  const digest = createHash('sha256').update(parts.join('')).digest()
  return base32(digest.subarray(0, 10))
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** @param {Uint8Array} bytes a multiple of 5 of them */
function base32(bytes) {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >>> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return text
}
