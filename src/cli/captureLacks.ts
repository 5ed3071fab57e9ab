/** The capture does not hold what was asked for. */
export class CaptureLacks extends Error {
  override readonly name = 'CaptureLacks'
  readonly nextSteps: readonly string[]

  constructor(command: string) {
    super(`The capture has no output of \`${command}\`, so this is not known of the node.`)
    this.nextSteps = [`Add the output of \`${command}\` to the capture.`]
  }
}
