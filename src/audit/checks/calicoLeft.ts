import {type EksNode, isVethName, vethPrefixOf} from '../../eks/index.js'
import type {Chain, Evidence} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {OUTSIDE, tcpProbe} from '../probe.js'
import {listWords} from '../words.js'
import {deleteRule} from '../repairs.js'

export const calicoLeft: Check = {
  code: 'EKS212',
  severity: 'warning',
  title: "Calico's rules know none of the pods",
  meaning:
    'Calico has a chain for each pod, by the name of its veth. Where it was removed without its rules, its dispatch chains still stand before all traffic of pods, and drop what comes from a veth ' +
    'they do not know.',
  signature:
    'FORWARD leads to chains of Calico, and no chain `cali-fw-…` or `cali-tw-…` is that of a pod of the node. Needs `iptables-save` and pods.',
  remedy: 'Delete the chains of Calico, or replace the node; where Calico should run, look for calico-node.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/589',
  find: findLeft,
}

function* findLeft({eks, explain}: AuditedNode): Generator<Fault> {
  const chains = eks.state.iptables.flatMap(({tables, family}) =>
    family === 4 ? [...(tables.get('filter')?.chains.values() ?? [])] : [],
  )
  const jumps = chains
    .filter(({name}) => name === 'FORWARD')
    .flatMap(({rules}) => rules.filter(({target}) => target.kind === 'jump' && target.chain.startsWith('cali-')))
  const veths = podVeths(eks)
  const known = workloads(chains)
  if (jumps.length === 0 || veths.size === 0 || known.some(({veth}) => veths.has(veth))) return
  const pod = eks.pods.find(({address, hostInterface}) => typeof address === 'number' && hostInterface !== null)
  const flow = pod === undefined ? null : tcpProbe(pod.address, OUTSIDE, 443)
  const lost = flow !== null && (explain(flow)?.outcomes.some(({disposition}) => disposition === 'dropped') ?? false)
  const evidence: Evidence[] = [...jumps, ...known.flatMap(({chain}) => declaration(chain))]
  yield {
    text: `Traffic of pods is led through chains of Calico, which have none of this node's pods${known.length === 0 ? '' : ` but ${listWords([...new Set(known.map(({veth}) => veth))])}`}${lost ? ', and is dropped there' : ''}.`,
    evidence,
    pods: lost ? eks.pods.filter(({address}) => typeof address === 'number') : [],
    flow: lost ? flow : null,
    repair: jumps.map(jump => deleteRule(eks.state, 'filter', jump)),
  }
}

function podVeths(eks: EksNode): Set<string> {
  const prefix = vethPrefixOf(eks.state)
  return new Set(
    eks.pods.flatMap(({hostInterface}) =>
      hostInterface !== null && isVethName(hostInterface.value, prefix) ? [hostInterface.value] : [],
    ),
  )
}

function workloads(chains: readonly Chain[]): {readonly veth: string; readonly chain: Chain}[] {
  return chains.flatMap(chain => {
    const veth = /^cali-[ft]w-(.+)$/.exec(chain.name)?.[1]
    return veth === undefined ? [] : [{veth, chain}]
  })
}

function declaration({source, text}: Chain): Evidence[] {
  return source === null ? [] : [{source, text}]
}
