import type {ExplainReport, JsonExplanation} from '../model/index.js'

/** What the process ends with, with and without --json. Documented in the README and in `--help`. */
export const EXIT = {
  /** Every outcome arrives. */
  arrives: 0,
  /** Some outcome does not arrive. */
  lost: 1,
  /** Wrong use of the command. */
  usage: 2,
  /** The input could not be read, or the answer is undetermined. */
  unknown: 3,
  /** State could not be collected: SSH, permission. */
  collection: 4,
  /** An error of ekspath itself. */
  bug: 70,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/**
 * A lost outcome is certain news and so weighs more than an undetermined one. With --what-if the question is what comes of the edits: the
 * edited walk answers.
 */
export function exitCodeOf({explanations}: Pick<ExplainReport, 'explanations'>): ExitCode {
  const dispositions = explanations.flatMap((explanation: JsonExplanation) =>
    (explanation.whatIf ?? explanation).outcomes.map(outcome => outcome.disposition),
  )
  if (
    dispositions.some(
      disposition => disposition === 'dropped' || disposition === 'rejected' || disposition === 'unroutable',
    )
  ) {
    return EXIT.lost
  }
  return dispositions.includes('undetermined') ? EXIT.unknown : EXIT.arrives
}
