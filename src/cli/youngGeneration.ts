import {setFlagsFromString} from 'node:v8'

/** Captures of fewer bytes are read before V8 makes anything larger, and to load `node:v8` takes longer than that. */
const LARGE = 1 << 20
/** Whose V8 has the flag, and was measured. */
const MEASURED = process.versions.node.startsWith('20.')

/**
 * How much room V8 gives to young objects. What is read of a capture stays, and V8 takes what stays for a reason to double the room, up to 32 MB: of one
 * answer that makes a large part of the memory and nothing quicker.
 */
export const youngGeneration = {
  /** @param bytes of a capture that is about to be parsed */
  keepSmall(bytes: number): void {
    if (MEASURED && bytes >= LARGE) setFlagsFromString('--semi-space-growth-factor=1')
  },

  /** As V8 has it: for thousands of answers, each of which leaves nothing behind. */
  letGrow(): void {
    if (MEASURED) setFlagsFromString('--semi-space-growth-factor=2')
  },
}
