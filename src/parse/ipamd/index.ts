export * from './parseIpamdCheckpoint.js'
export * from './parseIpamdEnis.js'
export * from './parseIpamdEnvironment.js'
export * from './parseIpamdPods.js'
