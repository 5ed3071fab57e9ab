/** Wrong use of a command. The message says what was wrong, what was expected and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
