import {toolOfLine} from '../../eks/index.js'
import type {Evidence, Flow} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {OUTSIDE, tcpProbe} from '../probe.js'

export const forwardDropped: Check = {
  code: 'EKS206',
  severity: 'error',
  title: 'The node drops what it should forward',
  meaning:
    'All traffic of pods is forwarded by the node. Docker (since 1.13), firewalld, ufw and hardening scripts set the policy of filter FORWARD to DROP; ' +
    'what no rule accepts is then lost.',
  signature:
    'The policy of FORWARD is DROP, and a packet from a pod to the outside, or from the outside to a pod, ends there. Needs `iptables-save` and a pod.',
  remedy: "Set the policy back; on EKS nodes kubelet's unit does so when it starts.",
  reference: 'https://github.com/kubernetes/kubernetes/issues/40182',
  find: findDropped,
}

function* findDropped({eks, explain}: AuditedNode): Generator<Fault> {
  const evidence = eks.state.iptables.flatMap((ruleset): Evidence[] => {
    const chain = ruleset.tables.get('filter')?.chains.get('FORWARD')
    const drops = ruleset.family === 4 && chain?.policy === 'DROP' && chain.source !== null
    return drops ? [{source: chain.source, text: chain.text}] : []
  })
  const pod = eks.pods.find(({address}) => typeof address === 'number')
  if (evidence.length === 0 || pod === undefined) return
  const isDropped = (flow: Flow): boolean =>
    explain(flow)?.outcomes.some(({reason}) => reason === 'CHAIN_POLICY') ?? false
  const flow = [tcpProbe(pod.address, OUTSIDE, 443), tcpProbe(OUTSIDE, pod.address, 80)].find(isDropped)
  if (flow === undefined) return
  yield {
    text: `The policy of FORWARD is DROP, and no rule accepts ${flow.source === OUTSIDE ? 'what comes in for pods' : 'what pods send out'}.`,
    evidence,
    flow,
    repair: evidence.map(chain => `${toolOfLine(eks.state, chain)} -P FORWARD ACCEPT`),
  }
}
