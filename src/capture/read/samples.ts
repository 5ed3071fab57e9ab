import {existsSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {InputError} from '../errors.js'

const PREFIX = 'sample:'
/** Both src/capture/read and dist/capture/read lie three levels below the package. */
const FIXTURES = fileURLToPath(new URL('../../../fixtures', import.meta.url))

/** `sample:net410` → the folder of the bundled capture; any other text: null. @throws InputError for a name that is no sample */
export function findSample(name: string): string | null {
  if (!name.startsWith(PREFIX)) return null
  const sample = name.slice(PREFIX.length)
  const known = listSamples()
  if (known.includes(sample)) return path.join(FIXTURES, sample)
  throw new InputError(`There is no bundled capture "${sample}". Bundled: ${known.map(n => PREFIX + n).join(', ')}.`)
}

export function listSamples(): string[] {
  if (!existsSync(FIXTURES)) return []
  return readdirSync(FIXTURES, {withFileTypes: true})
    .filter(entry => entry.isDirectory() && existsSync(path.join(FIXTURES, entry.name, 'ip-rule.txt')))
    .map(entry => entry.name)
    .sort()
}
