/** @typedef {import('./rows.mjs').Scale} Scale */

/** @type {Scale} */
export const FULL = {
  startPairs: 21,
  pairs: 7,
  runs: 3,
  large: {services: 5000, endpoints: 5},
  huge: {services: 20_000, endpoints: 3},
  nft: {services: 5000, endpoints: 5, mode: 'nftables'},
  largest: {services: 46_667, endpoints: 3},
  crowded: {services: 5000, endpoints: 5, pods: 737, enis: 16, ipamd: true},
  archiveBytes: 130e6,
  flows: [1000, 61_000],
  nftFlows: [1000, 11_000],
}

/** The same rows in less than a minute. Its inputs are too small for the bars: start-up weighs more than what is asked. @type {Scale} */
export const QUICK = {
  startPairs: 5,
  pairs: 1,
  runs: 1,
  large: {services: 1000, endpoints: 5},
  huge: {services: 2000, endpoints: 3},
  nft: {services: 1000, endpoints: 5, mode: 'nftables'},
  largest: {services: 5000, endpoints: 3},
  crowded: {services: 1000, endpoints: 5, pods: 737, enis: 16, ipamd: true},
  archiveBytes: 10e6,
  flows: [200, 1200],
  nftFlows: [200, 1200],
}
