import type {SshOptions} from '../capture/index.js'
import {askPassphrase} from './askPassphrase.js'
import type {SshFlagValues} from './sourceFlags.js'

/** What the flags say of SSH. A passphrase is only asked for where somebody can answer. */
export function sshOptions(flags: SshFlagValues): SshOptions {
  const knownHosts = flags['known-hosts']
  return {
    hostKey: flags['host-key'],
    knownHosts: knownHosts === undefined ? undefined : [knownHosts],
    askPassphrase: process.stdin.isTTY && process.stderr.isTTY ? askPassphrase : undefined,
  }
}
