import nodeConsole from 'node:console'

// oclif prints through console.log. Jest's own console adds the caller to every line, which is not what a user sees.
globalThis.console = nodeConsole
