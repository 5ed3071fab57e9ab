/**
 * Makes a CommonJS module that TypeScript compiled load what it requires when it first uses it, instead of at its top. oclif requires all of itself, with semver, ejs,
 * minimatch, tty and readline, before it looks at the arguments; a command needs a tenth of that.
 * @param {string} text of the module @returns {string}
 */
export function lazyRequires(text) {
  return makeReexportsLazy(makeConstantsLazy(text))
}

const CONSTANT = /^(?:const|var) (\w+) = ((?:__import(?:Default|Star)\()?require\("[^"]+"\)\)?);$/gm
const REEXPORT = /^exports\.(\w+) = ((?:__import(?:Default|Star)\()?require\("[^"]+"\)\)?);$/gm

/** `const x_1 = require("./x")` … `x_1.f` → `let x_1` … `(x_1 ??= require("./x")).f` */
function makeConstantsLazy(text) {
  let lazy = text
  for (const [declaration, name, load] of text.matchAll(CONSTANT)) {
    const uses = lazy.match(new RegExp(`(?<![\\w$]|[^.]\\.)${name}(?![\\w$])`, 'g'))?.length ?? 0
    const members = new RegExp(`(?<![\\w$]|[^.]\\.)${name}\\.(?=\\w)`, 'g')
    if (uses !== 1 + (lazy.match(members)?.length ?? 0)) continue // handed on as a whole
    lazy = lazy.replace(declaration, `var ${name};`).replace(members, `(${name} ??= ${load}).`)
  }
  return lazy
}

/** `exports.X = __importStar(require("./x"))` → a getter of the same. */
function makeReexportsLazy(text) {
  return text.replace(
    REEXPORT,
    (_, name, load) =>
      `Object.defineProperty(exports, "${name}", { enumerable: true, configurable: true, get: () => ${load} });`,
  )
}
