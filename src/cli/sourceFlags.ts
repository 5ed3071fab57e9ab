import {Flags} from '@oclif/core'

/** Where the node's state comes from. */
export const sourceFlags = {
  from: Flags.string({
    summary:
      'capture: folder, archive, file, - for standard input, or sample:net410; without it, the node this runs on',
    helpGroup: 'SOURCE',
    helpValue: 'CAPTURE',
  }),
}
