import {describe, expect, it} from '@jest/globals'
import {roleOfName} from '../../../src/node/recognise/roleOfName.js'

const save = {kind: 'iptables', form: 'save', family: 4, backend: null, table: null}

describe('roleOfName', () => {
  it.each([
    ['iptables-save.nft.txt', {...save, backend: 'iptables-nft'}],
    ['iptables-legacy-save.on-nft-host.txt', {...save, backend: 'iptables-legacy'}],
    ['iptables-save-c.nft.txt', {...save, backend: 'iptables-nft'}],
    ['IPs/ip6tables_save.out', {...save, family: 6}],
    ['iptables-t-nat-S.nft.txt', {...save, form: 'rules', table: 'nat', backend: 'iptables-nft'}],
    ['iptables-t-raw-nvL.txt', {...save, form: 'list', table: 'raw'}],
    ['trunk__ip_r_s_t_101.txt', {kind: 'routes', family: null, table: 101}],
    ['trunk__iptables_-S_-t_nat.txt', {...save, form: 'rules', table: 'nat'}],
    ['ip_-6_rule_list', {kind: 'rules', family: 6}],
    ['ip-rule.tab-to-spaces.txt', {kind: 'rules', family: 4}],
    ['iprule.txt', {kind: 'rules', family: 4}],
    ['ip6route.log', {kind: 'routes', family: 6, table: null}],
    ['ip-route-table-2.txt', {kind: 'routes', family: null, table: 2}],
    ['ip-d-link.txt', {kind: 'links'}],
    ['ip-s-neigh.txt', {kind: 'neighbours'}],
    ['arp-an.txt', {kind: 'neighbours'}],
    ['proc-net-nf_conntrack.txt', {kind: 'conntrack'}],
    ['conntrack-L-extended.txt', {kind: 'conntrack'}],
    ['ipset-save.txt', {kind: 'ipset'}],
    ['nft-a-list-ruleset.txt', {kind: 'nft'}],
    ['sysctl-net.txt', {kind: 'sysctl'}],
    ['enis.json', {kind: 'ipamd', part: 'enis'}],
    ['ipam.json', {kind: 'ipamd', part: 'checkpoint'}],
    ['ipam-nic-12.json', {kind: 'ipamd', part: 'card-checkpoint'}],
  ])('%s', (name, role) => {
    expect(roleOfName(name)).toEqual({role, namespace: null})
  })

  it('finds the namespace', () => {
    expect(roleOfName('trunk__ip_netns_exec_cni-4f3f82f3_ip_a.txt')).toEqual({
      role: {kind: 'addresses', tool: 'ip'},
      namespace: 'cni-4f3f82f3',
    })
  })

  it.each(['notes.txt', 'pods.json', 'generator-notes.txt', 'ip-frobnicate.txt', 'x.ip_route_get_10.0.0.1'])(
    '%s tells nothing',
    name => {
      expect(roleOfName(name)).toBeNull()
    },
  )
})
