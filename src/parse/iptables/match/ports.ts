import {parsePortRange} from '../../../net/index.js'
import type {Match} from '../../../model/index.js'
import type {RuleReader} from '../ruleReader.js'
import type {ReadOption} from './loadedMatch.js'

function readPorts(kind: 'source-port' | 'destination-port', reader: RuleReader): Match | null {
  const range = parsePortRange(reader.value() ?? '')
  return range === null ? null : {kind, negated: reader.negated, range}
}

const readSource: ReadOption = reader => readPorts('source-port', reader)
const readDestination: ReadOption = reader => readPorts('destination-port', reader)

/** `--sport`, `--dport` and their long spellings, shared by tcp, udp, udplite, sctp and dccp. */
export const PORT_OPTIONS: Readonly<Record<string, ReadOption>> = {
  '--sport': readSource,
  '--source-port': readSource,
  '--dport': readDestination,
  '--destination-port': readDestination,
}
