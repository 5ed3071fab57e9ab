/** Text by what it means; the plain style returns it unchanged. */
export interface Style {
  /** What the eye should find first. */
  readonly strong: (text: string) => string
  /** Evidence, hints, what can be skipped. */
  readonly faint: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  /** The packet was changed. */
  readonly change: (text: string) => string
  /** Not decided. */
  readonly unsure: (text: string) => string
}

const sgr = (open: string, close: number) => (text: string) =>
  text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`
const same = (text: string) => text

export const plainStyle: Style = {strong: same, faint: same, good: same, bad: same, change: same, unsure: same}

/** The 16 colours, so that the terminal's own theme decides. */
export const colourStyle: Style = {
  strong: sgr('1', 22),
  faint: sgr('2', 22),
  good: sgr('32', 39),
  bad: sgr('31', 39),
  change: sgr('33', 39),
  unsure: sgr('35', 39),
}
