import type {IpvsQuestion, Match} from '../../../model/index.js'
import {type Family, parsePort, parseProtocol} from '../../../net/index.js'
import {parseAddressMask} from '../values/addressMask.js'
import {neededOptions, type ReadOption} from './loadedMatch.js'

/** What an option asks, by its value as a save or a listing prints it. Null: the value makes no sense. */
export function parseIpvsQuestion(option: IpvsQuestion['option'], value: string, family: Family): IpvsQuestion | null {
  switch (option) {
    case 'ipvs':
      return {option}
    case 'vaddr': {
      const prefix = parseAddressMask(value, family)
      return prefix && {option, prefix}
    }
    case 'vproto': {
      const protocol = parseProtocol(value)
      return protocol === null ? null : {option, protocol}
    }
    case 'vport':
    case 'vportctl': {
      const port = parsePort(value)
      return port === null ? null : {option, port}
    }
    case 'vdir':
      return value === 'ORIGINAL' || value === 'REPLY' ? {option, direction: value} : null
    case 'vmethod':
      return value === 'GATE' || value === 'IPIP' || value === 'MASQ' ? {option, method: value} : null
  }
}

function read(option: IpvsQuestion['option']): ReadOption {
  return (reader): Match | null => {
    const {negated} = reader
    const asks = parseIpvsQuestion(option, option === 'ipvs' ? '' : (reader.value() ?? ''), reader.family)
    return asks && {kind: 'ipvs', negated, asks}
  }
}

export const ipvs = neededOptions({
  '--ipvs': read('ipvs'),
  '--vaddr': read('vaddr'),
  '--vproto': read('vproto'),
  '--vport': read('vport'),
  '--vportctl': read('vportctl'),
  '--vdir': read('vdir'),
  '--vmethod': read('vmethod'),
})
