import type {ConntrackEntry, NodeState} from '../model/index.js'
import {parseAddress, parsePort, parseProtocol} from '../net/index.js'
import type {EditCommand, Edited} from './command.js'

type Filter = (entry: ConntrackEntry) => boolean

/** `conntrack -D` with conditions on the original or reply direction, or `conntrack -F`. */
export function editConntrack(state: NodeState, command: EditCommand): Edited {
  const {conntrack} = state
  if (conntrack === null) command.refuse('the capture has no `conntrack -L`: there is no connection to delete.')
  const action = command.need('-D or -F')
  if (action === '-F' || action === '--flush') {
    command.end()
    return {state: {...state, conntrack: []}, effect: `deleted ${countOf(conntrack.length)}`}
  }
  if (action !== '-D' && action !== '--delete') command.fail('-D or -F')
  const filters: Filter[] = []
  for (let option = command.take(); option !== undefined; option = command.take()) {
    filters.push(readFilter(command, option))
  }
  const kept = conntrack.filter(entry => !filters.every(filter => filter(entry)))
  const deleted = conntrack.length - kept.length
  if (deleted === 0) command.refuse('no connection of the capture is like that.')
  return {state: {...state, conntrack: kept}, effect: `deleted ${countOf(deleted)}`}
}

function countOf(count: number): string {
  return count === 1 ? '1 connection' : `${count} connections`
}

function readFilter(command: EditCommand, option: string): Filter {
  switch (option) {
    case '-p':
    case '--proto': {
      const protocol = parseProtocol(command.need('a protocol')) ?? command.fail('a protocol')
      return entry => entry.protocol === protocol
    }
    case '-s':
    case '--src':
    case '--orig-src':
      return addressFilter(command, ({original}) => original.source)
    case '-d':
    case '--dst':
    case '--orig-dst':
      return addressFilter(command, ({original}) => original.destination)
    case '-r':
    case '--reply-src':
      return addressFilter(command, ({reply}) => reply.source)
    case '-q':
    case '--reply-dst':
      return addressFilter(command, ({reply}) => reply.destination)
    case '--sport':
    case '--orig-port-src':
      return portFilter(command, ({original}) => original.sourcePort)
    case '--dport':
    case '--orig-port-dst':
      return portFilter(command, ({original}) => original.destinationPort)
    default:
      return command.fail('-p, -s, -d, -r, -q, --sport or --dport')
  }
}

function addressFilter(command: EditCommand, of: (entry: ConntrackEntry) => unknown): Filter {
  const address = parseAddress(command.need('an address')) ?? command.fail('an address')
  return entry => of(entry) === address
}

function portFilter(command: EditCommand, of: (entry: ConntrackEntry) => number | null): Filter {
  const port = parsePort(command.need('a port')) ?? command.fail('a port')
  return entry => of(entry) === port
}
