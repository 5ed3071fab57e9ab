import base from './jest.config.js'

/** Tests that build network namespaces and send packets: root and Linux. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/kernel/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: '100%',
  // a node takes seconds, on a machine that is busy with much else minutes
  testTimeout: 600_000,
}
