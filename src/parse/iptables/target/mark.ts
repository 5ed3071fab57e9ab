import type {RuleReader} from '../ruleReader.js'
import {FULL_MASK, parseUint32} from '../../../net/index.js'
import type {Target} from '../../../model/index.js'
import {type MarkOperation, normaliseSet} from '../values/masked.js'
import {type LoadTarget, oneOption} from './loadedTarget.js'

function setter(kind: 'mark' | 'connmark-set', operation: MarkOperation) {
  return (reader: RuleReader): Target | null => {
    const set = normaliseSet(operation, reader.value() ?? '')
    return set === null ? null : {kind, set}
  }
}

export const mark: LoadTarget = oneOption({
  '--set-mark': setter('mark', 'set'),
  '--set-xmark': setter('mark', 'xset'),
  '--and-mark': setter('mark', 'and'),
  '--or-mark': setter('mark', 'or'),
  '--xor-mark': setter('mark', 'xor'),
})

const SETTERS: Readonly<Record<string, MarkOperation>> = {
  '--set-mark': 'set',
  '--set-xmark': 'xset',
  '--and-mark': 'and',
  '--or-mark': 'or',
  '--xor-mark': 'xor',
}
const OPTIONS = new Set([...Object.keys(SETTERS), '--save-mark', '--restore-mark', '--mask', '--nfmask', '--ctmask'])

/** `--mask` is both masks; without one they are all ones. */
export const connmark: LoadTarget = () => {
  let set: Target | null = null
  let copy: 'connmark-save' | 'connmark-restore' | null = null
  let nfMask = FULL_MASK
  let ctMask = FULL_MASK
  return {
    has: option => OPTIONS.has(option),
    read: (option, reader) => {
      if (option === '--save-mark' || option === '--restore-mark') {
        if (copy !== null) return false
        copy = option === '--save-mark' ? 'connmark-save' : 'connmark-restore'
        return true
      }
      const operation = SETTERS[option]
      if (operation !== undefined) {
        if (set !== null) return false
        set = setter('connmark-set', operation)(reader)
        return set !== null
      }
      const mask = parseUint32(reader.value() ?? '')
      if (mask === null) return false
      if (option !== '--ctmask') nfMask = mask
      if (option !== '--nfmask') ctMask = mask
      return true
    },
    finish: () => {
      if (copy === null) return set
      return set === null ? {kind: copy, nfMask, ctMask} : null
    },
  }
}
