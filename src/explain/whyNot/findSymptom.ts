import {type EksNode, interfaceRole, nativeTables, rulesOf, vethOfPod} from '../../eks/index.js'
import {type JsonEgress, type JsonExplanation, type JsonFlow, type JsonOutcome, tableName} from '../../model/index.js'
import {isLinkLocal, parseAddress, parseProtocol} from '../../net/index.js'
import {decidingStep} from './case.js'
import {isBranchPod, tableOfPod} from './owner.js'
import {wouldTranslate} from './snatChains.js'

export type SymptomKind =
  | 'lost'
  /** What becomes of it is not known. */
  | 'undetermined'
  /** Leaves by an ENI that its source address does not belong to. */
  | 'foreign source'
  /** For a pod of this node, and leaves the node. */
  | 'past its pod'
  /** A reply that leaves by another interface than the request came in by. */
  | 'astray'
  /** For a service, and is not translated. */
  | 'untranslated service'
  /** Leaves the VPC with the address of a pod. */
  | 'untranslated source'

/** What is wrong with an outcome. */
export interface Symptom {
  readonly way: 'request' | 'reply'
  readonly kind: SymptomKind
  /** In a sentence. */
  readonly text: string
  /** The same for outcomes that are wrong in the same way. */
  readonly key: string
}

/** What is not as it should be with a flow's way through the node; null: nothing. Cheap where all is well. */
export function findSymptom(eks: EksNode, explanation: JsonExplanation, outcome: JsonOutcome): Symptom | null {
  return ofRequest(eks, explanation, outcome) ?? ofReply(eks, explanation, outcome)
}

function make(way: Symptom['way'], kind: SymptomKind, text: string, about: string): Symptom {
  return {way, kind, text, key: `${way} ${kind} ${about}`}
}

const WORDS = {request: 'the packet', reply: 'the reply'} as const

function isLost({disposition}: JsonOutcome): boolean {
  return disposition === 'dropped' || disposition === 'rejected' || disposition === 'unroutable'
}

function lost(way: Symptom['way'], outcome: JsonOutcome): Symptom | null {
  if (!isLost(outcome)) return null
  const step = decidingStep(outcome)
  const stage = step === null ? '' : ` in ${step.stage.replace(/[/-]/g, ' ')}`
  const source = step?.source
  const about = `${outcome.reason ?? ''} ${step?.stage ?? ''} ${source?.document ?? ''}:${source?.line ?? ''}`
  return make(way, 'lost', `${WORDS[way]} is ${outcome.disposition}${stage}`, about)
}

function undetermined(way: Symptom['way'], outcome: JsonOutcome): Symptom | null {
  if (outcome.disposition !== 'undetermined') return null
  const text = outcome.steps?.at(-1)?.effect ?? ''
  return make(way, 'undetermined', `what becomes of ${WORDS[way]} is not known`, text)
}

function ofRequest(eks: EksNode, explanation: JsonExplanation, outcome: JsonOutcome): Symptom | null {
  const found = lost('request', outcome) ?? undetermined('request', outcome)
  if (found !== null) return found
  const service = untranslatedService(eks, explanation, outcome)
  if (service !== null) return service
  if (outcome.disposition !== 'forwarded' || outcome.egress === null) return null
  return (
    pastItsPod(eks, 'request', outcome, outcome.egress) ??
    foreignSource(eks, 'request', outcome, outcome.egress) ??
    untranslatedSource(eks, explanation, outcome, outcome.egress)
  )
}

function ofReply(eks: EksNode, explanation: JsonExplanation, {reply, packet}: JsonOutcome): Symptom | null {
  if (reply == null) return null
  const found = lost('reply', reply) ?? undetermined('reply', reply)
  if (found !== null) return found
  const {origin, flow} = explanation
  if (reply.disposition !== 'forwarded' || reply.egress === null) return null
  const goesOut = reply.egress.interface
  const astray = (cameIn: string, why: string): Symptom =>
    make(
      'reply',
      'astray',
      `the reply leaves by ${goesOut}, and the request came in by ${cameIn}${why}`,
      `${cameIn} ${goesOut}`,
    )
  if (origin.kind === 'node') return make('reply', 'astray', `the reply to this node leaves by ${goesOut}`, goesOut)
  if (origin.interface === null || origin.interface === goesOut) return null
  // in strict mode the way to a pod with security groups of its own is by the VPC
  if (origin.interface.startsWith('vlan')) return null
  if (origin.kind === 'pod') return pastItsPod(eks, 'reply', reply, reply.egress) ?? astray(origin.interface, '')
  // from outside it comes in by the ENI that holds the address asked for; another --iif is the asker's own idea
  const asked = parseAddress(flow.dst)
  const own = asked === null ? undefined : eks.routing.ownAddresses.get(asked)
  const pod = parseAddress(packet.dst)
  const held = asked !== null && asked === pod ? eks.podAt(asked) : null
  const table = held === null ? null : tableOfPod(eks, held)
  const expected = own?.interface ?? (table === null ? null : (eks.eniOfTable(table)?.interface?.value ?? null))
  return expected === origin.interface ? astray(origin.interface, ': the client does not know it') : null
}

