import type {JsonFlow} from '../../model/index.js'
import {hostPort} from '../../net/index.js'

const PORTED = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite'])
/** What a shell takes as it is. */
const PLAIN = /^[\w.:/@,+=-]+$/

/**
 * The command that explains a flow: `ekspath explain --src node --dst 10.100.0.10:53 --proto udp --from node.tar.gz`.
 * @param source of the capture, as a report names it
 */
export function explainCommand(flow: JsonFlow, source: string): string {
  const ported = PORTED.has(flow.proto)
  const icmpType =
    flow.icmpType === undefined ? null : `${flow.icmpType}${flow.icmpCode === undefined ? '' : `/${flow.icmpCode}`}`
  const flags: readonly (readonly [string, string | number | null | undefined])[] = [
    ['src', flow.src === null ? 'node' : endpoint(flow.src, ported ? flow.sport : null)],
    ['dst', endpoint(flow.dst, ported ? flow.dport : null)],
    ['proto', flow.proto],
    // an interface that follows from the source need not be given, and harms nobody
    ['iif', flow.iif],
    ['oif', flow.oif],
    ['mark', flow.mark === 0 ? null : `0x${flow.mark.toString(16)}`],
    ['dscp', flow.dscp],
    ['ttl', flow.ttl],
    ['tcp-flags', flow.tcpFlags],
    ['icmp-type', icmpType],
    ['ct-state', flow.ctState],
    ...sourceFlag(source),
  ]
  const words = flags.flatMap(([name, value]) => (value == null ? [] : [`--${name}`, quote(String(value))]))
  return ['ekspath', 'explain', ...words].join(' ')
}

function sourceFlag(source: string): (readonly [string, string])[] {
  if (source === 'live') return []
  return [source.startsWith('ssh://') ? ['ssh', source.slice('ssh://'.length)] : ['from', source]]
}

function endpoint(address: string, port: number | null): string {
  return port === null ? address : hostPort(address, port)
}

function quote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
