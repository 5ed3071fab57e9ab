import base from './jest.config.js'

/** Tests that build network namespaces and send packets: root, Linux, one at a time. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/kernel/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  testTimeout: 120_000,
}
