import type {EksNode} from '../../eks/index.js'
import type {JsonCause, JsonOutcome, JsonStep, MissingCode} from '../../model/index.js'

/** What a stage reads, by the table or the part of the kernel that it names. */
const READ_BY: readonly (readonly [stage: RegExp, codes: readonly MissingCode[]])[] = [
  [/^routing/, ['RULES', 'ROUTES', 'RULES6', 'ROUTES6', 'ADDRESSES']],
  [/^ipvs/, ['IPVS']],
  [/^(raw|mangle|nat|filter|security)\//, ['IPTABLES', 'IP6TABLES', 'TABLES', 'TABLES6', 'IPSET', 'NFT']],
  [/\//, ['NFT']],
]

/** What decides, and where: the step that ended an undetermined way. Null: the way is not told. */
export function undecidedBy({steps = []}: JsonOutcome): JsonCause | null {
  const last = steps.at(-1)
  if (last === undefined) return null
  const {source, text} = last
  const found = source === null ? null : {document: source.document, line: source.line, text: text.trim()}
  return {stage: stageOf(steps), text: last.effect, missing: [], found}
}

/** That of the last step that was taken. */
function stageOf(steps: readonly JsonStep[]): string {
  return steps.findLast(({kind}) => kind !== 'missing')?.stage ?? 'routing'
}

/** The command that would collect what decides, or what else would tell. */
export function adviceForUndetermined({state}: EksNode, family: 4 | 6, {reason, steps = []}: JsonOutcome): string {
  switch (reason) {
    case 'TOO_MANY_BRANCHES':
      return 'give more of the packet (--sport, --dport, --iif, --ct-state): each leaves fewer ways open'
    case 'ORDER_UNDETERMINED':
      return 'no listing tells which was registered first: give the two different priorities, or see on the node which of them counts (`nft monitor trace`)'
    case 'UNMODELLED_TARGET':
    case 'UNMODELLED_RULES':
    case 'UNMODELLED_ROUTE':
      return 'read the line that is cited, and try both: --what-if deletes it, or puts in its place what it comes to'
    default: {
      const commands = commandsFor(state.missing, family, steps)
      return commands.length === 0
        ? 'ekspath captures inspect lists what the capture holds and lacks; ekspath capture on the node collects all of it'
        : `collect on the node: ${commands.join('; ')}`
    }
  }
}

/** Those that the step itself names; else those that the stage reads and that the capture lacks. */
function commandsFor(missing: EksNode['state']['missing'], family: 4 | 6, steps: readonly JsonStep[]): string[] {
  const named = [...(steps.at(-1)?.effect ?? '').matchAll(/collect (?:it with )?`([^`]+)`/g)].map(
    ([, command = '']) => command,
  )
  if (named.length > 0) return named
  // what is missing of a table of nftables is told by its name
  if (/`table \S+ \S+`/.test(steps.at(-1)?.effect ?? '')) return ['nft -a list ruleset']
  const stage = stageOf(steps)
  const codes = READ_BY.find(([pattern]) => pattern.test(stage))?.[1] ?? []
  const isOfFamily = (code: MissingCode): boolean =>
    code.includes('6') === (family === 6) || /NFT|IPSET|IPVS|ADDR/.test(code)
  const lacking = missing.filter(({code}) => codes.includes(code) && isOfFamily(code))
  return [...new Set(lacking.map(({command}) => command))]
}
