import type {EniWords} from '../../support/ipamdEnis.js'
import type {NodeSpec} from '../lab/nodeSpec.js'

/** Why no command of the node's network puts it right, and what the finding must say to do instead. */
export interface OffNode {
  readonly off: string
  readonly says: RegExp
}

/** Why the commands of the finding cannot be run in a namespace: they are tried on a copy of what was captured. */
export interface OnCopy {
  readonly onCopy: string
}

/** One way to break the healthy node. */
export interface KernelFault {
  /** What `audit` must name, and nothing else. */
  readonly code: string
  /** What is broken, in a few words. */
  readonly what: string
  /** Commands that break it, run on the node. */
  readonly breaks: readonly string[]
  /** Of the node that is built before: what cannot be had by a command. */
  readonly node?: Partial<NodeSpec>
  readonly enis?: readonly EniWords[]
  readonly settings?: Readonly<Record<string, unknown>>
  /** `conntrack` commands: what the node remembers when the packet comes. The lab forgets it before each. */
  readonly connections?: readonly string[]
  /** Documents of the capture besides, and the commands of the node that print them. */
  readonly captures?: Readonly<Record<string, string>>
  /** Documents that no namespace can give. */
  readonly documents?: Readonly<Record<string, string>>
  /**
   * What becomes of the fault by the commands of its finding: `arrives`, its flow fares as on the healthy node; `gone`, the finding has no flow and
   * is not found again; or why they are not run.
   */
  readonly repair: 'arrives' | 'gone' | OffNode | OnCopy
}
