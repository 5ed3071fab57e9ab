import type {EksNode, Pod, ServiceName} from '../eks/index.js'
import type {Evidence, Flow, JsonExplanation, Severity} from '../model/index.js'

/** One way in which a node can be wrong, and how it is found. Its page in docs/findings/ is written from it. */
export interface Check {
  /** `EKS1nn` rules and routes, `2nn` marks and SNAT, `3nn` services, `4nn` the kernel, `5nn` oddities. Never used twice. */
  readonly code: string
  readonly severity: Severity
  /** A few words, as a headline. */
  readonly title: string
  /** What is wrong with such a node, and what that does to packets. */
  readonly meaning: string
  /** What the capture shows, and what it must hold for the check to say anything. */
  readonly signature: string
  readonly remedy: string
  /** Where the same was reported or is documented; null where nowhere. */
  readonly reference: string | null
  readonly find: (node: AuditedNode) => Iterable<Fault>
}

/** One fault found: all pods and services that it hits alike together. */
export interface Fault {
  /** One sentence or two: what is wrong here, and what it does to packets. */
  readonly text: string
  readonly evidence: readonly Evidence[]
  readonly pods?: readonly Pod[]
  readonly services?: readonly ServiceName[]
  /** A packet that meets the fault. */
  readonly flow?: Flow | null
  /** Commands, in order. */
  readonly repair: readonly string[]
}

/** What checks look at. */
export interface AuditedNode {
  readonly eks: EksNode
  /** Null where no such packet can be on this node. @param reply also what answers it */
  readonly explain: (flow: Flow, reply?: boolean) => JsonExplanation | null
}
