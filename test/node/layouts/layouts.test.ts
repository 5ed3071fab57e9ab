import {readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {pack} from 'tar-stream'
import type {NodeState} from '../../../src/model/index.js'
import {loadNode} from '../../../src/node/index.js'
import {captureFolder, withFolder} from '../support/captureFolder.js'

const text = (name: string): string => readFileSync(`fixtures/net410/${name}`, 'utf8')

const SAVE = text('iptables-save.txt')
const RULES = text('ip-rule.txt')
/** Both tables in one listing, as `table all` prints them, and the local table that tells the node's addresses. */
const ALL = `${text('ip-route.txt')}${text('ip-route-table-2.txt')
  .replace(/ *\n?$/gm, ' table 2\n')
  .trim()}
local 192.168.4.93 dev eth0 table local proto kernel scope host src 192.168.4.93
fe80::/64 dev eth0 proto kernel metric 256 pref medium
`

const LISTING = `Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
    0     0 ACCEPT     all  --  eth0   *       0.0.0.0/0            0.0.0.0/0            /* from eth0 */

`

/** Archives begin their paths with `./`, as `tar -C DIR .` makes them. */
async function archive(name: string, files: Readonly<Record<string, string>>): Promise<NodeState> {
  const tar = pack()
  for (const [file, content] of Object.entries(files)) tar.entry({name: `./${file}`}, content)
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar) chunks.push(chunk as Buffer)
  return withFolder({[name]: Buffer.concat(chunks)}, folder => loadNode(path.join(folder, name)))
}

function tablesOf({iptables}: NodeState): string[] {
  return iptables.flatMap(({tables}) => [...tables.keys()])
}

describe('eks-log-collector', () => {
  const files = {
    'networking/iprule.txt': RULES,
    'networking/iproute.txt': ALL,
    'networking/iptables-save.txt': SAVE,
    'networking/iptables-nat.txt': `${LISTING}=======\nTotal Number of Rules: 1\n`,
    'networking/conntrack.txt':
      '*** Output of conntrack -S *** \ncpu=0 found=0\n*** Output of conntrack -L ***\ntcp      6 86399 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [ASSURED] mark=0 use=1\n',
    'ipamd/enis.json': text('ipamd-enis.json'),
    'sysctls/sysctl_all.txt': 'net.ipv4.ip_forward = 1\n',
    'kernel/uname.txt': 'Linux ip-192-168-4-93 4.14.72 #1 SMP x86_64 GNU/Linux\n',
    'var_log/messages': 'noise\n',
    'kubelet/kubeconfig.yaml': 'noise\n',
  }

  it('is known in an archive, and named by its own paths', async () => {
    const node = await archive('eks_i-0123456789abcdef0_2026-11-20_1951-UTC_0.7.9.tar', files)
    expect(node.routing[4].rules?.[0]?.source.document).toBe('networking/iprule.txt')
    expect(node.routing[4]).toMatchObject({listedTables: 'all', localTableListed: true})
    expect(node.routing[4].routes).toHaveLength(15)
    expect(node.routing[6].routes).toHaveLength(1)
    expect(tablesOf(node)).toEqual(['mangle', 'nat', 'filter'])
    expect(node.conntrack).toHaveLength(1)
    expect(node.ipamd?.enis).toHaveLength(3)
    expect(node.hostname).toBe('ip-192-168-4-93')
    expect(node.capturedAt).toBe('2026-11-20T19:51Z')
    expect(node.documents.map(({name}) => name)).not.toContain('var_log/messages')
    expect(node.diagnostics.filter(({severity}) => severity === 'error')).toEqual([])
  })

  it('is known unpacked, in whatever folder', async () => {
    const moved = Object.fromEntries(Object.entries(files).map(([name, content]) => [`ticket/node-1/${name}`, content]))
    const node = await captureFolder(moved)
    expect(node.routing[4].rules?.[0]?.source.document).toBe('networking/iprule.txt')
  })

  it('of 2019 had texts for JSON', async () => {
    const node = await archive('eks.tar', {'networking/iprule.txt': RULES, 'ipamd/enis.txt': text('ipamd-enis.json')})
    expect(node.ipamd?.enis).toHaveLength(3)
  })

  it('with an empty save is read from its listings', async () => {
    const node = await archive('eks.tar', {...files, 'networking/iptables-save.txt': ''})
    expect(tablesOf(node)).toEqual(['nat'])
    expect(node.iptables[0]?.complete).toBe(false)
  })
})

