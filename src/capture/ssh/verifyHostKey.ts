import {createHash} from 'node:crypto'
import {CollectionError} from '../errors.js'
import {entriesOf, type KnownHost} from './knownHosts.js'

export interface HostIdentity {
  /** As the user named the host. */
  readonly label: string
  /** The name its key is known under. */
  readonly name: string
  readonly port: number
}

/** `SHA256:…` without padding, as ssh prints it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** The key's own type, which its blob begins with: a length of four bytes and a name. */
export function keyType(key: Uint8Array): string {
  const blob = Buffer.from(key)
  return blob.length < 4 ? '' : blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1')
}

/**
 * Why a host's key is not trusted; null: it is. There is no "yes" to say: an unknown key is refused.
 * @param key the blob that the server showed
 * @param pinned fingerprint of --host-key, which alone counts where it is given
 */
export function refuseHostKey(
  key: Uint8Array,
  host: HostIdentity,
  known: readonly KnownHost[],
  pinned?: string,
): CollectionError | null {
  const shown = `${keyType(key)} ${fingerprint(key)}`
  if (pinned !== undefined) {
    return pinned.replace(/=+$/, '') === fingerprint(key)
      ? null
      : refusal(host, `shows the key ${shown}, not the one given with --host-key (${pinned})`)
  }
  const entries = entriesOf(known, host.name, host.port)
  const blob = Buffer.from(key).toString('base64')
  const revoked = entries.find(entry => entry.marker === 'revoked' && entry.key === blob)
  if (revoked !== undefined) return refusal(host, `shows a key that ${place(revoked)} revokes (${shown})`)
  const plain = entries.filter(entry => entry.marker === null)
  if (plain.some(entry => entry.key === blob)) return null
  const changed = plain.find(entry => entry.type === keyType(key))
  if (changed !== undefined) {
    return refusal(
      host,
      `shows another key than the one in ${place(changed)}: ${shown}. Somebody may be listening, or the host was made anew`,
    )
  }
  const authority = entries.find(entry => entry.marker === 'cert-authority')
  const reason =
    authority === undefined
      ? `shows a key that no known_hosts file has: ${shown}`
      : `is trusted by certificates (${place(authority)}), which are not supported here; it shows the key ${shown}`
  return refusal(host, reason)
}

function place({file, line}: KnownHost): string {
  return `${file}:${line}`
}

function refusal({label}: HostIdentity, reason: string): CollectionError {
  return new CollectionError(`${label} ${reason}. No connection is made.`, {
    host: label,
    nextSteps: [`Connect once with \`ssh ${label}\` and compare the fingerprint, or pass it: --host-key SHA256:…`],
  })
}
