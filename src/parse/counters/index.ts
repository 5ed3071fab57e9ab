export * from './parseConntrackCounters.js'
export * from './parseEthtoolCounters.js'
