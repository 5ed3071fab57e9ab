export * from './format/formatRule.js'
export * from './list/parseIptablesList.js'
export * from './parseIptablesSave.js'
