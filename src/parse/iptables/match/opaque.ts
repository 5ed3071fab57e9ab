import type {Match, OpaqueReason} from '../../../model/index.js'
import type {RuleReader} from '../ruleReader.js'
import type {LoadedMatch, LoadMatch, ReadOption} from './loadedMatch.js'

/** A recognised module that is not modelled, with the names of its options. Its text is kept as it stands. */
export function opaque(module: string, reason: OpaqueReason, optionNames: string): LoadMatch {
  const options = new Set(optionNames.split(' ').map(name => `--${name}`))
  return reader =>
    verbatim(
      reader,
      option => options.has(option),
      (negated, text) => ({kind: 'opaque', negated, module, text, reason}),
    )
}

/** A module that the grammar does not know: each long option behind it is taken for its own. */
export function unrecognised(reader: RuleReader): LoadedMatch {
  return verbatim(
    reader,
    option => option.startsWith('--'),
    (negated, text) => ({kind: 'unrecognised', negated, text}),
  )
}

/** One option of a modelled module that is not modelled itself: a match of its own, as if its module stood there for it alone. */
export function opaqueOption(module: string, reason: OpaqueReason): ReadOption {
  return reader => {
    reader.skipValues()
    return {kind: 'opaque', negated: reader.negated, module, text: `-m ${module} ${reader.optionText(false)}`, reason}
  }
}

/** The `!` of a sole option becomes the match's, so that a rule and its opposite are seen to ask one question. */
function verbatim(
  reader: RuleReader,
  has: (option: string) => boolean,
  make: (negated: boolean, text: string) => Match,
): LoadedMatch {
  const module = reader.optionText()
  const texts: string[] = []
  let negated = false
  let bare = ''
  return {
    needsOption: false,
    has,
    read: (_option, optionReader) => {
      optionReader.skipValues()
      negated = optionReader.negated
      bare = optionReader.optionText(false)
      texts.push(optionReader.optionText())
      return undefined
    },
    finish: () => [texts.length === 1 ? make(negated, `${module} ${bare}`) : make(false, [module, ...texts].join(' '))],
  }
}
