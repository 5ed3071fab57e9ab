import {rulesOf} from '../../eks/index.js'
import {TABLE_MAIN} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {OUTSIDE, tcpProbe} from '../probe.js'
import {readSnatChain} from '../snatChain.js'
import {RESTART_CNI} from '../repairs.js'

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
    repair: [RESTART_CNI],
  }
}
