/**
 * `npm run fuzz -- --inputs 1000000 --seed 7`: damaged documents for all parsers and readers (test/fuzz/). Fails where one throws, takes longer than a second, or
 * where the process grows beyond 512 MiB. `--first N --inputs 1` makes the input N again.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync} from 'node:fs'
import path from 'node:path'
import {build} from 'esbuild'

const outfile = path.resolve(`node_modules/.cache/fuzz/main-${process.pid}.mjs`)
mkdirSync(path.dirname(outfile), {recursive: true})
await build({
  entryPoints: ['test/fuzz/main.ts'],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: 'inline',
})
const {status} = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
