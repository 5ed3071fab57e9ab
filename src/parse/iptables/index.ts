export * from './parseIptablesSave.js'
