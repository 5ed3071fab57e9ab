import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {NodeState} from '../../../src/model/index.js'
import {loadNode} from '../../../src/node/index.js'

/** Writes files to a folder of their own and removes it when `use` has done. @param files content by path */
export async function withFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ekspath-test-'))
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), {recursive: true})
      writeFileSync(path.join(folder, name), content)
    }
    return await use(folder)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

/** The node that a folder with these files is. */
export function captureFolder(files: Readonly<Record<string, string | Uint8Array>>): Promise<NodeState> {
  return withFolder(files, loadNode)
}
