/**
 * src/ → dist/, from nothing: oclif would take a file that outlived its source for a command. Built beside dist/ and then put in its place, so that
 * there is always one that runs.
 */
import {spawnSync} from 'node:child_process'
import {renameSync, rmSync} from 'node:fs'

const fresh = `.dist-${process.pid}`

function run(...args) {
  return spawnSync(process.execPath, args, {stdio: 'inherit'}).status === 0
}

const typed = run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', fresh)
const bundled = run('scripts/bundle/bundle.mjs', fresh)
if (bundled) {
  rmSync('dist', {recursive: true, force: true})
  renameSync(fresh, 'dist')
} else {
  rmSync(fresh, {recursive: true, force: true})
}
process.exitCode = typed && bundled ? 0 : 1
