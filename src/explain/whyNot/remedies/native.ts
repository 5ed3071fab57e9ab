import {connmarkOf, nftCommand, replaceNftRule} from '../../../audit/index.js'
import {nativeTables} from '../../../eks/index.js'
import type {JsonStep, NftChain, NftTable} from '../../../model/index.js'
import {formatMark, hasPorts, hostPort, protocolName} from '../../../net/index.js'
import {type Case, decidingStep, type Remedy, wayOf} from '../case.js'

/** Tables of nftables: what took the packet, what the CNI (≥ 1.23) keeps in aws-cni, and what kube-proxy's nftables mode keeps. */
export function* native(c: Case): Generator<Remedy> {
  if (c.symptom.kind === 'lost') yield* culprit(c)
  for (const table of nativeTables(c.state)) {
    if (table.name === 'aws-cni' && c.flow.family === 4) yield* marking(c, table)
    if (table.name === 'kube-proxy' && table.family === (c.flow.family === 4 ? 'ip' : 'ip6')) yield* services(c, table)
  }
}

function* culprit(c: Case): Generator<Remedy> {
  const way = wayOf(c)
  const deciding = decidingStep(way)
  const refusing = way.steps?.findLast(
    ({kind, target}) => kind === 'chain-rule' && (target === 'DROP' || target === 'REJECT'),
  )
  const step = deciding?.kind === 'chain-policy' ? deciding : refusing
  if (step?.backend !== 'nft' || step.source === null) return
  const table = c.state.nft?.tables.find(({family, name}) => family === step.family && name === step.table)
  const chain = table?.chains.get(step.chain ?? '')
  if (table === undefined || chain === undefined) return
  const taken = {source: step.source, text: step.text}
  if (step.kind === 'chain-policy') {
    const text = `the policy of ${chain.name} in the table ${table.family} ${table.name} is drop, and no rule accepts the packet`
    yield {stage: step.stage, text, missing: [], taken, repair: open(c, table, chain)}
    return
  }
  const rule = chain.rules[(step.rule ?? 0) - 1]
  const kept = table.name === 'kube-proxy'
  const text = `rule ${step.rule ?? '?'} of ${chain.name} in the table ${table.family} ${table.name}${kept ? ', which kube-proxy keeps,' : ''} ${step.target === 'REJECT' ? 'rejects' : 'drops'} it`
  // its owner would write it again
  const repair = kept || rule === undefined ? null : replaceNftRule(table, chain, rule, null)
  yield {stage: step.stage, text, missing: [], taken, repair: repair ?? []}
}

/** Forwarding is open on an EKS node; where somebody closed INPUT or OUTPUT on purpose, only this flow is let through. */
function open(c: Case, {family, name}: NftTable, chain: NftChain): string[] {
  const place = `${family} ${name} ${chain.name}`
  if (chain.base?.hook === 'forward') return nftCommand(`chain ${place} { policy accept; }`) ?? []
  const {packet} = wayOf(c)
  const proto = protocolName(c.flow.protocol)
  const port =
    hasPorts(c.flow.protocol) && packet.dport !== null ? `${proto} dport ${packet.dport}` : `meta l4proto ${proto}`
  return nftCommand(`add rule ${place} ${c.flow.family === 4 ? 'ip' : 'ip6'} daddr ${packet.dst} ${port} accept`) ?? []
}

