/**
 * The JSON contract: what every `--json` output is made of. Plain data, no classes; schemas/ is generated from here.
 */
import type {DiagnosticCode, Severity} from './diagnostic.js'

export type Disposition = 'forwarded' | 'delivered' | 'dropped' | 'rejected' | 'unroutable' | 'undetermined'

/** Why; null where the packet simply arrives. Each is described in docs/dispositions.md. */
export type Reason =
  | 'FILTER_RULE'
  | 'CHAIN_POLICY'
  | 'REJECT_RULE'
  | 'SOURCE_VALIDATION'
  | 'MARTIAN_SOURCE'
  | 'MARTIAN_DESTINATION'
  | 'FORWARDING_DISABLED'
  | 'NO_ROUTE'
  | 'BLACKHOLE'
  | 'UNREACHABLE'
  | 'PROHIBIT'
  | 'TTL_EXCEEDED'
  | 'NAT_FAILED'
  | 'EARLY_DEMUX'
  | 'INVALID_SOURCE'
  | 'NOT_FORWARDABLE'
  | 'IPVS_NO_DESTINATION'
  | 'IPVS_DROPPED'
  | 'MISSING_INPUT'
  | 'UNMODELLED_TARGET'
  | 'UNMODELLED_RULES'
  | 'UNMODELLED_ROUTE'
  | 'ORDER_UNDETERMINED'
  | 'TOO_MANY_BRANCHES'

export interface JsonSource {
  /** Path of the document inside the capture. */
  document: string
  /** From 1. */
  line: number
}

export interface JsonFlow {
  family: 4 | 6
  /** `tcp`, `udp`, `icmp` … or a number as text. */
  proto: string
  /** Null: an unbound socket of the node. */
  src: string | null
  sport: number | null
  dst: string
  dport: number | null
  mark: number
  iif: string | null
  oif?: string
  dscp?: number
  ttl?: number
  tcpFlags?: string
  icmpType?: number
  icmpCode?: number
  ctState?: string
}

export interface JsonPacket {
  src: string
  /** Null: not given, or one of a set that SNAT may pick. */
  sport: number | null
  dst: string
  dport: number | null
  proto: string
  mark: number
}

export interface JsonEgress {
  interface: string
  nextHop: string | null
  mac: string | null
  neighbourState: string | null
  eni: string | null
  /** What the ENI is to the node: `primary`, `secondary, table 2`, `branch, VLAN 7, table 107`; absent where it leaves by none. */
  role?: string
  pod: string | null
}

export type StepKind =
  | 'chain-rule'
  /** A rule that was tried and did not match; only with --misses. */
  | 'chain-miss'
  /** A policy rule that was asked and did not decide; only with --misses. */
  | 'rule-miss'
  | 'chain-policy'
  | 'ip-rule'
  | 'route'
  | 'source-validation'
  | 'forwarding'
  | 'conntrack'
  | 'nat'
  | 'source-selection'
  | 'neighbour'
  | 'local-delivery'
  | 'reject-answer'
  /** The virtual service of IPVS that a packet is addressed to. */
  | 'ipvs-service'
  /** The real server that it goes to; `rule` is its number in the listing. */
  | 'ipvs-destination'
  /** The virtual address that an answer gets back. */
  | 'ipvs-reply'
  | 'missing'

export interface JsonStep {
  /** `nat/PREROUTING`, `routing`, `source-validation`, `conntrack` … */
  stage: string
  kind: StepKind
  backend: 'iptables-nft' | 'iptables-legacy' | 'nft' | 'ipvs' | null
  family: 'ip' | 'ip6' | 'inet' | 'netdev' | null
  table: string | null
  chain: string | null
  /** The rule's number in its chain, from 1. */
  rule: number | null
  /** Verdict or target: `ACCEPT`, `KUBE-SERVICES`, `DNAT`, `lookup main` … */
  target: string | null
  /** The very line, as captured. */
  text: string
  /** What it did, in words; empty where it did nothing to the packet. Of a miss: what was asked against what the packet has. */
  effect: string
  source: JsonSource | null
  /** Of a miss: all that the rule asks holds but this. */
  near?: true
}

/** Before a condition that is not of the packet, but of what answers it. */
export const FOR_THE_ANSWER = 'for the answer: '

/** Ends, in parentheses, a condition on the order in which base chains of one priority run. */
export const EQUAL_PRIORITY = 'equal priority: the one registered later, which no listing shows'

export interface JsonOutcome {
  disposition: Disposition
  reason: Reason | null
  /** 0 … 1 among the outcomes with the same conditions; null where no probability can be given. */
  probability: number | null
  /** What must hold for this outcome, in words; empty: always. */
  conditions: string[]
  /** As it leaves the node, is delivered, or is lost. */
  packet: JsonPacket
  egress: JsonEgress | null
  /** The endpoint of a Kubernetes service that was chosen; absent where the way led through no service, and with --brief. */
  service?: JsonService
  steps?: JsonStep[]
  /** The answer, walked back; null where none is expected or the packet did not arrive. Absent inside a reply and with --brief. */
  reply?: JsonOutcome | null
}

