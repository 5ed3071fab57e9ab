export * from './parseNftRuleset.js'
