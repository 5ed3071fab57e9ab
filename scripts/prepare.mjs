/**
 * `npm ci` in a clone leaves something that runs: it builds, where the tools to do so were installed. A build that fails is news, but no reason
 * to have no dependencies.
 */
import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'

if (existsSync('node_modules/typescript') && existsSync('node_modules/esbuild')) {
  const {status} = spawnSync(process.execPath, ['scripts/compile.mjs'], {stdio: 'inherit'})
  if (status !== 0) console.error('ekspath could not be built: `npm run build` says why.')
}
