import base from './jest.config.js'

/** Tests that build network namespaces and send packets: root and Linux. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/kernel/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: '100%',
  testTimeout: 120_000,
}
