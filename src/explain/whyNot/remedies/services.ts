import {endpointHash, endpointText, toolOf} from '../../../eks/index.js'
import type {Chain, ChainRule, IptablesRuleset} from '../../../model/index.js'
import {formatAddress, hostPort, protocolName} from '../../../net/index.js'
import type {Case, Remedy} from '../case.js'

/** kube-proxy's rules of the service on the path: the jump to all services, from service to endpoint, and the endpoint's translation. */
export function* services(c: Case): Generator<Remedy> {
  if (c.symptom.kind !== 'untranslated service' && c.symptom.kind !== 'lost') return
  for (const ruleset of c.state.iptables) {
    if (ruleset.family !== c.flow.family || ruleset.tables.get('nat')?.chains.has('KUBE-SERVICES') !== true) continue
    yield* entry(c, ruleset)
    yield* serviceToEndpoint(c, ruleset)
    yield* endpointTranslation(c, ruleset)
  }
}

function natChain(ruleset: IptablesRuleset, name: string): Chain | undefined {
  return ruleset.tables.get('nat')?.chains.get(name)
}

function* entry({state, explanation}: Case, ruleset: IptablesRuleset): Generator<Remedy> {
  const hook = explanation.origin.kind === 'node' ? 'OUTPUT' : 'PREROUTING'
  const chain = natChain(ruleset, hook)
  if (chain === undefined || chain.rules.some(({target}) => 'chain' in target && target.chain === 'KUBE-SERVICES'))
    return
  const rule = '-m comment --comment "kubernetes service portals" -j KUBE-SERVICES'
  yield {
    stage: `nat/${hook}`,
    text: `nothing leads from ${hook} to KUBE-SERVICES, the rules of services`,
    missing: [`-A ${hook} ${rule}`],
    taken: null,
    repair: [`${toolOf(state, ruleset)} -t nat -I ${hook} 1 ${rule}`],
  }
}

/** The chain where the walk into a service ended: no rule of it matched. */
function lastEntered({outcome}: Case): string | null {
  const step = outcome.steps?.findLast(
    ({target, table, kind}) =>
      table === 'nat' && kind === 'chain-rule' && target !== null && /^KUBE-(SVC|SVL|EXT|SEP)-/.test(target),
  )
  return step?.target ?? null
}

function* serviceToEndpoint(c: Case, ruleset: IptablesRuleset): Generator<Remedy> {
  const name = lastEntered(c)
  const [, hash] = /^KUBE-(?:SVC|EXT)-(.+)$/.exec(name ?? '') ?? []
  const chain = name === null ? undefined : natChain(ruleset, name)
  if (chain === undefined || hash === undefined || name === null) return
  const tool = toolOf(c.state, ruleset)
  if (name.startsWith('KUBE-EXT-')) {
    if (natChain(ruleset, `KUBE-SVC-${hash}`) === undefined) return
    const rule = `${name} -j KUBE-SVC-${hash}`
    yield made(c, `${name} does not lead to the endpoints of its service`, rule, tool)
    return
  }
  const service = serviceOf(ruleset, chain)
  if (service === null) return
  for (const endpoint of endpointsNamed(ruleset, service)) {
    const text = `${service} -> ${endpoint.text}`
    const rule = `${name} -m comment --comment "${text}" -j ${endpoint.chain.name}`
    yield made(c, `${name} has no rule that leads to an endpoint of ${service}`, rule, tool)
  }
}

function made({explanation}: Case, text: string, rule: string, tool: string): Remedy {
  const hook = explanation.origin.kind === 'node' ? 'OUTPUT' : 'PREROUTING'
  return {stage: `nat/${hook}`, text, missing: [`-A ${rule}`], taken: null, repair: [`${tool} -t nat -A ${rule}`]}
}

/** The name of a service by what leads to its chain: `shop/web:http cluster IP`. */
function serviceOf(ruleset: IptablesRuleset, {name}: Chain): string | null {
  for (const rule of natChain(ruleset, 'KUBE-SERVICES')?.rules ?? []) {
    if ('chain' in rule.target && rule.target.chain === name) return rule.comment?.split(' ')[0] ?? null
  }
  return null
}

interface NamedEndpoint {
  readonly chain: Chain
  /** `10.0.5.77:8080` */
  readonly text: string
}

/** The chains of endpoints that a service's comments name: kube-proxy puts the name on their rules. */
function endpointsNamed(ruleset: IptablesRuleset, service: string): NamedEndpoint[] {
  const chains = [...(ruleset.tables.get('nat')?.chains.values() ?? [])]
  return chains.flatMap(chain => {
    if (!chain.name.startsWith('KUBE-SEP-')) return []
    const isOfService = chain.rules.some(({target, comment}) => target.kind === 'dnat' && comment === service)
    const text = isOfService ? endpointText(chain) : null
    return text === null ? [] : [{chain, text}]
  })
}

/** Which endpoint a chain stands for: by the rule that leads to it, or by the one in it that marks what comes from there. */
function* endpointTranslation(c: Case, ruleset: IptablesRuleset): Generator<Remedy> {
  const name = lastEntered(c)
  const chain = name?.startsWith('KUBE-SEP-') === true ? natChain(ruleset, name) : undefined
  if (chain === undefined || name === null || chain.rules.some(({target}) => target.kind === 'dnat')) return
  const leading = leadingRule(ruleset, name)
  const [, service, endpoint] = /^(\S+) -> (\S+)$/.exec(leading?.comment ?? '') ?? []
  const target = endpoint ?? guessEndpoint(c, chain, name)
  if (target === null) return
  const protocol = protocolName(c.flow.protocol)
  const comment = service ?? chain.rules[0]?.comment ?? leading?.comment ?? null
  const words = comment === null ? '' : ` -m comment --comment "${comment}"`
  const rule = `${name} -p ${protocol}${words} -m ${protocol} -j DNAT --to-destination ${target}`
  yield made(c, `${name} has no rule that translates to its endpoint`, rule, toolOf(c.state, ruleset))
}

function leadingRule(ruleset: IptablesRuleset, name: string): ChainRule | null {
  for (const chain of ruleset.tables.get('nat')?.chains.values() ?? []) {
    if (!chain.name.startsWith('KUBE-SVC-')) continue
    const found = chain.rules.find(({target}) => 'chain' in target && target.chain === name)
    if (found !== undefined) return found
  }
  return null
}

/** The hairpin rule holds the address, and the chain's name is a hash of address and port. */
function guessEndpoint({flow}: Case, {rules}: Chain, name: string): string | null {
  const hairpin = rules.find(({target}) => 'chain' in target && target.chain === 'KUBE-MARK-MASQ')
  const match = hairpin?.matches.find(({kind}) => kind === 'source')
  if (hairpin?.comment == null || match?.kind !== 'source') return null
  const protocol = protocolName(flow.protocol)
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') return null
  const host = formatAddress(match.prefix.address)
  for (let port = 1; port < 65536; port++) {
    const endpoint = hostPort(host, port)
    if (`KUBE-SEP-${endpointHash(hairpin.comment, protocol, endpoint)}` === name) return endpoint
  }
  return null
}
