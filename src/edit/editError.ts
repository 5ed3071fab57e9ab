/** An edit that cannot be read, or that the kernel would refuse. The message says which edit, where in it, and what was expected. */
export class EditError extends Error {
  override readonly name = 'EditError'
}
