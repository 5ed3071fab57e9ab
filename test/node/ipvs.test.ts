import {readFileSync} from 'node:fs'
import {plainDocument} from '../../src/capture/index.js'
import type {NodeState} from '../../src/model/index.js'
import {formatAddress} from '../../src/net/index.js'
import {nodeOf} from '../../src/node/index.js'
import {nodeFrom} from '../support/nodeFrom.js'
import {captureFolder} from './support/captureFolder.js'

const RULES = readFileSync('fixtures/net410/ip-rule.txt', 'utf8')
const SAVE = '-A -t 10.100.0.1:443 -s rr\n-a -t 10.100.0.1:443 -r 10.0.1.9:6443 -m -w 1\n'
const LIST = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.100.0.1:443 rr
  -> 10.0.1.9:6443                Masq    1      3          12
`
const COUNTERS = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS
  -> RemoteAddress:Port
TCP  10.100.0.1:443                      0        0        0        0        0
  -> 10.0.1.9:6443                       0        0        0        0        0
`

/** `10.0.1.9:6443 masquerade w1 3+12 of networking/ipvsadm.txt:2`. */
function servers({ipvs}: NodeState): string[] | null {
  return (
    ipvs.services?.flatMap(({destinations}) =>
      destinations.map(
        ({address, port, method, weight, active, inactive, source}) =>
          `${formatAddress(address)}:${port} ${method} w${weight} ${active}+${inactive} of ${source.document}:${source.line}`,
      ),
    ) ?? null
  )
}

/** What is said of the listings of IPVS. */
function said({diagnostics}: NodeState): string[] {
  return diagnostics
    .filter(({source}) => source?.document.includes('ipvs') === true)
    .map(({severity, code}) => `${severity} ${code}`)
}

describe('IPVS in captures', () => {
  it('of ekspath', () => {
    const node = nodeFrom({'ipvsadm-save.txt': SAVE})
    expect(servers(node)).toEqual(['10.0.1.9:6443 masquerade w1 null+null of ipvsadm-save.txt:2'])
    expect(node.ipvs.connections).toBeNull()
  })

  it('of ekspath, with connections', () => {
    const connections =
      'IPVS connection entries\npro expire state source virtual destination\nTCP 14:57  ESTABLISHED 10.0.3.40:39888 10.100.0.1:443 10.0.1.9:6443\n'
    expect(nodeFrom({'ipvsadm-connections.txt': connections}).ipvs).toMatchObject({
      services: null,
      connections: [{state: 'ESTABLISHED', timeout: 897}],
    })
  })

  it('of eks-log-collector: names, and the same in numbers', async () => {
    const node = await captureFolder({
      'networking/iprule.txt': RULES,
      'networking/ipvsadm.txt': `-A -t 10.100.0.1:https -s rr
-a -t 10.100.0.1:https -r api.example:6443 -m -w 1

${COUNTERS}
${COUNTERS}`,
    })
    expect(servers(node)).toEqual(['10.0.1.9:6443 masquerade w1 null+null of networking/ipvsadm.txt:2'])
    expect(said(node)).toEqual([])
  })

  it('of eks-log-collector, without ipvsadm on the node', async () => {
    const node = await captureFolder({
      'networking/iprule.txt': RULES,
      'networking/ipvsadm.txt': 'ipvsadm not installed\n',
    })
    expect(node.ipvs.services).toBeNull()
    expect(said(node)).toEqual(['info TOOL_ERROR'])
  })

  it('of sos: ipvsadm and the files of the kernel', async () => {
    const node = await captureFolder({
      'sosreport-a-2026-11-27-abcdefg/sos_commands/networking/ip_-4_rule_list': RULES,
      'sosreport-a-2026-11-27-abcdefg/sos_commands/ipvs/ipvsadm_-Ln': LIST,
      'sosreport-a-2026-11-27-abcdefg/sos_commands/ipvs/ipvsadm_-Ln_--rate': COUNTERS,
      'sosreport-a-2026-11-27-abcdefg/proc/1/net/ip_vs_conn':
        'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n',
    })
    expect(servers(node)).toEqual(['10.0.1.9:6443 masquerade w1 3+12 of sos_commands/ipvs/ipvsadm_-Ln:5'])
    expect(node.ipvs.connections).toEqual([])
  })

  it.each([
    ['ipvsadm-Ln.txt', LIST],
    ['ip_vs', LIST],
    ['pasted.txt', LIST],
    ['ticket.txt', SAVE],
  ])('named %s', async (name, text) => {
    const node = await captureFolder({'ip-rule.txt': RULES, [name]: text})
    expect(node.ipvs.services).toHaveLength(1)
  })

  it('is not taken for lines broken at the width of a terminal', () => {
    // the service's line is the longest there is
    const text = `-A -t 10.100.40.99:9000 -s rr -p 10800 -M 255.255.255.0\n${SAVE.replaceAll('10.100.0.1:443', '10.100.40.99:9000').split('\n')[1] ?? ''}\n`
    const node = nodeFrom({'ipvsadm-save.txt': text})
    expect(said(node)).toEqual([])
    expect(servers(node)).toHaveLength(1)
  })

  it('a name that nothing resolves is said', () => {
    const node = nodeFrom({'ipvsadm-save.txt': '-A -t api.example:443 -s rr\n'})
    expect(node.ipvs).toMatchObject({services: [], unread: [{source: {line: 1}}]})
    expect(said(node)).toEqual(['warning LOSSY_TOOL'])
  })

  it.each([
    [0, []],
    [null, null],
    [255, null],
  ])('an empty save that ended with %p', (exitCode, services) => {
    const documents = [
      plainDocument('ip-rule.txt', Buffer.from(RULES)),
      {...plainDocument('ipvsadm-save.txt', Buffer.from('')), exitCode},
    ]
    const node = nodeOf({origin: 'test', hostname: null, capturedAt: null, documents, diagnostics: []})
    expect(node.ipvs.services).toEqual(services)
  })
})

