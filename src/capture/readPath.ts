import {readFileSync, type Stats, statSync} from 'node:fs'
import path from 'node:path'
import {type Capture, type MemberFilter, plainDocument} from './capture.js'
import {InputError} from './errors.js'
import {DEFAULT_LIMITS, type Limits} from './limits.js'
import {readFolder} from './readFolder.js'
import {findSample} from './samples.js'

/** Reads a capture by what the user typed: a folder, a file, or `sample:NAME`. @throws InputError */
export function readPath(from: string, wanted: MemberFilter, limits: Limits = DEFAULT_LIMITS): Promise<Capture> {
  const place = findSample(from) ?? from
  const stats = statOf(place)
  if (stats.isDirectory()) return Promise.resolve({...readFolder(place, wanted, limits), origin: from})
  if (!stats.isFile() && !stats.isFIFO()) {
    throw new InputError(`${from} is neither a file nor a folder: a device or a socket is not opened.`)
  }
  return Promise.resolve(readFile(place, from, limits))
}

function readFile(file: string, origin: string, limits: Limits): Capture {
  const bytes = readFileSync(file)
  if (bytes.length > limits.totalBytes) throw new InputError(`${origin}: larger than ${limits.totalBytes >> 20} MiB.`)
  const documents = [plainDocument(path.basename(file), bytes)]
  return {origin, hostname: null, capturedAt: null, documents, diagnostics: []}
}

function statOf(place: string): Stats {
  try {
    return statSync(place)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const said = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
    throw new InputError(`${place} ${said}: expected a folder, an archive or a file with captured command output.`, {
      nextSteps: [
        '`ekspath capture -o node.tar.gz` on the node makes one.',
        '`--from sample:net410` is a bundled one.',
      ],
      cause: error,
    })
  }
}
