/**
 * esbuild's plugin for our own modules: each is loaded when one of its exports is first used. Of a thousand functions that are never called, V8
 * then makes none, and keeps none in the code cache.
 */
import {readFileSync} from 'node:fs'
import path from 'node:path'
import typescript from 'typescript'
import {lazyRequires} from './lazyRequires.mjs'

const NAMESPACE = 'lazy'

/** @param {string} dist folder with what tsc made @param {string} folder of the bundle @returns {import('esbuild').Plugin} */
export function lazyModules(dist, folder) {
  const isOwn = file => file.startsWith(dist + path.sep) && file.endsWith('.js')
  return {
    name: 'lazy modules',
    setup({onResolve, onLoad}) {
      // in a namespace, since esbuild takes files below this package.json for ES modules
      onResolve({filter: /^\.{1,2}\//}, ({path: name, resolveDir}) => {
        const file = path.resolve(resolveDir, name)
        return isOwn(file) ? {path: file, namespace: NAMESPACE} : undefined
      })
      onLoad({filter: /.*/, namespace: NAMESPACE}, ({path: file}) => ({
        contents: lazyRequires(toCommonJs(pastIndexes(keepUrl(readFileSync(file, 'utf8'), file, folder), file))),
        resolveDir: path.dirname(file),
      }))
    },
  }
}

/** Keeps `import.meta.url` what it is in dist/, so that files are found relative to it. */
function keepUrl(text, file, folder) {
  const place = JSON.stringify(path.relative(folder, file))
  return text.replaceAll(
    'import.meta.url',
    `require('node:url').pathToFileURL(require('node:path').join(__dirname, ${place})).href`,
  )
}

/** As TypeScript does it: what is exported is a property, not a getter of one, and what is imported is read where it is used. */
function toCommonJs(text) {
  const {ModuleKind, ScriptTarget} = typescript
  const options = {module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true}
  return typescript.transpileModule(text, {compilerOptions: options}).outputText
}

const IMPORT = /^import \{ (.*) \} from '(\.[^']*)';$/gm
const STAR = /^export \* from '(\.[^']*)';$/gm

/** Imports each name from the module that has it, instead of the index of its room, and lists the names that an index exports. */
function pastIndexes(text, file) {
  const folder = path.dirname(file)
  return text
    .replace(IMPORT, (_, list, name) => {
      const places = exportsOf(path.resolve(folder, name))
      return list
        .split(', ')
        .map(item => {
          const place = places.get(item.split(' as ')[0])
          return `import { ${item} } from '${place === undefined ? name : relative(folder, place)}';`
        })
        .join('\n')
    })
    .replace(STAR, (_, name) => {
      const names = [...exportsOf(path.resolve(folder, name)).keys()].filter(item => item !== 'default')
      return names.length === 0 ? '' : `export { ${names.join(', ')} } from '${name}';`
    })
}

function relative(folder, file) {
  const way = path.relative(folder, file).replaceAll(path.sep, '/')
  return way.startsWith('.') ? way : `./${way}`
}

const DECLARED = /^export (?:async )?(?:function\*?|class|const) (\w+)/gm
const PASSED_ON = /^export \{ (.*) \} from '(\.[^']*)';$/gm
/** @type {Map<string, Map<string, string>>} */
const known = new Map()

/** @param {string} file that tsc wrote @returns {Map<string, string>} names that it exports under their own → the file that has them */
function exportsOf(file) {
  const found = known.get(file)
  if (found !== undefined) return found
  const text = readFileSync(file, 'utf8')
  const places = new Map()
  known.set(file, places)
  for (const [, name] of text.matchAll(DECLARED)) places.set(name, file)
  for (const [, list, from] of text.matchAll(PASSED_ON)) {
    const behind = exportsOf(path.resolve(path.dirname(file), from))
    for (const item of list.split(', ')) if (behind.has(item)) places.set(item, behind.get(item))
  }
  for (const [, from] of text.matchAll(STAR)) {
    for (const [name, place] of exportsOf(path.resolve(path.dirname(file), from))) places.set(name, place)
  }
  return places
}