describe('sos report', () => {
  const ROOT = 'sosreport-node-2026-11-20-abcdefg'
  const net = `${ROOT}/sos_commands/networking`
  const files = {
    [`${ROOT}/version.txt`]: 'sos report: 4.0\n',
    [`${net}/ip_-4_rule`]: RULES,
    [`${net}/ip_route_show_table_all`]: ALL,
    [`${net}/ip_-s_-s_neigh_show`]: '192.168.0.1 dev eth0 lladdr 0a:00:00:00:00:01 used 34/94/30 probes 1 REACHABLE\n',
    [`${net}/ip_netns_exec_cni-1_a_ip_route_show_table_all`]: 'default via 169.254.1.1 dev eth0\n',
    [`${net}/iptables_-t_nat_-nvL`]: LISTING,
    [`${net}/iptables_-t_mangle_-nvL`]: LISTING,
    [`${net}/ethtool_-S_eth0`]: 'NIC statistics:\n',
  }

  it('of any version is known by the names of its files', async () => {
    const node = await archive('sosreport.tar', files)
    expect(node.routing[4].rules).toHaveLength(16)
    expect(node.neighbours).toHaveLength(1)
    expect(node.namespaces).toMatchObject([{name: 'cni-1_a', routes: [{table: 254}]}])
    expect(tablesOf(node)).toEqual(['mangle', 'nat'])
    expect(node.iptables[0]).toMatchObject({backendKnown: false, complete: false})
    expect(node.capturedAt).toBe('2026-11-20')
  })

  it('of a collector that ran inside a named namespace has what it collected of that one', async () => {
    const links = (mac: string): string =>
      `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n3: eth0@if2: <BROADCAST,UP,LOWER_UP> mtu 9001\n    link/ether ${mac} brd ff:ff:ff:ff:ff:ff link-netnsid 0\n    inet 192.168.4.93/18 scope global eth0\n`
    const inside = (name: string): string => `${net}/namespaces/${name}/ip_netns_exec_${name}`
    const captured = {
      ...files,
      [`${net}/ip_-d_address`]: links('0a:00:00:00:00:01'),
      [`${inside('pod')}_ip_-d_address_show`]: links('0a:00:00:00:00:02'),
      [`${inside('pod')}_iptables-save`]: '',
      [`${inside('node_1')}_ip_-d_address_show`]: links('0a:00:00:00:00:01'),
      [`${inside('node_1')}_iptables-save`]: SAVE,
    }
    const node = await archive('sosreport.tar', captured)
    expect(tablesOf(node)).toEqual(['mangle', 'nat', 'filter'])
    expect(node.iptables[0]?.document).toBe(
      'sos_commands/networking/namespaces/node_1/ip_netns_exec_node_1_iptables-save',
    )
    expect(node.namespaces.map(({name}) => name)).toEqual(['cni-1_a', 'pod'])
    expect(node.diagnostics.map(({code}) => code)).toContain('OWN_NAMESPACE')
  })

  it('tells the backend and the other tables by /proc/net/ip_tables_names', async () => {
    const node = await archive('sosreport.tar', {
      ...files,
      [`${ROOT}/proc/1/net/ip_tables_names`]: 'nat\nmangle\nfilter\n',
    })
    expect(node.iptables[0]).toMatchObject({backend: 'iptables-legacy', complete: true, unlisted: [{table: 'filter'}]})
    expect(node.iptables[0]?.unlisted[0]?.source).toEqual({document: 'proc/1/net/ip_tables_names', line: 3})
  })

  it('says so where iptables has rules that sos did not list', async () => {
    const bare = Object.fromEntries(Object.entries(files).filter(([name]) => !name.includes('iptables')))
    const node = await archive('sosreport.tar', {...bare, [`${ROOT}/proc/1/net/ip_tables_names`]: 'nat\nfilter\n'})
    expect(node.iptables).toEqual([])
    expect(node.diagnostics).toContainEqual(expect.objectContaining({code: 'OTHER_BACKEND', severity: 'warning'}))
  })

  it('is read through its manifest, where it has one', async () => {
    const commands = [
      {filepath: 'sos_commands/networking/ip_-4_rule', exec: 'ip -4 rule', return_code: 255, truncated: false},
      {
        filepath: 'sos_commands/networking/ip_route_show_table_all',
        exec: 'ip route show table all',
        return_code: 0,
        truncated: true,
      },
    ]
    const manifest = {
      version: '4.12.0',
      start_time: '2026-11-20 19:47:21.504970',
      components: {report: {plugins: {networking: {commands}}}},
    }
    const node = await archive('sosreport.tar', {
      ...files,
      [`${ROOT}/sos_reports/manifest.json`]: JSON.stringify(manifest),
    })
    expect(node.capturedAt).toBe('2026-11-20T19:47:21')
    expect(node.diagnostics).toContainEqual(
      expect.objectContaining({
        code: 'COMMAND_FAILED',
        source: {document: 'sos_commands/networking/ip_-4_rule', line: 1},
      }),
    )
  })
})

