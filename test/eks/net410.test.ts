import {beforeAll, describe, expect, it} from '@jest/globals'
import {
  annotate,
  describeAddress,
  describeChain,
  describeInterface,
  type EksNode,
  endpointsOf,
  identify,
  interfaceRole,
  podText,
  resolveName,
} from '../../src/eks/index.js'
import {explainFlow} from '../../src/evaluate/index.js'
import type {Evidence} from '../../src/model/index.js'
import {formatAddress, parseAddress, parseIpv4, type Address} from '../../src/net/index.js'
import {loadNode} from '../../src/node/index.js'
import {makeFlow} from '../../src/explain/index.js'

let node: EksNode
beforeAll(async () => {
  node = identify(await loadNode('fixtures/net410'))
})

const address = (text: string): Address => parseAddress(text) as Address
const cite = (evidence: readonly Evidence[] = []): string[] =>
  evidence.map(({source}) => `${source.document}:${source.line}`)

describe('a node of 2018: eight pods, three ENIs, VPC CNI 1.2', () => {
  it('knows the node', () => {
    expect(node.address && formatAddress(node.address.value)).toBe('192.168.4.93')
    expect(cite(node.address?.evidence)).toEqual(['ip-route.txt:4'])
    expect(node.kubeProxyMode).toMatchObject({value: 'iptables', proven: true})
  })

  it('dates the CNI by what only some versions write', () => {
    expect(node.cni?.value.text).toBe('1.2 – 1.2.1')
    expect(cite(node.cni?.evidence)).toEqual(['ip-rule.txt:10', 'ip-rule.txt:11'])
  })

  it('joins each pod to its veth, table and ENI', () => {
    const rows = node.pods.map(pod => [
      formatAddress(pod.address),
      podText(pod)?.replace('default/worker-hello-5d9b798f74-', ''),
      pod.hostInterface?.value,
      pod.table?.value,
      node.eniOfPod(pod)?.value.id,
    ])
    expect(rows).toEqual([
      ['192.168.3.24', 'ktdxl', 'eni1f29a933002', 2, 'eni-08f89b8d2799ddf95'],
      ['192.168.7.54', 'xhf5b', 'eni5eaa472d76b', 254, 'eni-0334a44d21188bd24'],
      ['192.168.7.62', '2gnkc', 'eni6a241e7f902', 254, 'eni-0334a44d21188bd24'],
      ['192.168.9.15', 'zk7c7', 'eni3ba2d1492d5', 254, 'eni-0334a44d21188bd24'],
      ['192.168.10.216', 'h2x78', 'enidcee159cf44', 2, 'eni-08f89b8d2799ddf95'],
      ['192.168.20.139', 'wrw8r', 'eniccbdba09bad', 2, 'eni-08f89b8d2799ddf95'],
      ['192.168.24.73', 'nqg89', 'enie96d6354f21', 254, 'eni-0334a44d21188bd24'],
      ['192.168.29.205', 'szjsd', 'eni8a6f029b3bc', 254, 'eni-0334a44d21188bd24'],
    ])
    const pod = node.podAt(address('192.168.3.24'))
    expect(cite(pod?.name?.evidence)).toEqual(['ipamd-pods.json:10'])
    expect(cite(pod?.hostInterface?.evidence)).toEqual(['ip-route.txt:5'])
    expect(cite(pod?.table?.evidence)).toEqual(['ip-rule.txt:12'])
    expect(pod?.containerId).toMatch(/^e578863a/)
    expect(cite(pod?.toRules)).toEqual(['ip-rule.txt:7'])
  })

  it('takes the table of an ENI from its pods, because this version does not use device number + 1', () => {
    const rows = node.enis.map(eni => [
      eni.id,
      eni.ipamd?.deviceNumber,
      eni.role,
      eni.interface?.value,
      eni.table?.value,
    ])
    expect(rows).toEqual([
      ['eni-0334a44d21188bd24', 0, 'primary', 'eth0', 254],
      ['eni-0458b317b891b1d40', 3, 'secondary', undefined, undefined],
      ['eni-08f89b8d2799ddf95', 2, 'secondary', 'eth1', 2],
    ])
    const [, , secondary] = node.enis
    expect(secondary?.table).toMatchObject({basis: 'the rules of its pods', proven: true})
    expect(cite(secondary?.table?.evidence)).toEqual(['ip-rule.txt:13', 'ip-rule.txt:14', 'ip-rule.txt:12'])
    expect(cite(secondary?.interface?.evidence)).toEqual(['ip-route-table-2.txt:1'])
  })

  it('lists services and their endpoints with exact shares', () => {
    const rows = node.services.all.map(service => [
      service.fullName,
      service.hash,
      ...endpointsOf(service).map(
        endpoint => `${formatAddress(endpoint.address)}:${endpoint.port} ${endpoint.probability}`,
      ),
    ])
    expect(rows).toEqual([
      ['default/kubernetes:https', 'NPX46M4PTMTKRN6Y', '192.168.119.102:443 0.5', '192.168.154.135:443 0.5'],
      ['kube-system/kube-dns:dns', 'TCOU7JCQXEZGVUNU', '192.168.64.27:53 1'],
      ['kube-system/kube-dns:dns-tcp', 'ERIFXISQEP7F7OF4', '192.168.64.27:53 1'],
    ])
  })

  it.each([
    ['KUBE-SVC-TCOU7JCQXEZGVUNU', 'kube-system/kube-dns:dns'],
    ['KUBE-SEP-SBYITFTVBG66OBOJ', 'kube-system/kube-dns:dns endpoint 1 of 1, 100 %'],
    ['KUBE-SEP-VM7IXZRFNUK7QDNK', 'default/kubernetes:https endpoint 2 of 2, 50 %'],
    ['KUBE-SVC-AAAAAAAAAAAAAAAA', null],
    ['KUBE-SERVICES', null],
    ['PREROUTING', null],
  ])('describes chain %s', (chain, text) => {
    expect(describeChain(node, chain)).toBe(text)
  })

  it.each([
    ['eth0', 'eth0 (eni-0334a44d21188bd24, primary ENI)', 'primary ENI'],
    ['eth1', 'eth1 (eni-08f89b8d2799ddf95, secondary ENI, table 2)', 'secondary ENI'],
    ['eni6a241e7f902', 'eni6a241e7f902 (pod default/worker-hello-5d9b798f74-2gnkc)', 'pod'],
    ['docker0', 'docker0 (docker bridge)', 'docker bridge'],
    ['eth7', 'eth7', 'unknown'],
  ])('describes interface %s', (name, text, role) => {
    expect(describeInterface(node, name)).toBe(text)
    expect(interfaceRole(node, name)).toBe(role)
  })

  it.each([
    ['192.168.7.62', '192.168.7.62 (pod default/worker-hello-5d9b798f74-2gnkc)'],
    ['192.168.4.93', '192.168.4.93 (this node)'],
    ['10.100.0.10', '10.100.0.10 (service kube-system/kube-dns)'],
    ['1.1.1.1', '1.1.1.1'],
  ])('describes address %s', (text, described) => {
    expect(describeAddress(node, address(text))).toBe(described)
  })

  it.each([
    ['node', 'node', '192.168.4.93', null, null],
    ['default/worker-hello-5d9b798f74-2gnkc', 'pod', '192.168.7.62', null, null],
    ['worker-hello-5d9b798f74-2gnkc', 'pod', '192.168.7.62', null, null],
    ['pod/default/worker-hello-5d9b798f74-2gnkc', 'pod', '192.168.7.62', null, null],
    ['default/kubernetes', 'service', '10.100.0.1', 443, 6],
    ['kube-system/kube-dns:dns', 'service', '10.100.0.10', 53, 17],
    ['svc/kube-system/kube-dns:dns-tcp', 'service', '10.100.0.10', 53, 6],
    ['kubernetes:https', 'service', '10.100.0.1', 443, 6],
    ['default/kubernetes:443', 'service', '10.100.0.1', 443, 6],
  ])('resolves %s', (name, kind, resolved, port, protocol) => {
    expect(resolveName(node, name)).toMatchObject({kind, address: parseIpv4(resolved), port, protocol})
  })

  it.each([
    ['default/kubernetes:80', 'unknown', ['default/kubernetes:https']],
    ['kube-system/kube-dns', 'ambiguous', ['kube-system/kube-dns:dns', 'kube-system/kube-dns:dns-tcp']],
    ['kube-system/kube-dsn:dns', 'unknown', ['kube-system/kube-dns:dns', 'kube-system/kube-dns:dns-tcp']],
    ['pod/kube-system/kube-dns', 'unknown', []],
    ['nothing-like-it', 'unknown', []],
  ])('does not guess what %s means', (name, kind, nearest) => {
    const problem = resolveName(node, name)
    expect(problem).toMatchObject({kind})
    expect('nearest' in problem && problem.nearest).toEqual(nearest)
  })

  it('lists the pods of a deployment that was meant', () => {
    const problem = resolveName(node, 'default/worker-hello')
    expect('nearest' in problem && problem.nearest).toHaveLength(5)
  })

  it('decides between two protocols of one port when it knows the flow', () => {
    expect(resolveName(node, 'kube-system/kube-dns:53')).toMatchObject({kind: 'ambiguous'})
    expect(resolveName(node, 'kube-system/kube-dns:53', 17)).toMatchObject({name: 'kube-system/kube-dns:dns'})
  })

  it('names pods and ENIs in an explanation', () => {
    const flow = makeFlow({
      protocol: 17,
      source: address('192.168.3.24'),
      destination: address('192.168.7.62'),
      sourcePort: 4000,
      destinationPort: 53,
    })
    const explanation = annotate(node, explainFlow(node.state, flow).explanation)
    expect(explanation.origin).toMatchObject({
      pod: 'default/worker-hello-5d9b798f74-ktdxl',
      eni: 'eni-08f89b8d2799ddf95',
    })
    const [outcome] = explanation.outcomes
    expect(outcome?.egress).toMatchObject({pod: 'default/worker-hello-5d9b798f74-2gnkc', eni: null})
    expect(outcome?.reply?.egress).toMatchObject({pod: 'default/worker-hello-5d9b798f74-ktdxl'})
  })
})
