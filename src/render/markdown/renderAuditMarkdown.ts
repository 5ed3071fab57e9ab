import type {AuditReport, JsonFinding} from '../../model/index.js'
import {describeFates} from '../explain/describeFates.js'
import {explainCommand} from '../explain/explainCommand.js'
import {countSeverities} from '../explain/severities.js'
import {renderCapture} from './capture.js'
import {codeBlock, details, escapeMarkdown, inlineCode} from './escape.js'

/** Findings for a ticket, worst first. The same report gives the same bytes. */
export function renderAuditMarkdown(report: AuditReport): string {
  const lines = [
    `### ${countSeverities(report.findings)}`,
    '',
    ...report.findings.flatMap(finding => renderFinding(report.capture.source, finding)),
    ...renderCapture(report),
  ]
  return `${lines.join('\n')}\n`
}

function renderFinding(
  source: string,
  {severity, code, title, text, evidence, pods, services, flow, proof, repair, remedy, reference}: JsonFinding,
): string[] {
  const hit = [...pods.map(({name, ip}) => (name === null ? ip : `${name} (${ip})`)), ...services]
  return [
    `**${severity}** \`${code}\` ${escapeMarkdown(title)}`,
    '',
    escapeMarkdown(text),
    '',
    ...(flow === null ? [] : [`Shown by ${inlineCode(explainCommand(flow, source))}`, '']),
    ...(proof === null ? [] : [`Now: ${escapeMarkdown(describeFates(proof.now).join('; '))}`, '']),
    ...(proof?.repaired == null ? [] : [`Repaired: ${escapeMarkdown(describeFates(proof.repaired).join('; '))}`, '']),
    ...(repair.length === 0 ? [] : ['Repair:', '', ...codeBlock(repair), '']),
    `Remedy: ${escapeMarkdown(remedy)}`,
    '',
    ...(reference === null ? [] : [`See <${escapeMarkdown(reference).replace('&#58;', ':')}>`, '']),
    ...details(`The lines (${evidence.length})`, codeBlock(evidence.map(citation))),
    ...(hit.length === 0
      ? []
      : details(
          `What it hits (${hit.length})`,
          hit.map(name => `- ${escapeMarkdown(name)}`),
        )),
  ]
}

function citation({document, line, text}: JsonFinding['evidence'][number]): string {
  return `${document}:${line}  ${text.trim()}`
}
