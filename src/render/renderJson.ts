/** A report as JSON text, indented by two blanks, with a line end. */
export function renderJson(report: object): string {
  return `${JSON.stringify(report, null, 2)}\n`
}
