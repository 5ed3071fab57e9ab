export * from './parseConntrack.js'
