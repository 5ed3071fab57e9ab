import {fileURLToPath} from 'node:url'
import type {Command} from '@oclif/core'
import {captureOutput} from '@oclif/test'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Ended {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** Runs a command of src/ in this process, as a pipe would see it. */
export async function runCommand(command: typeof Command, ...argv: string[]): Promise<Ended> {
  const before = process.exitCode
  process.exitCode = 0
  const {stdout, stderr, error} = await captureOutput(
    () => (command as unknown as {run: (argv: string[], options: object) => Promise<unknown>}).run(argv, {root: ROOT}),
    // elsewhere oclif warns of commands whose flags could not be parsed
    {stripAnsi: false, testNodeEnv: 'production'},
  )
  const exitCode = exitCodeNow()
  process.exitCode = before
  if (error !== undefined) throw error
  return {stdout, stderr, exitCode}
}

/** A function, since the compiler takes the exit code for the one assigned last. */
function exitCodeNow(): number {
  return Number(process.exitCode ?? 0)
}
