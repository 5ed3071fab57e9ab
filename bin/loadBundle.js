'use strict'
const {existsSync, readFileSync} = require('node:fs')
const path = require('node:path')
const vm = require('node:vm')

/** Kinds of commands with a code cache of their own. */
const OWN_CACHE = ['explain', 'audit']

/** Which of the code caches has what a command line needs. */
exports.cacheOf = function cacheOf(args) {
  if (args.length === 0 || args.some(arg => arg === '--help' || arg === '-h' || arg === 'help')) return 'help'
  return OWN_CACHE.includes(args[0]) ? args[0] : 'other'
}

/**
 * Loads the bundle with the code that V8 compiled when it was built. V8 refuses a cache of another version of itself, and the file is
 * compiled as usual.
 * @param {string} file that consists of a function, as bundle.mjs writes it @param {string | null} cacheFile
 * @returns what the file exports, and the script to make a cache of
 */
exports.loadBundle = function loadBundle(file, cacheFile) {
  const script = new vm.Script(readFileSync(file, 'latin1'), {
    filename: file,
    cachedData: cacheFile !== null && existsSync(cacheFile) ? readFileSync(cacheFile) : undefined,
  })
  const loaded = {exports: {}}
  script.runInThisContext()(loaded.exports, require, loaded, file, path.dirname(file))
  return {exports: loaded.exports, script}
}
