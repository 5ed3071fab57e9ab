import {type EksNode, nativeTables, rulesOf, toolOfCni} from '../../eks/index.js'
import {type NodeState, TABLE_MAIN} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {OUTSIDE, tcpProbe} from '../probe.js'
import {readSnatChain} from '../snatChain.js'
import {RESTART_CNI, snatRule} from '../repairs.js'

const NAME = 'AWS_VPC_K8S_CNI_EXTERNALSNAT'

export const cniRulesAbsent: Check = {
  code: 'EKS214',
  severity: 'error',
  title: "The CNI's translation is not there",
  meaning:
    'ipamd is up and says that pods are translated, and no rule of iptables does it. Either something flushed the table, or the CNI writes to the other backend (legacy or nf_tables), ' +
    'which this capture does not have: then only half of the truth is seen here.',
  signature: `ipamd says that ${NAME} is false, the save has a nat table, and nothing in it is a translation of the CNI. Needs \`iptables-save\` and ipamd's settings.`,
  remedy:
    'Capture both backends (`iptables-legacy-save`, `iptables-nft-save`). Where neither has the rules, restart aws-node, and find out what removed them.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2837',
  find: findAbsent,
}

function* findAbsent({eks}: AuditedNode): Generator<Fault> {
  const external = eks.state.ipamd?.environment.get(NAME)
  const saves = eks.state.iptables.filter(({family, tables}) => family === 4 && tables.has('nat'))
  const pod = eks.pods.find(({address, table}) => typeof address === 'number' && table?.value === TABLE_MAIN)
  if (external?.value !== 'false' || saves.length === 0 || pod === undefined) return
  const direct = [...rulesOf(eks.state, 'nat', 'POSTROUTING')].some(({comment}) => comment === 'AWS, SNAT')
  if (direct || saves.some(save => readSnatChain(save) !== null)) return
  yield {
    text: 'ipamd says that pods are translated when they leave the VPC, and no rule in this capture does it.',
    evidence: [
      external,
      ...saves.flatMap(({tables}) => tables.get('nat') ?? []).map(({source}) => ({source, text: '*nat'})),
    ],
    pods: [pod],
    flow: tcpProbe(pod.address, OUTSIDE, 443),
    repair: writeAnew(eks) ?? [RESTART_CNI],
  }
}

/** As CNI 1.16.2 and later write it; null where no rule or table tells which blocks the VPC has. */
function writeAnew({state, address}: EksNode): string[] | null {
  const blocks = vpcBlocks(state)
  if (blocks.length === 0 || typeof address?.value !== 'number') return null
  const on = `${toolOfCni(state)} -t nat`
  const there = state.iptables.some(({tables}) => tables.get('nat')?.chains.has('AWS-SNAT-CHAIN-0'))
  const comment = '-m comment --comment "AWS SNAT CHAIN"'
  return [
    ...(there ? [] : [`${on} -N AWS-SNAT-CHAIN-0`]),
    ...blocks.map(block => `${on} -A AWS-SNAT-CHAIN-0 -d ${block} ${comment} -j RETURN`),
    `${on} -A ${snatRule('AWS-SNAT-CHAIN-0', address.value)}`,
    `${on} -A POSTROUTING ${comment} -j AWS-SNAT-CHAIN-0`,
  ]
}

/** What the CNI's marking leaves out, which has the same blocks as its translation. */
function vpcBlocks(state: NodeState): string[] {
  const listed = [...rulesOf(state, 'nat', 'AWS-CONNMARK-CHAIN-0')].filter(({target}) => target.kind === 'return')
  const native =
    nativeTables(state)
      .find(({name}) => name === 'aws-cni')
      ?.chains.get('snat-mark')?.rules ?? []
  return [
    ...listed.flatMap(({text}) => / -d (\S+)/.exec(text)?.[1] ?? []),
    ...native.flatMap(({text}) => /\bip daddr (\S+) (?:counter .*)?return\b/.exec(text)?.[1] ?? []),
  ]
}
