import {type EksNode, type Frontend, type ServicePort, toolOfCni} from '../../eks/index.js'
import type {Evidence, Flow, NodeState} from '../../model/index.js'
import {formatAddress, formatMark} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {type Connmark, podsOfSecondaryEnis, primaryInterface, readConnmark} from '../connmark.js'
import {knowsChains, setting} from '../known.js'
import {OUTSIDE, tcpProbe} from '../probe.js'

export const nodePortMarkMissing: Check = {
  code: 'EKS201',
  severity: 'error',
  title: 'Connections by node ports are not marked',
  meaning:
    'A connection to a node port comes in by the primary ENI, and its answer must leave there too, although the pod behind it may be on a secondary ' +
    'ENI. For that the CNI sets a mark on the connection when it comes in, restores it on what the pod sends, and a rule sends marked packets to ' +
    'main. Where one of the two mangle rules is missing, the answers leave by the secondary ENI and are lost: load balancers of instance ' +
    'type see some targets time out.',
  signature:
    'Services with node ports and pods on secondary ENIs, and no rule in mangle PREROUTING that sets, or none that restores, the mark. Silent where ' +
    'AWS_VPC_CNI_NODE_PORT_SUPPORT is false. Needs `ip rule` and `iptables-save`.',
  remedy: 'Restart aws-node, which writes the rules when it starts, and find out what removed them.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/75',
  find: findMissing,
}

function* findMissing(node: AuditedNode): Generator<Fault> {
  const {eks} = node
  const {state} = eks
  if (!knowsChains(state, 'mangle') || setting(state, 'AWS_VPC_CNI_NODE_PORT_SUPPORT') === 'false') return
  const pods = podsOfSecondaryEnis(eks)
  const nodePort = pods.length === 0 ? null : firstNodePort(eks)
  const connmark = readConnmark(state)
  const missing = missingRules(eks.state, connmark, primaryInterface(eks) ?? 'eth0')
  if (nodePort === null || missing.length === 0) return
  const evidence: Evidence[] = [nodePort.frontend.rule, ...connmark.sets, ...connmark.restores]
  yield {
    text: `No rule ${missing.map(({what}) => what).join(', and none ')}: answers of pods on secondary ENIs leave by the wrong ENI.`,
    evidence: [...evidence, ...pods.flatMap(({fromRules}) => fromRules.slice(0, 1))],
    pods,
    services: [nodePort.service],
    flow: flowOf(node),
    repair: missing.map(({command}) => command),
  }
}

/** So many node ports are tried. */
const MOST_TRIES = 50

/** By a node port whose pods see the client, if there is one: the answer to a client that kube-proxy hides behind the node needs no mark. */
function flowOf({eks, explain}: AuditedNode): Flow | null {
  const address = eks.address?.value
  if (address === undefined) return null
  const primary = primaryInterface(eks)
  const probes = [...nodePorts(eks)]
    .slice(0, MOST_TRIES)
    .map(({frontend}) => tcpProbe(OUTSIDE, address, frontend.port, primary))
  const seesClient = (flow: Flow): boolean =>
    explain(flow)?.outcomes.some(
      ({disposition, packet}) => disposition === 'forwarded' && packet.src === formatAddress(OUTSIDE),
    ) ?? false
  return probes.find(seesClient) ?? probes[0] ?? null
}

export function firstNodePort(eks: EksNode): NodePort | null {
  return nodePorts(eks).next().value ?? null
}

interface NodePort {
  readonly service: ServicePort
  readonly frontend: Frontend
}

function* nodePorts(eks: EksNode): Generator<NodePort, undefined> {
  for (const service of eks.services.all) {
    const frontend = service.frontends.find(({kind}) => kind === 'node port')
    if (frontend !== undefined) yield {service, frontend}
  }
}

function missingRules(
  state: NodeState,
  {mark, sets, restores}: Connmark,
  primary: string,
): {what: string; command: string}[] {
  const bit = formatMark(mark)
  const begin = `${toolOfCni(state)} -t mangle -A PREROUTING -m comment --comment "AWS, primary ENI"`
  return [
    ...(sets.length > 0
      ? []
      : [
          {
            what: `sets the mark ${bit} on what comes in by ${primary}`,
            command: `${begin} -i ${primary} -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark ${bit}/${bit}`,
          },
        ]),
    ...(restores.length > 0
      ? []
      : [
          {
            what: `restores the mark ${bit} on what pods send`,
            command: `${begin} -i eni+ -j CONNMARK --restore-mark --nfmask ${bit} --ctmask ${bit}`,
          },
        ]),
  ]
}
