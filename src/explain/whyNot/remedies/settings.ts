import type {NodeState} from '../../../model/index.js'
import {type Case, type Remedy, wayOf} from '../case.js'

/** Settings of the kernel that lose packets: forwarding, source validation, early demultiplexing. */
export function* settings(c: Case): Generator<Remedy> {
  const way = wayOf(c)
  const device = inInterface(c)
  switch (way.reason) {
    case 'FORWARDING_DISABLED':
      yield* forwarding(c, device)
      return
    case 'SOURCE_VALIDATION':
      if (device !== null) yield strictValidation(c, device)
      return
    case 'EARLY_DEMUX':
      yield remedy(
        c.state,
        'routing',
        'early demultiplexing gives the packet to a socket of the node',
        'net.ipv4.tcp_early_demux',
        '0',
      )
      return
    default:
      return
  }
}

/** By which the packet, or its reply, came in. */
function inInterface({symptom, explanation, outcome}: Case): string | null {
  return symptom.way === 'reply' ? (outcome.egress?.interface ?? null) : explanation.origin.interface
}

function* forwarding({state, flow}: Case, device: string | null): Generator<Remedy> {
  const global = flow.family === 4 ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding'
  const own = device === null ? null : `net.ipv${flow.family}.conf.${device.replaceAll('.', '/')}.forwarding`
  if (state.sysctl?.get(global)?.value !== '0' && own !== null && state.sysctl?.get(own)?.value === '0') {
    yield remedy(state, 'routing', `${device ?? ''} does not forward what comes in by it`, own, '1')
    return
  }
  yield remedy(
    state,
    'routing',
    'the node does not forward, and everything that pods send and receive is forwarded',
    global,
    '1',
  )
}

/** The larger of `all` and the interface counts: 2 is loose whatever `all` says. */
function strictValidation({state}: Case, device: string): Remedy {
  const key = `net.ipv4.conf.${device.replaceAll('.', '/')}.rp_filter`
  const all = state.sysctl?.get('net.ipv4.conf.all.rp_filter')
  const own = state.sysctl?.get(key)
  const by = own?.value === '1' || all === undefined ? key : 'net.ipv4.conf.all.rp_filter'
  const text = `source validation is strict on ${device} (${by} = 1), and the way back to the source is another interface`
  const {repair, missing} = remedy(state, 'routing', text, key, '2')
  return {stage: 'source-validation', text, missing, taken: (own?.value === '1' ? own : all) ?? null, repair}
}

function remedy({sysctl}: NodeState, stage: string, text: string, key: string, value: string): Remedy {
  return {
    stage,
    text,
    missing: [`${key} = ${value}`],
    taken: sysctl?.get(key) ?? null,
    repair: [`sysctl -w ${key}=${value}`],
  }
}