describe('a listing of IPVS is missing', () => {
  const DUMMY =
    '9: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN\n    link/ether 02:00:00:00:00:09 brd ff:ff:ff:ff:ff:ff\n'
  const CHAIN =
    '*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-NODE-PORT - [0:0]\n-A KUBE-NODE-PORT -p tcp -m set --match-set KUBE-NODE-PORT-TCP dst -j ACCEPT\nCOMMIT\n'
  it.each<[string, Record<string, string>, boolean]>([
    ['where nothing speaks of IPVS', {'ip-rule.txt': RULES}, false],
    ['of a node with its device', {'ip-link.txt': DUMMY}, true],
    ['of a node with its device, listed', {'ip-link.txt': DUMMY, 'ipvsadm-save.txt': SAVE}, false],
    [
      'of a node with addresses on it',
      {'ip-route.txt': 'local 10.100.0.1 dev kube-ipvs0 table local proto kernel scope host src 10.100.0.1\n'},
      true,
    ],
    ['of a node with its chains', {'iptables-save.txt': CHAIN}, true],
    ['of a node with chains left over', {'iptables-save.txt': CHAIN.replace(/^-A.*\n/m, '')}, false],
    [
      'of a node with its sets, which outlive it',
      {'ipset-save.txt': 'create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536\n'},
      false,
    ],
    [
      'of a node with its device left over',
      {'ip-link.txt': DUMMY, 'iptables-save.txt': '*nat\n:KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]\nCOMMIT\n'},
      false,
    ],
    [
      'of a node with its device left over, in nftables mode',
      {'ip-link.txt': DUMMY, 'nft-ruleset.txt': 'table ip kube-proxy {\n\tchain services {\n\t}\n}\n'},
      false,
    ],
  ])('%s', (_, texts, missing) => {
    expect(nodeFrom(texts).missing.some(({code}) => code === 'IPVS')).toBe(missing)
  })
})
