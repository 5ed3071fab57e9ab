import type {ExplainReport} from '../../model/index.js'
import {foldCases} from '../explain/foldCases.js'
import {type ExplanationGroup, groupExplanations} from '../explain/groupExplanations.js'
import {mergePhases} from '../explain/mergePhases.js'
import {variantsOf} from '../explain/variants.js'
import {renderAnswer} from './answer.js'
import type {Page} from './layout.js'
import {renderPhases} from './phases.js'
import {renderReply} from './reply.js'
import {renderRemarks} from './remarks.js'
import {isWhatIf, renderWhatIf} from './whatIf.js'
import {renderWhy} from './why.js'

/** An explanation for a terminal: the answer, the phases that prove it, the reply's way, then what was assumed. Ends with a line end. */
export function renderExplainText(report: ExplainReport, page: Page): string {
  const groups = groupExplanations(report.explanations.map(foldCases))
  const sections = [
    ...groups.flatMap((group, i) =>
      isWhatIf(group) ? renderWhatIf(page, report, group, i === 0) : renderGroup(page, report, group),
    ),
    ...renderRemarks(page, report),
  ]
  return `${sections.join('\n')}\n`
}

function renderGroup(page: Page, report: ExplainReport, group: ExplanationGroup): string[] {
  const phases = renderPhases(page, mergePhases(variantsOf(group, outcome => outcome)), report.findings)
  const reply = renderReply(page, mergePhases(variantsOf(group, outcome => outcome.reply ?? null)))
  return [
    ...renderAnswer(page, report, group),
    ...phases,
    ...(reply.length === 0 ? [] : ['', page.style.strong('REPLY, folded'), ...reply]),
    ...renderWhy(page, group),
    '',
  ]
}
