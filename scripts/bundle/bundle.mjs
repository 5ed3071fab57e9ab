/**
 * `node bundle.mjs dist`: dist/ → dist/bundle/main.cjs, one file with oclif and all commands, and beside it V8's compiled forms of it. Loading 800 small
 * files and compiling them would take longer than anything else that ekspath does.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {build, transform} from 'esbuild'
import {lazyModules} from './lazyModules.mjs'
import {lazyRequires} from './lazyRequires.mjs'
import {plainWrappers} from './plainWrappers.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dist = path.resolve(process.argv[2] ?? 'dist')
const folder = path.join(dist, 'bundle')

/** `import {commands, standardStream, unknownCommand} from 'virtual:commands'`: command id → a function that loads it; and what answers where there is none. */
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
      const others = [
        "export const unknownCommand = () => import('./cli/unknownCommand.js')",
        "export {standardStream} from './cli/standardStream.js'",
      ]
      return {contents: `export const commands = {\n${entries.join('\n')}\n}\n${others.join('\n')}`, resolveDir: dist}
    })
  },
}

/**
 * What else keeps oclif from starting at once: file of it → its words → what stands instead. A build fails where oclif has changed its words.
 * @type {Readonly<Record<string, readonly (readonly [string, string])[]>>}
 */
const OCLIF_PATCHES = {
  // bin/run.js looks at Node's version, without semver
  'index.js': [['\ncheckNodeVersion();', '']],
  // ids are ASCII: no need to set up ICU's collation
  'config/plugin.js': [['a.id.localeCompare(b.id)', '(a.id < b.id ? -1 : 1)']],
  // to set up a stream takes longer than to write an answer: src/cli/standardStream.ts listens where there is one
  'command.js': [
    [
      "process.stdout.on('error', (err) => {\n    if (err && err.code === 'EPIPE')\n        return;\n    throw err;\n});\n",
      '',
    ],
  ],
  // a small file is read sooner than the threads have started that would read it
  'util/fs.js': [["(0, promises_1.readFile)(path, 'utf8')", "(0, node_fs_1.readFileSync)(path, 'utf8')"]],
  // wsl-utils needs node:child_process, and with it node:net, before it says the same
  'util/os.js': [["(await import('wsl-utils')).isWsl", "(await import('is-wsl')).default"]],
}
const OCLIF = /[\\/]@oclif[\\/]core[\\/]lib[\\/](.*\.js)$/

/** oclif, loading of itself only what the command at hand needs. */
const lightOclif = {
  name: 'light oclif',
  setup({onLoad, onResolve}) {
    onLoad({filter: OCLIF}, ({path: file}) => ({contents: lazyRequires(patchOclif(file))}))
    const quiet = path.join(root, 'scripts/bundle/quietDebug.cjs')
    onResolve({filter: /^debug$/}, ({importer}) => (OCLIF.test(importer) ? {path: quiet} : undefined))
  },
}

function patchOclif(file) {
  const name = OCLIF.exec(file)?.[1].replaceAll(path.sep, '/')
  return (OCLIF_PATCHES[name] ?? []).reduce(
    (text, [words, instead]) => {
      if (!text.includes(words)) throw new Error(`${file} no longer says ${words}: see OCLIF_PATCHES`)
      return text.replace(words, instead)
    },
    readFileSync(file, 'utf8'),
  )
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
  plugins: [virtualCommands, lazyModules(dist, folder), lightOclif],
})

const {code} = await transform(plainWrappers(outputFiles[0].text), {
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 200, // for whoever reads a stack
  legalComments: 'inline',
  charset: 'ascii',
})
// One byte a character loads faster. esbuild escapes strings itself, but neither regular expressions nor comments.
const text = code.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
mkdirSync(folder, {recursive: true})
// of a script, `this` is the global object, and loadBundle.js takes the function; of a module it is not, and require() calls it
const PARAMETERS = 'exports, require, module, __filename, __dirname'
writeFileSync(
  path.join(folder, 'main.cjs'),
  `(load => this === globalThis ? load : load(${PARAMETERS}))(function (${PARAMETERS}) {${text}\n})\n`,
  'latin1',
)

const {status, stderr} = spawnSync(process.execPath, [path.join(root, 'scripts/bundle/codeCaches.mjs'), dist], {
  stdio: ['ignore', 'ignore', 'pipe'],
  encoding: 'utf8',
  env: {...process.env, NODE_OPTIONS: ''},
})
if (status !== 0) console.error(`${stderr}No code cache was made: ekspath works without it, and starts later.`)
