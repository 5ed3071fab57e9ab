import type {Check} from './check.js'

/** The page of a check in docs/findings/, in Markdown. */
export function checkPage(check: Check): string {
  const {code, severity, title, meaning, signature, remedy, reference} = check
  const sections = [
    `# ${code}: ${title}`,
    `Severity: ${severity}`,
    `## What it means\n\n${meaning}`,
    `## How it shows\n\n${signature}`,
    `## What to do\n\n${remedy}`,
    ...(reference === null ? [] : [`## See also\n\n<${reference}>`]),
  ]
  return `${sections.join('\n\n')}\n`
}
