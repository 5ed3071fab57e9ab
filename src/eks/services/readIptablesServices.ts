import type {ChainRule, IptablesRuleset, TableName} from '../../model/index.js'
import {type Address, addressBits} from '../../net/index.js'
import {nameOfHash} from './nameOfHash.js'
import {parseServiceComment} from './serviceComment.js'
import type {Frontend, Refusal, ServiceName, ServicePort} from './servicePort.js'

/** The chains whose rules lead to services, in nat. */
const ENTRIES = ['KUBE-SERVICES', 'KUBE-NODEPORTS']
/** The chains whose rules refuse services, in filter. */
const REFUSALS = ['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES']

/** A service whose rules are being read. */
type Draft = Omit<ServicePort, 'frontends' | 'refusals' | 'hash'> & {
  hash: string | null
  readonly frontends: Frontend[]
  readonly refusals: Refusal[]
}

/** The services of kube-proxy's iptables mode, by its entry chains. */
export function readIptablesServices(ruleset: IptablesRuleset): ServicePort[] {
  const services = new Map<string, Draft>()
  const byHash = new Map<string, Draft>()
  for (const rule of chainRules(ruleset, 'nat', ENTRIES)) {
    const hash = hashOf(rule)
    const known = rule.comment === null ? byHash.get(hash ?? '') : undefined
    const service = known ?? serviceOf(rule, hash, services, ruleset) ?? byHash.get(hash ?? '')
    if (service === undefined) continue
    if (hash !== null) {
      service.hash = hash
      byHash.set(hash, service)
    }
    const frontend = readFrontend(rule)
    if (frontend !== null && !service.frontends.some(known => sameFrontend(known, frontend)))
      service.frontends.push(frontend)
  }
  for (const rule of chainRules(ruleset, 'filter', REFUSALS)) {
    const why = refusalOf(rule)
    const service = why === undefined ? undefined : serviceOf(rule, null, services, ruleset)
    if (why === undefined || service === undefined) continue
    service.refusals.push({why, rule})
    const frontend = readFrontend(rule)
    if (frontend !== null && !service.frontends.some(known => sameFrontend(known, frontend)))
      service.frontends.push(frontend)
  }
  return [...services.values()]
}

/** Full names of the services that have a refusal; the rules of the other services are not read. */
export function refusedByIptables(ruleset: IptablesRuleset): string[] {
  return [...chainRules(ruleset, 'filter', REFUSALS)].flatMap(rule =>
    refusalOf(rule) === undefined ? [] : (parseServiceComment(rule.comment ?? '')?.fullName ?? []),
  )
}

function refusalOf({comment}: ChainRule): Refusal['why'] | undefined {
  return /has (no endpoints|no local endpoints)$/.exec(comment ?? '')?.[1] as Refusal['why'] | undefined
}

function* chainRules(ruleset: IptablesRuleset, table: TableName, chains: readonly string[]): Generator<ChainRule> {
  for (const chain of chains) yield* ruleset.tables.get(table)?.chains.get(chain)?.rules ?? []
}

/**
 * The service that a rule is about, by its comment, or without one by the hash in the name of the chain it leads to; undefined where it has
 * neither, or no protocol.
 */
function serviceOf(
  rule: ChainRule,
  hash: string | null,
  services: Map<string, Draft>,
  ruleset: IptablesRuleset,
): Draft | undefined {
  const protocol = protocolOf(rule)
  const comment = parseServiceComment(rule.comment ?? '')
  if (protocol === null) return undefined
  const found =
    comment !== null
      ? {name: {...comment, protocol}, namedBy: 'comment' as const}
      : hash === null
        ? undefined
        : nameOfHash(hash, protocol, ruleset)
  if (found === undefined) return undefined
  const key = `${found.name.fullName} ${protocol}`
  const service = services.get(key) ?? emptyService(found.name, found.namedBy, ruleset)
  services.set(key, service)
  return service
}

function emptyService(
  {namespace, name, port, fullName, protocol}: ServiceName,
  namedBy: ServicePort['namedBy'],
  ruleset: IptablesRuleset,
): Draft {
  return {
    namespace,
    name,
    port,
    fullName,
    protocol,
    namedBy,
    family: ruleset.family,
    frontends: [],
    hash: null,
    refusals: [],
    rules: {kind: 'iptables', ruleset},
  }
}

function hashOf({target}: ChainRule): string | null {
  if (target.kind !== 'jump' && target.kind !== 'goto') return null
  return /^KUBE-(?:SVC|SVL|EXT|FW|XLB)-([A-Z2-7]{16})$/.exec(target.chain)?.[1] ?? null
}

function protocolOf(rule: ChainRule): number | null {
  for (const match of rule.matches) if (match.kind === 'protocol' && !match.negated) return match.protocol
  return null
}

function readFrontend(rule: ChainRule): Frontend | null {
  let address: Address | null = null
  let port: number | null = null
  for (const match of rule.matches) {
    if (match.negated) continue
    if (match.kind === 'destination-port' && match.range.min === match.range.max) port = match.range.min
    if (match.kind === 'destination' && 'length' in match.prefix) {
      if (match.prefix.length === addressBits(match.prefix.family)) ({address} = match.prefix)
    }
  }
  if (port === null) return null
  if (address === null) return {kind: 'node port', address, port, rule}
  const kind = /(external|loadbalancer) IP$/.exec(rule.comment ?? '')?.[0] as Frontend['kind'] | undefined
  return {kind: kind ?? 'cluster IP', address, port, rule}
}

function sameFrontend(a: Frontend, b: Frontend): boolean {
  return a.port === b.port && a.address === b.address
}
