import {type Dirent, readdirSync, readFileSync, statSync} from 'node:fs'
import path from 'node:path'
import {type Capture, type CapturedDocument, type MemberFilter, plainDocument} from '../capture.js'
import {InputError} from '../errors.js'
import {DEFAULT_LIMITS, type Limits} from './limits.js'

/** Every wanted file below a folder. Links are not followed: an unpacked archive may point them anywhere. */
export function readFolder(folder: string, wanted: MemberFilter, limits: Limits = DEFAULT_LIMITS): Capture {
  const documents: CapturedDocument[] = []
  let total = 0
  for (const {name, file} of walk(folder, '', {left: limits.members}, limits.depth)) {
    const {size} = statSync(file)
    if (!wanted(name, size)) continue
    total += size
    if (total > limits.totalBytes || documents.length === limits.documents) throw tooMuch(folder, limits)
    documents.push(plainDocument(name, readFileSync(file)))
  }
  return {origin: folder, hostname: null, capturedAt: null, documents, diagnostics: []}
}

function* walk(
  folder: string,
  prefix: string,
  budget: {left: number},
  depth: number,
): Generator<{name: string; file: string}> {
  for (const entry of sorted(readdirSync(folder, {withFileTypes: true}))) {
    if (--budget.left < 0 || depth === 0) throw new InputError(`${folder}: too many files for a capture of one node.`)
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(file, `${prefix}${entry.name}/`, budget, depth - 1)
    else if (entry.isFile()) yield {name: prefix + entry.name, file}
  }
}

/** The order of readdir is the file system's; the same folder must always give the same documents. */
function sorted(entries: Dirent[]): Dirent[] {
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function tooMuch(folder: string, {totalBytes, documents}: Limits): InputError {
  return new InputError(
    `${folder}: more than ${totalBytes >> 20} MiB or ${documents} documents that look like captured output.`,
    {nextSteps: ['Name the folder of one node.']},
  )
}
