import {createWriteStream} from 'node:fs'
import {mkdir, readdir, rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'
import type {Capture} from '../capture.js'
import {InputError, UsageError} from '../errors.js'
import {captureIndex} from './captureIndex.js'

const ARCHIVE = /\.(tar\.gz|tgz)$/

/** Others on a shared machine need not read a node's connections. */
const MODE = 0o600

/**
 * Writes a capture in the native layout: a gzipped tar where the name says so, else a folder, which must be new or empty.
 * An archive appears under its name only when it is complete.
 * @param version of ekspath, for capture.json
 * @throws UsageError, InputError
 */
export async function writeCapture(capture: Capture, destination: string, version: string): Promise<void> {
  const index = `${JSON.stringify(captureIndex(capture, version), null, 2)}\n`
  const files = [{name: 'capture.json', bytes: Buffer.from(index)}, ...capture.documents]
  try {
    if (ARCHIVE.test(destination)) await writeArchive(files, destination, capture.capturedAt)
    else await writeFolder(files, destination)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new InputError(`${destination} cannot be written: ${(error as Error).message}.`, {cause: error})
  }
}

interface OutputFile {
  readonly name: string
  readonly bytes: Uint8Array
}

async function writeFolder(files: readonly OutputFile[], folder: string): Promise<void> {
  await mkdir(folder, {recursive: true})
  if ((await readdir(folder)).length > 0) {
    throw new UsageError(`${folder} is not empty: a capture is written to a new folder, or to FILE.tar.gz.`)
  }
  for (const {name, bytes} of files) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), {recursive: true})
    await writeFile(file, bytes, {mode: MODE})
  }
}

async function writeArchive(
  files: readonly OutputFile[],
  destination: string,
  capturedAt: string | null,
): Promise<void> {
  const part = `${destination}.part`
  const root = path.basename(destination).replace(ARCHIVE, '')
  const mtime = capturedAt === null ? new Date(0) : new Date(capturedAt)
  const {pack} = await import('tar-stream')
  const archive = pack()
  const written = pipeline(archive, createGzip(), createWriteStream(part, {mode: MODE}))
  for (const {name, bytes} of files) archive.entry({name: `${root}/${name}`, mode: MODE, mtime}, Buffer.from(bytes))
  archive.finalize()
  try {
    await written
    await rename(part, destination)
  } catch (error) {
    await rm(part, {force: true})
    throw error
  }
}
