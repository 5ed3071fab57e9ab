import type {JsonExplanation, JsonOutcome, JsonPacket, JsonStep} from '../../src/model/index.js'

/**
 * An explanation as tests write it down, an outcome after the other:
 *
 *     50 %, if …                                                    left out where it is certain
 *     mangle PREROUTING 2, nat PREROUTING 1, KUBE-SERVICES 1        what matched before routing: table, chain, number
 *     ip-rule.txt:7 lookup main, ip-route.txt:5 eni1f29a933002      the policy rule and the route
 *     filter FORWARD 1, nat POSTROUTING 1                           what matched after it
 *     forwarded by eth0 to 10.0.1.1: tcp 10.0.1.61:40000 → 10.0.7.8:8080
 *     reply:
 *       …                                                           the same
 *
 * A table is named where it changes. Lines are wrapped behind a comma.
 */
export function walkText({outcomes}: JsonExplanation): string {
  return outcomes.map(outcome => outcomeLines(outcome).join('\n')).join('\n\n')
}

const WIDTH = 110

function outcomeLines(outcome: JsonOutcome): string[] {
  const {probability, conditions, steps = [], reply} = outcome
  const percent = probability === 1 ? [] : [`${Number(((probability ?? NaN) * 100).toFixed(6))} %`]
  const lines = [...wrap([...percent, ...conditions]), ...stepLines(steps), endOf(outcome)]
  return reply == null ? lines : [...lines, 'reply:', ...outcomeLines(reply).map(line => `  ${line}`)]
}

/** A line for what stands before a routing decision, one for the decision, one for what follows. */
function stepLines(steps: readonly JsonStep[]): string[] {
  const lines: string[][] = []
  let routing: boolean | null = null
  let table: string | null = null
  for (const step of steps) {
    const word = stepWord(step, step.table === table)
    if (word === null) continue
    const isRouting = step.kind === 'ip-rule' || step.kind === 'route'
    if (isRouting !== routing || step.kind === 'ip-rule') lines.push([])
    routing = isRouting
    table = step.table
    lines.at(-1)?.push(word)
  }
  return lines.flatMap(wrap)
}

function stepWord(
  {stage, kind, table, chain, rule, target, effect, source}: JsonStep,
  sameTable: boolean,
): string | null {
  const place = sameTable ? '' : `${table ?? ''} `
  switch (kind) {
    case 'chain-rule':
      return `${place}${chain ?? ''} ${rule ?? ''}`
    case 'chain-policy':
      return `${place}${chain ?? ''} policy ${target ?? ''}`
    case 'ip-rule':
      return `${source?.document ?? '(none)'}:${source?.line ?? 0} ${target ?? ''}`
    case 'route':
      return `${source?.document ?? '(none)'}:${source?.line ?? 0} ${effect === '' ? (target ?? '') : effect}`
    case 'ipvs-service':
    case 'ipvs-destination':
    case 'ipvs-reply':
      return `${stage} ${source?.document ?? '(none)'}:${source?.line ?? 0} ${target ?? effect}`
    case 'reject-answer':
    case 'missing':
      return effect
    default:
      return null
  }
}

function wrap(words: readonly string[]): string[] {
  const lines: string[] = []
  for (const [i, word] of words.entries()) {
    const text = i === words.length - 1 ? word : `${word},`
    const last = lines.at(-1)
    if (last === undefined || last.length + text.length >= WIDTH) lines.push(text)
    else lines[lines.length - 1] = `${last} ${text}`
  }
  return lines
}

function endOf({disposition, reason, egress, packet}: JsonOutcome): string {
  const why = reason === null ? '' : ` (${reason})`
  const way = egress === null ? '' : ` by ${egress.interface} to ${egress.nextHop ?? '?'}`
  return `${disposition}${why}${way}: ${packetText(packet)}`
}

/** `tcp 10.0.1.61:40000 → 10.0.7.8:8080`; a port that is open or drawn at random is `*`. */
export function packetText({proto, src, sport, dst, dport}: JsonPacket): string {
  const ported = !proto.includes('icmp') && (sport !== null || dport !== null)
  const end = (address: string, port: number | null): string => (ported ? `${address}:${port ?? '*'}` : address)
  return `${proto} ${end(src, sport)} → ${end(dst, dport)}`
}
