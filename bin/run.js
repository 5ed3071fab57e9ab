#!/usr/bin/env node
import module from 'node:module'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

module.enableCompileCache?.() // Node 22.1 and later

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const pjson = module.createRequire(import.meta.url)('../package.json')
const args = process.argv.slice(2)

if (args.length === 1 && args[0] === '--version') {
  // Answered without oclif, which costs 80 ms: scripts ask for it again and again.
  console.log(`${pjson.name}/${pjson.version} ${process.platform}-${process.arch} node-${process.version}`)
} else {
  const {execute} = await import('@oclif/core')
  // kubectl finds a plugin by its file name; help then shows what the user types.
  if (path.parse(process.argv[1]).name === 'kubectl-ekspath') pjson.oclif.bin = 'kubectl ekspath'
  await execute({args, loadOptions: {root, pjson}})
}
