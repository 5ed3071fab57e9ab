import {type Claim, type EksNode, type Eni, nativeTables, ruleOwner, type RuleOwner} from '../eks/index.js'
import {type Evidence, type JsonNodeFact, type NodeState, type SysctlValue, tableName} from '../model/index.js'
import {formatAddress} from '../net/index.js'

/** What the node is, as far as the capture tells, each fact with what proves it; what is missing comes last. */
export function listNodeFacts(eks: EksNode): JsonNodeFact[] {
  const {state} = eks
  return [
    ...of('instance', state.instance && [state.instance.id, null, [state.instance]]),
    ...of('address', eks.address && claimed(eks.address, formatAddress)),
    ...cniFacts(eks),
    ...of('kube-proxy', eks.kubeProxyMode && claimed(eks.kubeProxyMode, mode => `${mode} mode`)),
    ...state.iptables.map(ruleset =>
      fact(
        'iptables',
        rulesetText(ruleset),
        ruleset.backendKnown ? null : 'no mark of nf_tables in the save',
        tableLines(ruleset),
      ),
    ),
    ...nftFacts(state),
    ...othersFacts(state),
    ...eks.enis.map(eni => fact('eni', eniText(eni), eni.interface?.basis ?? null, eniLines(eni))),
    ...podFacts(eks),
    ...serviceFacts(eks),
    ...sysctlsThatMatter(eks).map(value => fact('sysctl', `${value.key} = ${value.value}`, null, [value])),
    ...state.missing.map(({command, cost}) => fact('missing', command, cost, [])),
  ]
}

function fact(name: string, value: string, because: string | null, lines: readonly Evidence[]): JsonNodeFact {
  const evidence = lines.map(({source: {document, line}, text}) => ({document, line, text: text.trim()}))
  return {fact: name, value, because, evidence}
}

type Parts = readonly [value: string, because: string | null, lines: readonly Evidence[]]

function of(name: string, parts: Parts | null): JsonNodeFact[] {
  return parts === null ? [] : [fact(name, ...parts)]
}

function claimed<T>({value, basis, evidence}: Claim<T>, format: (value: T) => string): Parts {
  return [format(value), basis, evidence]
}

function cniFacts({cni}: EksNode): JsonNodeFact[] {
  if (cni === null) return []
  return [
    fact('cni', `VPC CNI ${cni.value.text}`, cni.basis, []),
    ...cni.value.markers.map(({versions, evidence}) => fact('cni trace', versions, null, [evidence])),
  ]
}

function rulesetText({family, backend, version, tables}: NodeState['iptables'][number]): string {
  const rules = [...tables.values()]
    .flatMap(({chains}) => [...chains.values()])
    .reduce((sum, {ruleCount}) => sum + ruleCount, 0)
  const tool = `IPv${family} ${backend.replace('iptables-', '')}${version === null ? '' : ` ${version}`}`
  return `${tool}: ${rules} rules in ${[...tables.keys()].join(', ')}`
}

function tableLines({tables}: NodeState['iptables'][number]): Evidence[] {
  return [...tables.values()].slice(0, 1).map(({source, name}) => ({source, text: `*${name}`}))
}

function nftFacts({nft}: NodeState): JsonNodeFact[] {
  const native = nativeTables({nft})
  if (nft === null) return []
  const names = native.map(({family, name, dormant}) => `${family} ${name}${dormant ? ' (dormant)' : ''}`)
  return [
    fact('nftables', names.length === 0 ? 'no native tables' : `native tables: ${names.join(', ')}`, null, native),
  ]
}

