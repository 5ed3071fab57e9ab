import {podAddress} from './nodeListings.mjs'

/** @typedef {import('./services.mjs').Service} Service */

/**
 * JSON flows, one a line: pods of the node to services in an order without rhyme, each with an own source port, as connections come.
 * @param {import('./nodeListings.mjs').Node} node @param {readonly Service[]} services
 */
export function* flows(node, services, count) {
  const random = generator(20_261_127)
  for (let i = 0; i < count; i++) {
    const {address, port} = services[random(services.length)]
    const flow = {
      src: podAddress(random(node.pods)),
      sport: 32_768 + random(28_000),
      dst: address,
      dport: port,
      proto: 'tcp',
    }
    yield JSON.stringify(flow)
  }
}

/** A linear congruential generator (Numerical Recipes): the same flows each time. */
function generator(seed) {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
