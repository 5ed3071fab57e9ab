import {type EksNode, interfaceOf, type Pod, rulesOf} from '../eks/index.js'
import {type ChainRule, type NodeState, type PolicyRule, TABLE_MAIN} from '../model/index.js'
import {type MaskedValue, parseUint32} from '../net/index.js'
import {setting} from './known.js'

/** The bit with which the CNI remembers that a connection came in by the primary ENI, unless AWS_VPC_K8S_CNI_CONNMARK says another. */
const DEFAULT_MARK = 0x80

/** What of the CNI's marking of connections is there. */
export interface Connmark {
  readonly mark: number
  /** mangle PREROUTING: sets the mark on what comes in by the primary ENI. */
  readonly sets: readonly ChainRule[]
  /** mangle PREROUTING: restores the mark on what comes from pods. */
  readonly restores: readonly ChainRule[]
  /** nat PREROUTING: leads to the chain that marks connections to the Internet (≥ 1.8). */
  readonly outbound: readonly ChainRule[]
  /** `1024: from all fwmark 0x80/0x80 lookup main` */
  readonly rule: PolicyRule | null
}

/** The bit by which the CNI of this node marks connections. */
export function connmarkOf(state: NodeState): number {
  return parseUint32(setting(state, 'AWS_VPC_K8S_CNI_CONNMARK') ?? '') ?? DEFAULT_MARK
}

export function readConnmark(state: NodeState): Connmark {
  const mark = connmarkOf(state)
  const mangle = [...rulesOf(state, 'mangle', 'PREROUTING')]
  const rule = state.routing[4].rules?.find(
    ({fwmark, action}) => covers(fwmark, mark) && action.kind === 'lookup' && action.table === TABLE_MAIN,
  )
  return {
    mark,
    sets: mangle.filter(({target}) => target.kind === 'connmark-set' && (target.set.value & mark) !== 0),
    restores: mangle.filter(({target}) => target.kind === 'connmark-restore' && (target.ctMask & mark) !== 0),
    outbound: [...rulesOf(state, 'nat', 'PREROUTING')].filter(
      ({target}) => target.kind === 'jump' && target.chain === 'AWS-CONNMARK-CHAIN-0',
    ),
    rule: rule ?? null,
  }
}

function covers(fwmark: MaskedValue | null, mark: number): boolean {
  return fwmark !== null && (fwmark.mask & mark) !== 0 && (fwmark.value & mark) !== 0
}

/** IPv4 pods whose packets leave by a secondary ENI: for them it matters by which ENI an answer goes out. */
export function podsOfSecondaryEnis(eks: EksNode): Pod[] {
  return eks.pods.filter(
    ({address, fromRules, table}) =>
      typeof address === 'number' && fromRules.length > 0 && table !== null && table.value !== TABLE_MAIN,
  )
}

/** By which the world reaches the node. */
export function primaryInterface(eks: EksNode): string | null {
  const primary = eks.enis.find(({role}) => role === 'primary')
  return primary?.interface?.value ?? interfaceOf(eks.routing.defaultRoutes.get(TABLE_MAIN)?.[0] ?? null)
}
