/**
 * `node bundle.mjs dist`: dist/ → dist/bundle/ekspath.cjs, one file with oclif and all commands, and dist/bundle/ekspath.cache, V8's compiled form of it. Loading 800
 * small files and compiling them would take longer than anything else that ekspath does.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dist = path.resolve(process.argv[2] ?? 'dist')
const folder = path.join(dist, 'bundle')

/** `import {commands, unknownCommand} from 'virtual:commands'`: command id → a function that loads it; and what answers where there is none. */
const virtualCommands = {
  name: 'commands',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^virtual:commands$/}, () => ({path: 'commands', namespace: 'virtual'}))
    onLoad({filter: /.*/, namespace: 'virtual'}, () => {
      const files = readdirSync(path.join(dist, 'commands'), {recursive: true, encoding: 'utf8'}).filter(file =>
        file.endsWith('.js'),
      )
      const entries = files.sort().map(file => {
        const id = file.replace(/(^|\/)index\.js$|\.js$/, '').replaceAll(path.sep, ':')
        return `${JSON.stringify(id)}: () => import(${JSON.stringify(`./commands/${file}`)}),`
      })
      const unknown = "export const unknownCommand = () => import('./cli/unknownCommand.js')"
      return {contents: `export const commands = {\n${entries.join('\n')}\n}\n${unknown}`, resolveDir: dist}
    })
  },
}

/** Keeps `import.meta.url` what it is in dist/, so that files are found relative to it. */
const moduleUrls = {
  name: 'module urls',
  setup({onLoad}) {
    onLoad({filter: /\.js$/}, ({path: file}) => {
      if (!file.startsWith(dist + path.sep)) return undefined
      const text = readFileSync(file, 'utf8')
      if (!text.includes('import.meta.url')) return undefined
      const url = `require('node:url').pathToFileURL(require('node:path').join(__dirname, ${JSON.stringify(path.relative(folder, file))})).href`
      return {contents: text.replaceAll('import.meta.url', url)}
    })
  },
}

const {outputFiles} = await build({
  entryPoints: [path.join(root, 'scripts/bundle/entry.js')],
  outdir: folder,
  write: false,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // vm.Script, which the code cache needs, has no import(): `await import('ssh2')` becomes a require.
  supported: {'dynamic-import': false},
  format: 'cjs',
  charset: 'ascii',
  legalComments: 'inline',
  logLevel: 'warning',
  // ssh2 has native parts; the others are what oclif looks for in development.
  external: ['ssh2', 'typescript', 'ts-node', 'tsx', 'pnpapi'],
  plugins: [virtualCommands, moduleUrls],
})

// One byte a character loads faster. esbuild escapes strings itself, but neither regular expressions nor comments.
const text = outputFiles[0].text.replace(
  /[^\0-\x7f]/g,
  unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
)
mkdirSync(folder, {recursive: true})
writeFileSync(path.join(folder, 'ekspath.cjs'), text, 'latin1')

const {status, stderr} = spawnSync(process.execPath, [path.join(root, 'scripts/bundle/codeCache.mjs'), dist], {
  stdio: ['ignore', 'ignore', 'pipe'],
  encoding: 'utf8',
  env: {...process.env, NODE_OPTIONS: ''},
})
if (status !== 0) console.error(`${stderr}No code cache was made: ekspath works without it, and starts later.`)
