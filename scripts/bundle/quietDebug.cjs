/** The package `debug` for who has set DEBUG; else nothing is said, and node:tty and node:net, which it needs, are not loaded. */
module.exports = process.env.DEBUG === undefined ? () => () => undefined : require('debug')
