/** src/ → dist/, from nothing: oclif would take a file that outlived its source for a command. */
import {spawnSync} from 'node:child_process'
import {rmSync} from 'node:fs'

rmSync('dist', {recursive: true, force: true})
const statuses = [['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], ['scripts/bundle/bundle.mjs']].map(
  args => spawnSync(process.execPath, args, {stdio: 'inherit'}).status,
)
process.exitCode = statuses.every(status => status === 0) ? 0 : 1
