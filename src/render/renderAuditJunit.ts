import type {AuditReport, JsonFinding} from '../model/index.js'
import {escapeText} from './escapeText.js'

/**
 * JUnit XML for CI: a test case for each check, failed where it found something.
 * @param checks every check there is
 * @param fails does a finding fail its case; others are printed as its output
 */
export function renderAuditJunit(
  report: AuditReport,
  checks: readonly {readonly code: string; readonly title: string}[],
  fails: (finding: JsonFinding) => boolean,
): string {
  const failures = new Set(report.findings.filter(fails).map(({code}) => code)).size
  const cases = checks.map(({code, title}) =>
    renderCase(
      code,
      title,
      report.findings.filter(found => found.code === code),
      fails,
    ),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="ekspath audit ${attribute(report.capture.source)}" tests="${checks.length}" failures="${failures}">
${cases.join('\n')}
</testsuite>
</testsuites>
`
}

function renderCase(
  code: string,
  title: string,
  findings: readonly JsonFinding[],
  fails: (finding: JsonFinding) => boolean,
): string {
  const name = `<testcase classname="ekspath" name="${attribute(`${code} ${title}`)}"`
  if (findings.length === 0) return `${name}/>`
  const parts = findings.map(finding =>
    fails(finding)
      ? `<failure type="${finding.severity}" message="${attribute(finding.text)}">${content(describe(finding))}</failure>`
      : `<system-out>${content(`${finding.severity}: ${finding.text}\n${describe(finding)}`)}</system-out>`,
  )
  return `${name}>\n${parts.join('\n')}\n</testcase>`
}

function describe({evidence, repair, remedy}: JsonFinding): string {
  return [...evidence.map(({document, line, text}) => `${document}:${line}  ${text.trim()}`), ...repair, remedy].join(
    '\n',
  )
}

function attribute(text: string): string {
  return content(text).replaceAll('"', '&quot;')
}

/** XML 1.0 knows no control characters at all: they are escaped as everywhere, line ends kept. */
function content(text: string): string {
  return text
    .split('\n')
    .map(escapeText)
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
