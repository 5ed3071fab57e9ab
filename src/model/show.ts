/**
 * What `ekspath show … --json` prints: the typed model as rows, each with the line it was read from. Schemas are generated from here.
 */
import type {JsonCapture, JsonDiagnostic, JsonNode, JsonSource} from './report.js'

export interface JsonRuleRow {
  family: 4 | 6
  priority: number
  /** Everything but priority and action, as `ip rule` words it: `not from all to 192.168.0.0/16`. */
  selector: string
  /** `lookup main`, `blackhole`, `goto 32766` … */
  action: string
  source: JsonSource
}

export interface JsonRouteRow {
  family: 4 | 6
  table: string
  type: string
  destination: string
  /** Several where multipath; `weight` is as printed, from 1. */
  nextHops: {gateway: string | null; interface: string | null; weight: number}[]
  preferredSource: string | null
  metric: number
  source: JsonSource
}

/** A base chain, a function of IPVS or of the kernel itself in the order of its hook; behind those, the chains that only others jump to. */
export interface JsonChainRow {
  /** Null: a chain of an inet table that is in no hook. */
  family: 4 | 6 | null
  /** Null: only other chains lead there. */
  hook: 'INGRESS' | 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING' | 'EGRESS' | null
  /** When it runs among all that hook in there, of all back ends, from 1. What shares a position runs in an order that no listing shows. Null: a routing decision, before or behind the hook. */
  position: number | null
  /** As registered; nat chains run together, at -100 or 100, whatever their own is. */
  priority: number | null
  type: 'filter' | 'nat' | 'route' | null
  backend: 'iptables-nft' | 'iptables-legacy' | 'nft' | 'ipvs' | 'kernel'
  /** Empty for what the kernel does itself. */
  table: string
  /** Of native tables of nftables. */
  tableFamily: 'ip' | 'ip6' | 'inet' | 'netdev' | null
  chain: string
  /** Base chains only. */
  policy: 'ACCEPT' | 'DROP' | null
  /** Null: not known, or not a chain. */
  rules: number | null
  /** Why its position is shared, of which devices it is, what is not known of it. */
  note: string | null
  /** Null where no line of its own declares it. */
  source: JsonSource | null
}

/** A rule of one chain, with --chain. */
export interface JsonChainRuleRow {
  /** Null: a rule of an inet table. */
  family: 4 | 6 | null
  backend: 'iptables-nft' | 'iptables-legacy' | 'nft'
  table: string
  chain: string
  /** From 1. */
  rule: number
  /** The very line. */
  text: string
  /** Null where the listing has no counters. */
  packets: number | null
  source: JsonSource
}

export interface JsonNeighbourRow {
  address: string
  interface: string | null
  mac: string | null
  state: string
  source: JsonSource
}

export interface JsonPodRow {
  namespace: string | null
  name: string | null
  ip: string
  /** Host side of the veth pair. */
  interface: string | null
  eni: string | null
  /** Routing table that its packets use by rule; null: main. */
  table: string | null
  /** The first line that speaks of it. */
  source: JsonSource | null
}

export interface JsonEniRow {
  /** Null where only routes speak of it. */
  id: string | null
  deviceNumber: number | null
  role: string
  interface: string | null
  table: string | null
  /** Addresses that ipamd holds on it, and how many of them a pod has. */
  addresses: number
  assigned: number
  source: JsonSource | null
}

/** An endpoint of a service; or a service that has none. */
export interface JsonServiceRow {
  /** `kube-system/kube-dns:dns`; where nothing names it, the chain. */
  service: string
  /**
   * How the name is known: a comment, or the name of the chain, which is a hash of it (iptables) or spells it (nftables). A virtual service of IPVS
   * has no name but its address.
   */
  namedBy: 'comment' | 'chain hash' | 'chain name' | 'address' | 'nothing'
  family: 4 | 6
  protocol: string
  /** Where it is reached; `address` null: a node port, on every address of the node. */
  frontends: {
    kind: 'cluster IP' | 'external IP' | 'loadbalancer IP' | 'node port' | 'virtual service'
    address: string | null
    port: number
    source: JsonSource
  }[]
  /** `local`: for connections that only endpoints of this node may serve (traffic policy Local). */
  reach: 'all' | 'local'
  /** Null where its traffic is refused, and of IPVS. */
  chain: string | null
  /** Of IPVS, with what keeps a client at its real server: `rr`, `sh, persistent 10800 s`. Null: not shown, or no service of IPVS. */
  scheduler: string | null
  endpoint: JsonEndpointRow | null
  /** Null where none of its rules refuses. */
  refusal: {why: 'no endpoints' | 'no local endpoints'; source: JsonSource} | null
  source: JsonSource | null
}

