import {UsageError} from '../errors.js'

/** Where to connect, as the user wrote it. */
export interface SshTarget {
  /** Host name, address or an alias of ~/.ssh/config. */
  readonly host: string
  readonly user: string | null
  readonly port: number | null
}

/** `host`, `user@host`, `user@host:2222`, `user@[fd00::1]:22`, `ssh://user@host:22`. @throws UsageError */
export function parseSshTarget(text: string): SshTarget {
  //                       user            [v6]           or host      port
  const parts =
    /^(?:ssh:\/\/)?(?:([^@/\s]+)@)?(?:\[([^\]\s]+)\]|([^:@/\s]+|[^@/\s]*::[^@/\s]*))(?::(\d{1,5}))?\/?$/.exec(text)
  const host = parts?.[2] ?? parts?.[3]
  const port = parts?.[4] === undefined ? null : Number(parts[4])
  // a leading dash would be an option of ssh
  if (
    host === undefined ||
    host.startsWith('-') ||
    parts?.[1]?.startsWith('-') === true ||
    (port !== null && (port < 1 || port > 65535))
  ) {
    throw new UsageError(`"${text}" is no SSH destination: expected [user@]host[:port].`)
  }
  return {host, user: parts?.[1] ?? null, port}
}
