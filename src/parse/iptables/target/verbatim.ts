import type {Target} from '../../../model/index.js'
import type {RuleReader} from '../ruleReader.js'
import type {LoadedTarget, LoadTarget} from './loadedTarget.js'

/** A target that lets the packet go on and changes nothing that an answer depends on. */
export function passing(name: string, optionNames = ''): LoadTarget {
  return verbatim(optionNames, text => ({kind: 'continue', name, text}))
}

/** A known target that is not modelled: it ends the walk. */
export function ending(name: string, optionNames = ''): LoadTarget {
  return verbatim(optionNames, text => ({kind: 'opaque', name, text, recognised: true}))
}

function verbatim(optionNames: string, make: (text: string) => Target): LoadTarget {
  const options = new Set(optionNames.split(' ').map(option => `--${option}`))
  return () => ({
    has: option => options.has(option),
    read: readAny,
    finish: make,
  })
}

function readAny(_option: string, reader: RuleReader): true {
  reader.skipValues()
  return true
}

/** An extension that the grammar does not know: each long option behind it is taken for its own. */
export function unknownTarget(name: string): LoadedTarget {
  return {
    has: option => option.startsWith('--'),
    read: readAny,
    finish: text => ({kind: 'opaque', name, text, recognised: false}),
  }
}