/** Networking of others whose chains are there: it may shadow what the CNI does. */
function othersFacts(state: NodeState): JsonNodeFact[] {
  const found = new Map<RuleOwner, {readonly chains: string[]; readonly lines: Evidence[]}>()
  for (const {tables} of state.iptables) {
    for (const {chains} of tables.values()) {
      for (const {name, source, text} of chains.values()) {
        const owner = ruleOwner(name, null)
        if (owner === null || OURS.has(owner) || source === null) continue
        const group = found.get(owner) ?? {chains: [], lines: []}
        group.chains.push(name)
        if (group.lines.length === 0) group.lines.push({source, text})
        found.set(owner, group)
      }
    }
  }
  return [...found].map(([owner, {chains, lines}]) =>
    fact(
      'others',
      `${owner}: ${chains.length === 1 ? chains[0] : `${chains.length} chains`}`,
      'the names of chains',
      lines,
    ),
  )
}

const OURS: ReadonlySet<RuleOwner> = new Set(['VPC CNI', 'kube-proxy', 'kubelet', 'portmap'])

function eniText(eni: Eni): string {
  const {id, role, interface: device, table, ipamd, vlan} = eni
  const held = ipamd?.addresses.length ?? 0
  const used = ipamd?.addresses.filter(({assigned}) => assigned).length ?? 0
  const prefixes = ipamd?.prefixes.length ?? 0
  const parts = [
    id ?? 'no id',
    `${role}${vlan === null ? '' : `, VLAN ${vlan}`}`,
    ...(table === null ? [] : [`table ${tableName(table.value)}`]),
    ...(ipamd === null
      ? []
      : [prefixes > 0 ? `${prefixes} prefixes, ${used} addresses in use` : `${used} of ${held} addresses in use`]),
  ]
  return `${device?.value ?? 'no interface'}: ${parts.join(', ')}`
}

function eniLines({ipamd, interface: device, table}: Eni): Evidence[] {
  return [ipamd ?? device?.evidence[0] ?? table?.evidence[0] ?? []].flat()
}

function podFacts({pods, state}: EksNode): JsonNodeFact[] {
  if (pods.length === 0) return []
  const named = pods.filter(({name}) => name !== null).length
  const branches = pods.filter(({hostInterface}) => hostInterface?.value.startsWith('vlan')).length
  const parts = [
    `${pods.length} pods`,
    ...(named === pods.length ? [] : [`${named} of them named`]),
    ...(branches === 0 ? [] : [`${branches} with security groups of their own`]),
  ]
  const basis = state.ipamd === null ? 'routes to veths' : 'ipamd and routes to veths'
  const [first] = pods
  const line = first?.name?.evidence[0] ?? first?.routes[0]
  return [fact('pods', parts.join(', '), basis, line === undefined ? [] : [line])]
}

function serviceFacts({services}: EksNode): JsonNodeFact[] {
  if (services.all.length === 0) return []
  const refused = services.all.filter(({refusals}) => refusals.length > 0).length
  const text = `${services.all.length} service ports${refused === 0 ? '' : `, ${refused} without endpoints`}`
  const rule = services.all[0]?.frontends[0]?.rule
  return [fact('services', text, "kube-proxy's rules", rule === undefined ? [] : [rule])]
}

/** Settings that decide whether and where pods' packets go. */
function sysctlsThatMatter(eks: EksNode): SysctlValue[] {
  const {sysctl} = eks.state
  const enis = eks.enis.flatMap(({interface: device, vlan}) => (device === null || vlan !== null ? [] : [device.value]))
  const strict = eks.enis.some(({vlan}) => vlan !== null)
  const keys = [
    'net.ipv4.ip_forward',
    'net.ipv6.conf.all.forwarding',
    'net.ipv4.conf.all.rp_filter',
    ...enis.map(name => `net.ipv4.conf.${name.replaceAll('.', '/')}.rp_filter`),
    'net.ipv4.conf.all.src_valid_mark',
    ...(strict ? ['net.ipv4.tcp_early_demux'] : []),
    'net.netfilter.nf_conntrack_count',
    'net.netfilter.nf_conntrack_max',
  ]
  return keys.flatMap(key => sysctl?.get(key) ?? [])
}