describe('aws-cni-support.sh', () => {
  it('appends to route.out on each run: its routes count once', async () => {
    const run = `=============================================\nip route show table all\n${ALL}`
    const node = await archive('aws-cni-support.tar', {
      'var/log/aws-routed-eni/iprule.out': RULES,
      'var/log/aws-routed-eni/route.out': run + run,
      'var/log/aws-routed-eni/iptables-save.out': SAVE,
      'var/log/aws-routed-eni/eni.out': text('ipamd-enis.json'),
      'var/log/aws-routed-eni/sysctls.out':
        '================== sysctls ==================\n/proc/sys/net/ipv4/conf/eth0/rp_filter = 1\n',
    })
    expect(node.routing[4].routes).toHaveLength(15)
    expect(node.sysctl?.get('net.ipv4.conf.eth0.rp_filter')?.value).toBe('1')
    expect(node.ipamd?.enis).toHaveLength(3)
    expect(node.diagnostics.map(({code}) => code)).toContain('DUPLICATE')
  })
})

describe('Bottlerocket logdog', () => {
  it('has two listings, and says that all else is missing', async () => {
    const node = await archive('bottlerocket-logs.tar', {
      'bottlerocket-logs/iptables-nat': LISTING,
      'bottlerocket-logs/journalctl.log': 'noise\n',
    })
    expect(tablesOf(node)).toEqual(['nat'])
    expect(node.missing.map(({code}) => code)).toEqual(expect.arrayContaining(['RULES', 'ROUTES', 'ADDRESSES']))
  })
})

describe('a loose folder', () => {
  it('of pasted outputs is known by names, and by content where they tell nothing', async () => {
    const node = await captureFolder({
      'a.txt': RULES,
      'b.txt': ALL,
      'node__iptables_-S_-t_nat.txt': '-P PREROUTING ACCEPT\n-N KUBE-SERVICES\n-A PREROUTING -j KUBE-SERVICES\n',
      'c.log':
        'Address                  HWtype  HWaddress           Flags Mask            Iface\n10.0.0.1                 ether   0a:00:00:00:00:01   C                     eth0\n',
    })
    expect(node.routing[4].rules).toHaveLength(16)
    expect(node.routing[4].routes).toHaveLength(15)
    expect(node.neighbours).toHaveLength(1)
    expect(tablesOf(node)).toEqual(['nat'])
  })
})

describe('one transcript', () => {
  it('is cut into the outputs of its commands; lines are those of the transcript', async () => {
    const node = await captureFolder({
      'session.txt': `Last login: today\n[root@node ~]# ip rule\n${RULES}[root@node ~]# ip route show table 2\n${text('ip-route-table-2.txt')}[root@node ~]# iptables-save\n${SAVE}[root@node ~]# exit\n`,
    })
    expect(node.routing[4].rules?.[0]?.source).toEqual({document: 'session.txt', line: 3})
    expect(node.routing[4].listedTables).toEqual(new Set([2]))
    expect(tablesOf(node)).toEqual(['mangle', 'nat', 'filter'])
    const chain = node.iptables[0]?.tables.get('mangle')?.chains.get('PREROUTING')
    const line = chain?.rules[0]?.source.line ?? 0
    const lines =
      `\n[root@node ~]# ip rule\n${RULES}[root@node ~]# ip route show table 2\n${text('ip-route-table-2.txt')}[root@node ~]# iptables-save\n${SAVE}`.split(
        '\n',
      )
    expect(lines[line - 1]).toBe(chain?.rules[0]?.text)
    expect(node.documents).toHaveLength(1)
  })
})
