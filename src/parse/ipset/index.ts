export * from './parseIpset.js'
