import {describe, expect, it} from '@jest/globals'
import {identify} from '../../src/eks/index.js'
import {nodeFrom} from '../support/nodeFrom.js'

const nat = (...lines: string[]): string =>
  ['*nat', ':PREROUTING ACCEPT [0:0]', ':KUBE-SERVICES - [0:0]', ...lines, 'COMMIT', ''].join('\n')
const SERVICE = `-A KUBE-SERVICES -d 10.100.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y`
const SET =
  '-A KUBE-SERVICES -m comment --comment "Kubernetes service cluster ip + port for masquerade purpose" -m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ'
const DUMMY =
  '9: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN\n    link/ether 02:00:00:00:00:09 brd ff:ff:ff:ff:ff:ff\n'
const NFT = 'table ip kube-proxy {\n\tchain services {\n\t}\n}\n'

describe('findKubeProxyMode', () => {
  it.each([
    ['iptables', 'rules that lead to services', {'iptables-save.txt': nat(SERVICE)}],
    ['iptables', 'a rule for every service', {'iptables-save.txt': nat(...new Array<string>(60).fill(SERVICE))}],
    ['ipvs', 'rules that ask the sets of IPVS mode', {'iptables-save.txt': nat(SET)}],
    ['ipvs', 'its interface for cluster addresses', {'ip-link.txt': DUMMY}],
    ['nftables', 'its table', {'nft-ruleset.txt': NFT}],
    ['iptables', 'rules that lead to services', {'iptables-save.txt': nat(SERVICE), 'ip-link.txt': DUMMY}],
  ])('%s by %s', (mode, basis, texts: Record<string, string>) => {
    expect(identify(nodeFrom(texts)).kubeProxyMode).toMatchObject({value: mode, basis, proven: true})
  })

  it('does not guess', () => {
    expect(identify(nodeFrom({'ip-rule.txt': '0:	from all lookup local\n'})).kubeProxyMode).toBeNull()
  })
})
