import {spawnSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {Ajv} from 'ajv'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDER = path.join(ROOT, 'schemas')

test('schemas/ is what the types of src/model say', () => {
  const {status, stderr} = spawnSync(process.execPath, ['scripts/schemas.mjs', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect({status, stderr}).toEqual({status: 0, stderr: ''})
}, 60_000)

test.each(readdirSync(FOLDER))('%s is a schema that refuses an empty answer', file => {
  const schema = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))
  const validate = new Ajv({allowUnionTypes: true}).compile(schema)
  expect(validate({schema: schema.$id})).toBe(false)
})
