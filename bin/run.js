#!/usr/bin/env node
'use strict'
const {existsSync} = require('node:fs')
const nodeModule = require('node:module')
const path = require('node:path')
const pjson = require('../package.json')

// CommonJS (see bin/package.json), since Node starts its loader of ES modules 8 ms later.

const OLDEST_NODE = 20

const root = path.dirname(__dirname)
const args = process.argv.slice(2)

if (args.length === 1 && args[0] === '--version') {
  // Answered without oclif: scripts ask for it again and again.
  console.log(`${pjson.name}/${pjson.version} ${process.platform}-${process.arch} node-${process.version}`)
} else {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
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
  if (nodeModule.enableCompileCache !== undefined) {
    nodeModule.enableCompileCache() // Node 22.1 and later keep compiled code themselves
    return require(bundle)
  }
  const {cacheOf, loadBundle} = require('./loadBundle.js')
  return loadBundle(bundle, path.join(folder, `${cacheOf(args)}.cache`)).exports
}
