import type {CaptureCommand} from './captureCommands.js'

/** The command as it is run: with `sudo -n`, which fails and never asks, where it needs root and the user is not. */
export function withPrivilege({command, root}: CaptureCommand, sudo: boolean): string {
  return root && sudo ? `sudo -n ${command}` : command
}
