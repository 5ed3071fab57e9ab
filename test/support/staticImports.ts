import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

/** The modules that a file loads as soon as it is loaded itself: its imports and re-exports of values. Specifiers as written. */
export function staticImports(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext)
  return source.statements.flatMap(statement => {
    if (ts.isImportDeclaration(statement)) {
      return statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? [] : text(statement.moduleSpecifier)
    }
    if (ts.isExportDeclaration(statement)) {
      return statement.isTypeOnly || statement.moduleSpecifier === undefined ? [] : text(statement.moduleSpecifier)
    }
    return []
  })
}

/** Each package that loading `entry` loads, with the chain of files that leads there: `{ssh2: ['a.ts', 'b.ts']}`. */
export function packagesLoadedBy(entry: string): Map<string, string[]> {
  const packages = new Map<string, string[]>()
  const seen = new Set<string>()
  const queue: string[][] = [[entry]]
  for (let chain = queue.shift(); chain !== undefined; chain = queue.shift()) {
    const file = chain.at(-1)!
    if (seen.has(file) || !existsSync(file)) continue
    seen.add(file)
    for (const specifier of staticImports(file)) {
      if (specifier.startsWith('.')) {
        queue.push([...chain, path.resolve(path.dirname(file), specifier.replace(/\.js$/, '.ts'))])
      } else if (!packages.has(specifier)) {
        packages.set(specifier, chain)
      }
    }
  }
  return packages
}

function text(specifier: ts.Expression): string[] {
  return ts.isStringLiteral(specifier) ? [specifier.text] : []
}
