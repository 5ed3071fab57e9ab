export * from './list/parseIptablesList.js'
export * from './parseIptablesSave.js'
