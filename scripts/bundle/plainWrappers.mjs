/** What esbuild wraps a CommonJS module in: an object with a method that bears the module's name. */
const WRAPPED = /= __commonJS\(\{\n {2}"(?:[^"\\]|\\.)*"(\([^)]*\)) \{\n([\s\S]*?)\n {2}\}\n\}\);\n/g
const HELPER = /^var __commonJS = [\s\S]*?\n\};\n/m

/**
 * Functions in place of these objects: of hundreds of modules, which are made before anything else, it saves two things of three.
 * @param {string} text of the bundle @returns {string}
 */
export function plainWrappers(text) {
  return text.replace(WRAPPED, '= __commonJS($1 => {\n$2\n});\n').replace(
    HELPER,
    `var __commonJS = (load, module) => () => {
  if (module === void 0) {
    module = {exports: {}};
    try {
      load(module.exports, module);
    } catch (error) {
      module = void 0;
      throw error;
    }
  }
  return module.exports;
};
`,
  )
}
