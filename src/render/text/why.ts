import type {JsonLine, JsonWhy} from '../../model/index.js'
import {escapeText} from '../escapeText.js'
import type {ExplanationGroup} from '../explain/groupExplanations.js'
import {describeTrial, whysOf} from '../explain/whysOf.js'
import {displayWidth, padEnd} from './displayWidth.js'
import {blanks, LABEL, MARGIN, type Page} from './layout.js'
import {wrapWords} from './wrap.js'
import {wrapRule} from './wrapRule.js'

/** Why a flow does not go as on a healthy node; nothing where it does. Begins with a blank line. */
export function renderWhy(page: Page, group: ExplanationGroup, title = 'WHY'): string[] {
  const whys = whysOf(group)
  if (whys.length === 0) return []
  return [
    '',
    page.style.strong(title),
    ...whys.flatMap(({why, label}, i) => [...(i === 0 ? [] : ['']), ...renderOne(page, why, label)]),
  ]
}

function renderOne(page: Page, why: JsonWhy, label: string): string[] {
  const {style, width} = page
  const symptom = `${label === '' ? '' : `${label}: `}${why.symptom}`
  const trial = describeTrial(why)
  return [
    ...wrapWords(escapeText(symptom), width - MARGIN, 2).map(line => blanks(MARGIN) + style.bad(line)),
    ...why.causes.flatMap(({stage, text, missing, found}) => [
      ...field(page, stage.replace('/', ' '), wrapped(page, text)),
      ...field(
        page,
        'missing',
        missing.flatMap(line => rule(page, line).map(style.strong)),
      ),
      ...field(page, 'found', found === null ? [] : cited(page, found)),
    ]),
    ...field(page, 'took it', why.takenBy === null ? [] : cited(page, why.takenBy)),
    ...field(
      page,
      'shadowed',
      why.shadowed.flatMap(line => cited(page, line)),
    ),
    ...field(
      page,
      'near miss',
      why.nearest.flatMap(line => [
        ...cited(page, line),
        ...wrapWords(escapeText(line.miss), room(page) - 2).map(text => `  ${text}`),
      ]),
    ),
    ...field(
      page,
      'repair',
      why.repair.flatMap(line => rule(page, line).map(style.strong)),
    ),
    ...(trial === null
      ? []
      : field(page, '', wrapped(page, trial).map(why.restores === true ? style.good : style.unsure))),
    ...field(page, 'look at', why.advice === null ? [] : wrapped(page, why.advice)),
  ]
}

/** Columns left for what stands beside a name. */
function room({width}: Page): number {
  return width - MARGIN - LABEL
}

function field({style}: Page, name: string, lines: readonly string[]): string[] {
  const [first, ...rest] = lines
  if (first === undefined) return []
  const left = blanks(MARGIN + LABEL)
  const label = escapeText(name)
  const fits = displayWidth(label) + 2 <= LABEL
  const head = fits
    ? [blanks(MARGIN) + style.faint(padEnd(label, LABEL)) + first]
    : [blanks(MARGIN) + style.faint(label), left + first]
  return [...head, ...rest.map(line => left + line)]
}

function wrapped(page: Page, text: string): string[] {
  return wrapWords(escapeText(text), room(page))
}

function rule(page: Page, text: string): string[] {
  return wrapRule(escapeText(text), room(page))
}

function cited(page: Page, {document, line, text}: JsonLine): string[] {
  const source = escapeText(`${document}:${line}`)
  const words = escapeText(text).trim().replace(/ +/g, ' ')
  if (displayWidth(source) + 2 + displayWidth(words) <= room(page)) return [`${page.style.faint(source)}  ${words}`]
  return [
    ...wrapWords(source, room(page)).map(page.style.faint),
    ...wrapRule(words, room(page) - 2).map(part => `  ${part}`),
  ]
}
