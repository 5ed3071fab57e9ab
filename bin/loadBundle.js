'use strict'
const {existsSync, readFileSync} = require('node:fs')
const {createRequire} = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

/**
 * Loads a CommonJS file with the code that V8 compiled when it was built. V8 refuses a cache of another version of itself, and the file is
 * compiled as usual.
 * Returns what the file exports, and the script to make a cache of.
 */
exports.loadBundle = function loadBundle(file, cacheFile) {
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`
  const script = new vm.Script(source, {
    filename: file,
    cachedData: existsSync(cacheFile) ? readFileSync(cacheFile) : undefined,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const loaded = {exports: {}}
  script.runInThisContext()(loaded.exports, createRequire(file), loaded, file, path.dirname(file))
  return {exports: loaded.exports, script}
}