/** AWS checks that what an ENI sends bears an address of that ENI. */
function foreignSource(eks: EksNode, way: Symptom['way'], {packet}: JsonOutcome, egress: JsonEgress): Symptom | null {
  const source = parseAddress(packet.src)
  const destination = parseAddress(packet.dst)
  const eni = eks.eniOfInterface(egress.interface)
  if (source === null || destination === null || eni?.table == null || isLinkLocal(destination)) return null
  const own = eks.routing.ownAddresses.get(source)
  const pod = own === undefined ? eks.podAt(source) : null
  const table = pod === null ? null : tableOfPod(eks, pod)
  const isForeign =
    own === undefined
      ? table !== null && table !== eni.table.value
      : own.interface !== egress.interface && isEni(eks, own.interface)
  if (!isForeign) return null
  const home = own?.interface ?? (table === null ? null : (eks.eniOfTable(table)?.interface?.value ?? null))
  const whose = home ?? `the ENI of table ${table === null ? '?' : tableName(table)}`
  const text = `${WORDS[way]} leaves by ${egress.interface} with ${packet.src}, an address of ${whose}: AWS drops it (source/destination check)`
  return make(way, 'foreign source', text, `${packet.src} ${egress.interface}`)
}

/** Where main has lost its default route, nothing tells which interface is the primary ENI's: then one that nothing else explains. */
function isEni(eks: EksNode, device: string): boolean {
  if (eks.eniOfInterface(device) !== null) return true
  const known = eks.enis.some(({role, interface: own}) => role === 'primary' && own !== null)
  return !known && interfaceRole(eks, device) === 'unknown'
}

function pastItsPod(eks: EksNode, way: Symptom['way'], {packet}: JsonOutcome, egress: JsonEgress): Symptom | null {
  const destination = parseAddress(packet.dst)
  const pod = destination === null ? null : eks.podAt(destination)
  const veth = pod === null ? null : vethOfPod(eks, pod)
  // pods with security groups of their own are reached, and reach others, by the trunk
  if (pod === null || veth === null || isBranchPod(eks, pod) || eks.eniOfInterface(egress.interface)?.role === 'branch')
    return null
  if (veth === egress.interface || interfaceRole(eks, egress.interface) === 'pod') return null
  const text = `${WORDS[way]} leaves by ${egress.interface}, and ${packet.dst} is a pod of this node, behind ${veth}`
  return make(way, 'past its pod', text, `${packet.dst} ${egress.interface}`)
}

function untranslatedSource(
  eks: EksNode,
  {origin, flow}: JsonExplanation,
  {packet}: JsonOutcome,
  egress: JsonEgress,
): Symptom | null {
  if (origin.kind !== 'pod' || flow.src !== packet.src || eks.eniOfInterface(egress.interface) === null) return null
  const destination = parseAddress(packet.dst)
  if (destination === null || isLinkLocal(destination) || !wouldTranslate(eks, destination)) return null
  const text = `the packet leaves the VPC with ${packet.src}, the address of a pod: no rule translates it to that of the node`
  return make('request', 'untranslated source', text, packet.src)
}

const SERVICE_CHAIN = /^KUBE-(?:SVC|SVL|EXT|SEP)-/

/** Led to the chains of a service, or for the address of one, and not translated. */
function untranslatedService(eks: EksNode, {flow}: JsonExplanation, outcome: JsonOutcome): Symptom | null {
  const {steps = [], packet} = outcome
  if (packet.dst !== flow.dst || steps.some(({target}) => target === 'DNAT')) return null
  // the nat table sees the first packet of a connection alone
  if (steps.some(({kind, target}) => kind === 'conntrack' && target !== 'NEW')) return null
  const nat = steps.filter(({table, kind}) => table === 'nat' && kind === 'chain-rule')
  const entered = nat.findLast(({target}) => target !== null && SERVICE_CHAIN.test(target))
  const chain = entered?.target ?? null
  if (chain !== null) {
    return make('request', 'untranslated service', untranslatedBy(chain), chain)
  }
  const asked = nat.some(({target}) => target === 'KUBE-SERVICES')
  const last = steps.findLast(
    ({table, target}) => table === 'kube-proxy' && /^(?:service|external|endpoint)-/.test(target ?? ''),
  )
  return ofNftService(eks, flow, last?.target ?? null) ?? (asked ? null : ofIptablesService(eks, flow))
}

function untranslatedBy(chain: string): string {
  return `the packet is for a service, and ${chain}, where its rules lead, translates it to no endpoint`
}

const UNLED = 'the packet is for a service, and nothing leads it to the rules of services'

/** For an address and port of the map from which kube-proxy's nftables mode chooses. @param entered the last chain of the service on the way */
function ofNftService({state}: EksNode, {dst, dport, proto}: JsonFlow, entered: string | null): Symptom | null {
  const asked = parseAddress(dst)
  const protocol = parseProtocol(proto)
  for (const {name, sets} of nativeTables(state)) {
    const elements = name === 'kube-proxy' ? (sets.get('service-ips')?.elements ?? []) : []
    const found = elements.find(({key}) => {
      const [address, own, port] = (key ?? []).map(part => (part.kind === 'value' ? part.value : null))
      return address === asked && own === protocol && port === dport
    })
    if (found === undefined) continue
    const text = entered === null ? UNLED : untranslatedBy(entered)
    return make('request', 'untranslated service', text, entered ?? dst)
  }
  return null
}

function ofIptablesService(eks: EksNode, flow: JsonFlow): Symptom | null {
  const destination = parseAddress(flow.dst)
  for (const {matches, target} of rulesOf(eks.state, 'nat', 'KUBE-SERVICES')) {
    const isFor = matches.some(
      match =>
        match.kind === 'destination' &&
        !match.negated &&
        'length' in match.prefix &&
        match.prefix.address === destination &&
        match.prefix.length >= 32,
    )
    if (isFor && 'chain' in target && SERVICE_CHAIN.test(target.chain)) {
      return make('request', 'untranslated service', UNLED, flow.dst)
    }
  }
  return null
}