/** What pods send outside the VPC is led to snat-mark, marked there, and the mark is restored on the packet. */
function* marking({state}: Case, table: NftTable): Generator<Remedy> {
  const [pre, marks] = [table.chains.get('nat-prerouting'), table.chains.get('snat-mark')]
  if (pre === undefined || marks === undefined) return
  const bit = formatMark(connmarkOf(state))
  const restore = pre.rules.find(({statements}) => statements.some(each => writes(each, 'meta mark')))
  const jump = pre.rules.some(({statements}) => statements.some(each => leadsTo(each, 'snat-mark')))
  if (!jump) {
    const words = 'iifname "eni*" jump snat-mark'
    // the mark is restored behind the chain that sets it
    const place =
      restore === undefined
        ? 'add rule ip aws-cni nat-prerouting'
        : `insert rule ip aws-cni nat-prerouting index ${restore.number - 1}`
    const text = 'nothing leads what pods send to snat-mark, which marks connections to the Internet'
    yield missing('aws-cni/PREROUTING', text, words, nftCommand(`${place} ${words}`))
  }
  if (restore === undefined) {
    const words = `ct mark and ${bit} == ${bit} meta mark set meta mark or ${bit}`
    const text = `nothing restores the mark ${bit} on the first packet of a connection to the Internet`
    yield missing('aws-cni/PREROUTING', text, words, nftCommand(`add rule ip aws-cni nat-prerouting ${words}`))
  }
  if (!marks.rules.some(({statements}) => statements.some(each => writes(each, 'ct mark')))) {
    const words = `ct mark set ct mark or ${bit}`
    const text = `no rule of snat-mark marks connections to the Internet with ${bit}`
    yield missing('aws-cni/PREROUTING', text, words, nftCommand(`add rule ip aws-cni snat-mark ${words}`))
  }
}

type Statement = NftChain['rules'][number]['statements'][number]

function writes(statement: Statement, target: string): boolean {
  return statement.kind === 'assign' && statement.target.text === target
}

function leadsTo(statement: Statement, chain: string): boolean {
  return statement.kind === 'verdict' && 'chain' in statement.verdict && statement.verdict.chain === chain
}

/** The jump to all services, and the translation of the endpoint that was chosen. */
function* services(c: Case, table: NftTable): Generator<Remedy> {
  if (c.symptom.kind !== 'untranslated service' && c.symptom.kind !== 'lost') return
  const place = `${table.family} ${table.name}`
  const hook = c.explanation.origin.kind === 'node' ? 'output' : 'prerouting'
  const base = table.chains.get(`nat-${hook}`)
  const stage = `${table.name}/${hook.toUpperCase()}`
  if (base !== undefined && !base.rules.some(({statements}) => statements.some(each => leadsTo(each, 'services')))) {
    const text = `nothing leads from ${base.name} to the chain services`
    yield missing(stage, text, 'jump services', nftCommand(`add rule ${place} ${base.name} jump services`))
  }
  const chain = lastEndpoint(c.outcome.steps ?? [], table)
  // endpoint-5OJB2KTY-shop/web/tcp/http__10.20.77.9/8080
  const [, proto, address, port] =
    /^endpoint-[^-]+-[^/]+\/[^/]+\/(tcp|udp|sctp)\/.*__([^/]+)\/(\d+)$/.exec(chain?.name ?? '') ?? []
  if (chain === null || proto === undefined || address === undefined || port === undefined) return
  if (chain.rules.some(({statements}) => statements.some(({kind}) => kind === 'nat'))) return
  const to = hostPort(table.family === 'ip6' ? address.replaceAll('.', ':') : address, port)
  const words = `meta l4proto ${proto} dnat to ${to}`
  const text = `${chain.name} has no rule that translates to its endpoint`
  yield missing(stage, text, words, nftCommand(`add rule ${place} ${chain.name} ${words}`))
}

/** The endpoint's chain that the walk entered last: its name is in the text of the rule that led there. */
function lastEndpoint(steps: readonly JsonStep[], table: NftTable): NftChain | null {
  const names = steps.flatMap(({table: own, target}) => (own === table.name && target !== null ? [target] : []))
  return table.chains.get(names.findLast(name => name.startsWith('endpoint-')) ?? '') ?? null
}

function missing(stage: string, text: string, words: string, repair: readonly string[] | null): Remedy {
  return {stage, text, missing: [words], taken: null, repair: repair ?? []}
}
