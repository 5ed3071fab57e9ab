/**
 * Writes schemas/*.json, one for each exported `…Report` type of src/model/ that has a `schema` of the form `ekspath.NAME/VERSION`:
 * `ekspath.explain/1` becomes schemas/explain.1.json. `--check` writes nothing and fails where a file would change.
 */
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {createGenerator} from 'ts-json-schema-generator'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = path.join(root, 'schemas')
const model = path.join(root, 'src/model')

const generator = createGenerator({
  path: path.join(model, 'index.ts'),
  tsconfig: path.join(root, 'tsconfig.json'),
  type: '*',
  expose: 'export',
  jsDoc: 'extended',
  additionalProperties: false,
  skipTypeCheck: true,
  sortProps: false,
})

/** @returns {Map<string, string>} file name → text */
function makeSchemas() {
  const schemas = new Map()
  for (const type of reportTypes()) {
    const {$ref, definitions, ...rest} = generator.createSchema(type)
    const own = definitions[type]
    const id = own.properties?.schema?.const
    if (id === undefined) throw new Error(`${type} has no literal \`schema\`.`)
    const [, name, version] = /^ekspath\.([a-z.-]+)\/(\d+)$/.exec(id)
    const schema = {...rest, $id: id, title: `ekspath ${name.replaceAll('.', ' ')} --json`, $ref, definitions}
    schemas.set(`${name}.${version}.json`, `${JSON.stringify(schema, null, 2)}\n`)
  }
  return schemas
}

function reportTypes() {
  const sources = readdirSync(model).map(file => readFileSync(path.join(model, file), 'utf8'))
  return sources.flatMap(text =>
    [...text.matchAll(/^export (?:interface|type) (\w+Report)\b/gm)].map(match => match[1]),
  )
}

const schemas = makeSchemas()
mkdirSync(folder, {recursive: true})
const stale = readdirSync(folder).filter(file => !schemas.has(file))
const changed = [...schemas].filter(([file, text]) => {
  const target = path.join(folder, file)
  return !existsSync(target) || readFileSync(target, 'utf8') !== text
})

if (process.argv.includes('--check')) {
  for (const file of stale) console.error(`schemas/${file} belongs to no type.`)
  for (const [file] of changed) console.error(`schemas/${file} is not what the types say.`)
  if (stale.length + changed.length > 0) {
    console.error('`npm run schema` writes them anew. Was the contract meant to change?')
    process.exitCode = 1
  }
} else {
  for (const file of stale) rmSync(path.join(folder, file))
  for (const [file, text] of changed) writeFileSync(path.join(folder, file), text)
  console.log(`${schemas.size} schemas, ${changed.length} changed, ${stale.length} removed`)
}
