import {Flags} from '@oclif/core'

/** How a host is reached, and why it is trusted. */
export const sshFlags = {
  'known-hosts': Flags.string({
    summary: 'SSH: file of trusted host keys, instead of those of your SSH configuration',
    helpGroup: 'SOURCE',
    helpValue: 'FILE',
  }),
  'host-key': Flags.string({
    summary: 'SSH: the only host key to accept',
    helpGroup: 'SOURCE',
    helpValue: 'SHA256:…',
  }),
}

/** Where the node's state comes from. */
export const sourceFlags = {
  from: Flags.string({
    summary:
      'capture: folder, archive, file, - for standard input, or sample:net410; without it, the node this runs on',
    helpGroup: 'SOURCE',
    helpValue: 'CAPTURE',
    exclusive: ['ssh'],
  }),
  ssh: Flags.string({
    summary: 'the node at the other end of SSH: [user@]host[:port], also an alias of ~/.ssh/config',
    helpGroup: 'SOURCE',
    helpValue: 'HOST',
  }),
  ...sshFlags,
}

/** What oclif makes of `sshFlags`. */
export interface SshFlagValues {
  readonly 'known-hosts'?: string | undefined
  readonly 'host-key'?: string | undefined
}

/** What oclif makes of `sourceFlags`. */
export interface SourceFlagValues extends SshFlagValues {
  readonly from?: string | undefined
  readonly ssh?: string | undefined
}
