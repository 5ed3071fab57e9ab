#!/usr/bin/env node
'use strict'
const {existsSync} = require('node:fs')
const path = require('node:path')
const pjson = require('../package.json')

// CommonJS (see bin/package.json), since Node starts its loader of ES modules 8 ms later.

const OLDEST_NODE = 20
/** From here on Node can keep compiled code itself. */
const CACHING_NODE = 22

const root = path.dirname(__dirname)
const args = process.argv.slice(2)
const nodeMajor = Number.parseInt(process.versions.node, 10)

if (args.length === 1 && args[0] === '--version') {
  // Answered without oclif: scripts ask for it again and again.
  console.log(`${pjson.name}/${pjson.version} ${process.platform}-${process.arch} node-${process.version}`)
} else {
  if (nodeMajor < OLDEST_NODE) {
    console.error(`ekspath is made for Node ${OLDEST_NODE} and later; this is ${process.version}.`)
  }
  // kubectl finds a plugin by its file name; help then shows what the user types.
  if (path.parse(process.argv[1]).name === 'kubectl-ekspath') pjson.oclif.bin = 'kubectl ekspath'
  load(path.join(root, 'dist/bundle')).main(root, pjson, args)
}

function load(folder) {
  const bundle = path.join(folder, 'main.cjs')
  if (!existsSync(bundle)) {
    console.error('ekspath is not built: run `npm run build`.')
    process.exit(70)
  }
  if (keepsCompiledCode()) return require(bundle)
  const {cacheOf, loadBundle} = require('./loadBundle.js')
  return loadBundle(bundle, path.join(folder, `${cacheOf(args)}.cache`)).exports
}

/** Node 22.1 and later, without which `node:module` is not worth its loading. */
function keepsCompiledCode() {
  if (nodeMajor < CACHING_NODE) return false
  const {enableCompileCache} = require('node:module')
  enableCompileCache?.()
  return enableCompileCache !== undefined
}
