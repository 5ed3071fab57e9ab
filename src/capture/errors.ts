/** Who must act: the user (a wrong path, an unreadable file), somebody else (host, network, permission), or we. */
export type ErrorOwner = 'user' | 'external' | 'bug'

interface Advice {
  /** What to do now, each a sentence or a command. */
  readonly nextSteps?: readonly string[]
  readonly cause?: unknown
}

/** An error whose message is one paragraph for the person at the terminal. */
export abstract class EkspathError extends Error {
  abstract readonly owner: ErrorOwner
  readonly nextSteps: readonly string[]

  constructor(message: string, {nextSteps = [], cause}: Advice = {}) {
    super(message, cause === undefined ? undefined : {cause})
    this.name = new.target.name
    this.nextSteps = nextSteps
  }
}

/** The input could not be read: missing, empty, no capture, over a limit. Exit code 3. */
export class InputError extends EkspathError {
  readonly owner = 'user'
}

/** A flag or a host name that makes no sense. Exit code 2. */
export class UsageError extends EkspathError {
  readonly owner = 'user'
}

/** The node, the network or a permission failed us while collecting. Exit code 4. */
export class CollectionError extends EkspathError {
  readonly owner = 'external'
  /** Null: this machine. */
  readonly host: string | null
  readonly stderr: string

  constructor(
    message: string,
    {host = null, stderr = '', ...advice}: Advice & {host?: string | null; stderr?: string} = {},
  ) {
    super(message, advice)
    this.host = host
    this.stderr = stderr
  }
}

/** Something that cannot be. Exit code 70. */
export class BugError extends EkspathError {
  readonly owner = 'bug'
}
