import {parsePortRange, parseUint32} from '../../../net/index.js'
import type {Match} from '../../../model/index.js'
import {parsePortList} from '../match/multiport.js'
import {parseTcpFlags} from '../match/tcp.js'
import {type Phrase, phrase, phrases} from './phrase.js'

/**  spt:80 | spts:!1:1023 */
const SPORT = '(?: spts?:(!?)([\\d:]+))?'
const DPORT = '(?: dpts?:(!?)([\\d:]+))?'

function port(
  kind: 'source-port' | 'destination-port',
  bang: string | undefined,
  text: string | undefined,
): Match[] | null {
  if (text === undefined) return []
  const range = parsePortRange(text)
  return range === null ? null : [{kind, negated: bang === '!', range}]
}

/** tcp spt:1 dpts:!80:90 option=!6 flags:!0x17/0x02 — with nothing behind it, the module stands without options. */
const tcp = phrases(
  'tcp',
  new RegExp(`tcp${SPORT}${DPORT}(?: option=(!?)(\\d+))?(?: flags:(!?)([\\w,]+)/([\\w,]+))?`),
  ([, sportBang, sport, dportBang, dport, optionBang, option, flagsBang, mask, flags]) => {
    const source = port('source-port', sportBang, sport)
    const destination = port('destination-port', dportBang, dport)
    if (source === null || destination === null) return null
    const matches = [...source, ...destination]
    if (option !== undefined) {
      if (Number(option) > 255) return null
      matches.push({kind: 'tcp-option', negated: optionBang === '!', option: Number(option)})
    }
    if (mask !== undefined && flags !== undefined) {
      const maskBits = tcpBits(mask)
      const flagBits = tcpBits(flags)
      if (maskBits === null || flagBits === null) return null
      matches.push({kind: 'tcp-flags', negated: flagsBang === '!', mask: maskBits, flags: flagBits})
    }
    return matches
  },
)

/** Numbers with -n, names without. */
function tcpBits(text: string): number | null {
  return text.startsWith('0x') ? parseUint32(text) : parseTcpFlags(text)
}

function portsOnly(protocol: string): Phrase {
  return phrases(protocol, new RegExp(`${protocol}${SPORT}${DPORT}`), ([, sportBang, sport, dportBang, dport]) => {
    const source = port('source-port', sportBang, sport)
    const destination = port('destination-port', dportBang, dport)
    return source === null || destination === null ? null : [...source, ...destination]
  })
}

/** sctp spt:1 any 0x0000,0x0001 | dccp dpt:!5 0: what stands behind the ports is not modelled. */
function portsAndMore(protocol: 'sctp' | 'dccp', more: string): Phrase {
  const pattern = new RegExp(`${protocol}${SPORT}${DPORT}(?: (${more}))?`)
  return phrases(protocol, pattern, ([, sportBang, sport, dportBang, dport, rest]) => {
    const source = port('source-port', sportBang, sport)
    const destination = port('destination-port', dportBang, dport)
    if (source === null || destination === null) return null
    const matches = [...source, ...destination]
    if (rest !== undefined) {
      matches.push({
        kind: 'opaque',
        negated: false,
        module: protocol,
        text: `${protocol} ${rest}`,
        reason: 'unmodelled',
      })
    }
    return matches
  })
}

/** multiport dports  !22,80:90 | multiport ports 53 */
const multiport = phrase('multiport', /multiport (sports|dports|ports)\s+(!\s*)?([\d,:]+)/, ([, side, bang, list]) => {
  const ranges = parsePortList(list ?? '')
  if (ranges === null) return null
  const sides = {sports: 'source', dports: 'destination', ports: 'either'} as const
  return {kind: 'multiport', negated: bang !== undefined, side: sides[side as keyof typeof sides], ranges}
})

export const PORT_PHRASES: readonly Phrase[] = [
  tcp,
  portsOnly('udp'),
  portsOnly('udplite'),
  portsAndMore('sctp', '(?:! ?)?(?:any|all|only) [\\w,:]+'),
  portsAndMore('dccp', '(?:! ?)?\\d[\\d,]*|option=!?\\d+'),
  multiport,
]
