/** All test files of a Stryker sandbox, with what they import of it, as one function. */
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import vm from 'node:vm'
import {build} from 'esbuild'

/**
 * @typedef {Record<string, () => void>} Modules test file → a function that evaluates it, and what it imports, unless that is done
 *
 * @param {string} root the sandbox
 * @param {readonly string[]} files the test files, relative to it
 * @param {{coverage: boolean}} options whether the code counts what it runs through, which takes as long as the rest
 * @returns {Promise<(globals: object) => Modules>} gives modules of which none is evaluated yet
 */
export async function bundleTests(root, files, {coverage}) {
  const requires = files.map(file => `${JSON.stringify(file)}: () => require(${JSON.stringify(`./${file}`)})`)
  const {outputFiles} = await build({
    stdin: {
      // the properties draw the same values for each mutant, and one counterexample is enough
      contents: `
        require('fast-check').configureGlobal({seed: 1, endOnFailure: true})
        module.exports = {${requires.join(',')}}`,
      resolveDir: root,
    },
    write: false,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    plugins: [sandboxModules(root, coverage)],
  })
  const filename = path.join(root, 'tests.cjs')
  const evaluate = vm.compileFunction(outputFiles[0].text, ['require', 'module', ...GLOBALS], {filename})
  const require = createRequire(filename)
  return globals => {
    const module = {exports: {}}
    evaluate(require, module, ...GLOBALS.map(name => globals[name]))
    return module.exports
  }
}

const GLOBALS = ['describe', 'it', 'test', 'expect', 'beforeAll', 'afterAll']

/** `import.meta` is each file's own, and Stryker's counters count for coverage alone. */
function sandboxModules(root, coverage) {
  return {
    name: 'sandbox modules',
    setup({onLoad}) {
      onLoad({filter: /\.ts$/}, ({path: file}) => {
        if (!file.startsWith(root + path.sep)) return undefined
        const text = readFileSync(file, 'utf8')
          .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)))
          .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
        return {
          contents: coverage ? text : text.replace(/function stryCov_9fa48\(\) \{/, '$& return'),
          loader: 'ts',
        }
      })
    },
  }
}
