export * from './ip/index.js'
export * from './iptables/index.js'