export interface JsonEndpointRow {
  address: string
  port: number | null
  /** Null: a real server of IPVS. */
  chain: string | null
  /** From 1, in the order of the rules, or of the listing. */
  number: number
  of: number
  /** Share of new connections without affinity, 0 … 1. Null: the scheduler goes by load or by a hash, or is not shown. */
  probability: number | null
  /** Null: not on this node, or nothing names it. */
  pod: string | null
  /** Null: the capture does not say whether it is on this node. */
  local: boolean | null
}

/** Something that a rule does with a mark. In the order of a packet's way, one mark after the other. */
export interface JsonMarkRow {
  /** The bits that belong together: `0x80`, `0xf00`, `0xffffffff`. */
  mark: string
  does: 'sets' | 'clears' | 'toggles' | 'saves' | 'restores' | 'tests'
  of: 'packet' | 'connection'
  /** As iptables writes them: `0x4000/0x4000`. */
  bits: string
  negated: boolean
  /** Bits of others are lost on the way. */
  clearsOthers: boolean
  families: (4 | 6)[]
  /** `PREROUTING`, `routing` …: from where packets get there; empty: nothing leads there. */
  hooks: string[]
  backend: 'iptables-nft' | 'iptables-legacy' | 'nft' | null
  /** Null: a rule of the routing policy database. */
  table: string | null
  chain: string | null
  /** The rule's number in its chain, from 1; of `ip rule` the priority. */
  rule: number
  /** Who is known to write such rules. */
  owner: string | null
  /** The very line. */
  text: string
  source: JsonSource
}

/** Something that is known of the node as a whole. */
export interface JsonNodeFact {
  /** `address`, `cni`, `kube-proxy`, `eni`, `sysctl` …; several of one kind follow each other. */
  fact: string
  value: string
  /** Why, to follow "by"; null where the line itself says it. */
  because: string | null
  /** The lines that prove it; empty where something is not in the capture. */
  evidence: {document: string; line: number; text: string}[]
}

interface ShowReport<Schema extends string, Row> {
  schema: Schema
  node: JsonNode
  capture: JsonCapture
  rows: Row[]
  diagnostics: JsonDiagnostic[]
}

export type ShowRulesReport = ShowReport<'ekspath.show.rules/1', JsonRuleRow>
export type ShowRoutesReport = ShowReport<'ekspath.show.routes/1', JsonRouteRow>
export type ShowChainsReport = ShowReport<'ekspath.show.chains/1', JsonChainRow>
export type ShowChainReport = ShowReport<'ekspath.show.chain/1', JsonChainRuleRow>
export type ShowNeighboursReport = ShowReport<'ekspath.show.neighbours/1', JsonNeighbourRow>
export type ShowPodsReport = ShowReport<'ekspath.show.pods/1', JsonPodRow>
export type ShowServicesReport = ShowReport<'ekspath.show.services/1', JsonServiceRow>
export type ShowMarksReport = ShowReport<'ekspath.show.marks/1', JsonMarkRow>
export type ShowNodeReport = ShowReport<'ekspath.show.node/1', JsonNodeFact>
export type ShowEnisReport = ShowReport<'ekspath.show.enis/1', JsonEniRow>

/** Any command's answer to --json where it could not do what was asked. */
export interface ErrorReport {
  schema: 'ekspath.error/1'
  error: {
    code: 'USAGE' | 'INPUT' | 'COLLECTION' | 'BUG'
    /** What the process ends with. */
    exitCode: number
    message: string
    nextSteps: string[]
  }
}
