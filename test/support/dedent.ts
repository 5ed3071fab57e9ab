/** A text block without the indentation that all its lines share, and without the line breaks at its ends. */
export function dedent(text: string): string {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n')
  const indents = lines.flatMap(line => (line.trim() === '' ? [] : [line.search(/\S/)]))
  const indent = Math.min(...indents)
  return lines.map(line => line.slice(indent).trimEnd()).join('\n')
}
