import {readFile} from 'node:fs/promises'
import type {AnyAuthMethod, ParsedKey} from 'ssh2'
import type {SshConfig} from './sshConfig.js'

/** Asks the person at the terminal for the passphrase of a key file; null: no answer. */
export type AskPassphrase = (file: string) => Promise<string | null>

/**
 * What to log in with, in the order in which ssh tries it: the agent's keys, key files, and last the encrypted ones, for which a
 * passphrase is asked when it is their turn. Passwords are not used.
 * @param onLocked told of each encrypted key that stays closed
 */
export async function* authMethods(
  config: SshConfig,
  ask: AskPassphrase | undefined,
  onLocked: (file: string) => void,
): AsyncGenerator<AnyAuthMethod, undefined> {
  const {default: ssh2} = await import('ssh2')
  const offer = (key: ParsedKey): AnyAuthMethod => ({type: 'publickey', username: config.user, key})
  const keys: ParsedKey[] = []
  const encrypted: {file: string; data: Buffer}[] = []
  for (const file of config.identityFiles) {
    const data = await readFile(file).catch(() => null)
    if (data === null) continue
    const parsed = ssh2.utils.parseKey(data)
    if (!(parsed instanceof Error)) keys.push(...[parsed].flat())
    else if (/encrypted|passphrase/i.test(parsed.message)) encrypted.push({file, data})
  }
  // an agent may hold many keys, and servers hang up after a few: with IdentitiesOnly its keys come after the named ones
  const agent: AnyAuthMethod[] =
    config.agent === null ? [] : [{type: 'agent', username: config.user, agent: config.agent}]
  yield* config.identitiesOnly ? [...keys.map(offer), ...agent] : [...agent, ...keys.map(offer)]
  for (const {file, data} of encrypted) {
    const passphrase = (await ask?.(file)) ?? null
    const parsed = passphrase === null ? null : ssh2.utils.parseKey(data, passphrase)
    if (parsed === null || parsed instanceof Error) onLocked(file)
    else yield* [parsed].flat().map(offer)
  }
  return undefined
}
