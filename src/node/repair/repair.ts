/** Undoes what people and programs do to a text between the tool and us. Line numbers stay: what goes leaves an empty line. */
export interface Repair {
  /** What was undone, as a phrase: `a pager`. */
  readonly name: string
  /** @returns the very same string where there is nothing to undo */
  apply(text: string): string
}