export interface JsonService {
  /** As kube-proxy writes it: `kube-system/kube-dns:dns`; the address and port of a virtual service of IPVS. */
  name: string
  /** Which of its endpoints, from 1, in the order of the rules. */
  endpoint: number
  /** How many endpoints it has. */
  of: number
}

export interface JsonOrigin {
  kind: 'pod' | 'node' | 'external'
  interface: string | null
  pod: string | null
  eni: string | null
}

export interface JsonExplanation {
  flow: JsonFlow
  origin: JsonOrigin
  /** Most probable first. */
  outcomes: JsonOutcome[]
  /** Where an outcome is not as on a healthy node of the VPC CNI: why, each way of going wrong once. Absent where all is well, and with --brief. */
  why?: JsonWhy[]
  /** The same flow on the node as it would be after the edits of --what-if; absent without. */
  whatIf?: JsonExplanation
}

/** A line of the capture. */
export interface JsonLine {
  document: string
  line: number
  text: string
}

/** A rule that failed by one condition alone. */
export interface JsonMiss extends JsonLine {
  /** What it asks against what the packet has. */
  miss: string
}

/** Something that is not as on a healthy node. */
export interface JsonCause {
  /** Where in the walk it acts: `routing`, `mangle/PREROUTING` … */
  stage: string
  /** In a sentence. */
  text: string
  /** What should exist and does not, as it would be listed. */
  missing: string[]
  /** What is there and should not be. */
  found: JsonLine | null
}

/** Why a flow does not go as it should. */
export interface JsonWhy {
  way: 'request' | 'reply'
  /** Of the explanation, from 0: which go wrong in this way. */
  outcomes: number[]
  /** What is wrong, in a sentence. */
  symptom: string
  /** In the order in which a packet meets them: the first is where the walk parted from that of a healthy node. */
  causes: JsonCause[]
  /** The line that decided in place of what is missing. */
  takenBy: JsonLine | null
  /** What would have decided if the line that was found had not come first. */
  shadowed: JsonLine[]
  /** At the stage of the first cause, nearest first; a few. */
  nearest: JsonMiss[]
  /** Commands that put it right, in order; each is what --what-if takes. */
  repair: string[]
  /** Whether the same flow goes as it should on the state after them, which was tried. Null: there is no command to try. */
  restores: boolean | null
  /** What to look at where no command of the node helps. */
  advice: string | null
}

/** A command of --what-if, and what it did to the state. The node itself was not touched. */
export interface JsonEdit {
  /** How the lines are cited that it brought in. */
  source: JsonSource
  /** As it was given. */
  text: string
  /** `added`, `deleted ip-rule.txt:7` … */
  effect: string
}

export interface JsonAssumption {
  code: string
  text: string
  source?: JsonSource
}

export interface JsonDiagnostic {
  code: DiagnosticCode
  severity: Severity
  text: string
  source: JsonSource | null
}

/** A flow that meets a fault, without and with its repair. */
export interface JsonProof {
  now: JsonFate[]
  /** After the commands of `repair`; null where what they do cannot be simulated. */
  repaired: JsonFate[] | null
}

export interface JsonFate {
  disposition: Disposition
  reason: Reason | null
  /** As the packet leaves, is delivered, or is lost. */
  src: string
  dst: string
  /** By which it leaves. */
  interface: string | null
  reply: {disposition: Disposition; interface: string | null} | null
}

export interface JsonFinding {
  code: string
  severity: Severity
  title: string
  text: string
  evidence: {document: string; line: number; text: string}[]
  pods: {name: string | null; ip: string}[]
  services: string[]
  flow: JsonFlow | null
  /** What becomes of the flow; null where there is none. */
  proof: JsonProof | null
  /** Commands that put the node right, in order: edits as --what-if takes them, or what makes the owner of the state write it anew. */
  repair: string[]
  /** What to do for good, on the node or off it. */
  remedy: string
  reference: string | null
  /** Of an explanation: the stages of the way that it touches; those of the reply begin with `reply `. */
  stages?: string[]
}

export interface JsonNode {
  name: string | null
  primaryIp: string | null
  capturedAt: string | null
  /** Version range as text: `1.3 – 1.5`. */
  cni: {version: string} | null
  kubeProxyMode: string | null
}

export interface JsonCapture {
  source: string
  documents: {name: string; command: string | null; sha256: string; bytes: number}[]
  /** Commands whose output is not in the capture. */
  missing: string[]
}

/** `ekspath explain --json` */
export interface ExplainReport {
  schema: 'ekspath.explain/1'
  node: JsonNode
  capture: JsonCapture
  explanations: JsonExplanation[]
  assumptions: JsonAssumption[]
  findings: JsonFinding[]
  diagnostics: JsonDiagnostic[]
  /** With --what-if: every explanation then has a `whatIf` of its own. */
  whatIf?: {edits: JsonEdit[]}
}

/** `ekspath audit --json` */
export interface AuditReport {
  schema: 'ekspath.audit/1'
  node: JsonNode
  capture: JsonCapture
  findings: JsonFinding[]
  diagnostics: JsonDiagnostic[]
}
