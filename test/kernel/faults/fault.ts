import type {EniWords} from '../../support/ipamdEnis.js'
import type {NodeSpec} from '../lab/nodeSpec.js'

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
  /**
   * What becomes of the fault by the commands of its finding: `arrives`, its flow fares as on the healthy node; `gone`, the finding has no flow and
   * is not found again; null, the repair is no command of the node's network (kubectl), or there is none.
   */
  readonly repair: 'arrives' | 'gone' | null
}
