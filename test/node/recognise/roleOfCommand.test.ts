import {describe, expect, it} from '@jest/globals'
import type {CommandRole} from '../../../src/node/recognise/role.js'
import {roleOfCommand} from '../../../src/node/recognise/roleOfCommand.js'

const RULES = {kind: 'rules', family: 4}
const save = {kind: 'iptables', form: 'save', family: 4, backend: null, table: null}

function role(command: string): CommandRole['role'] | null {
  return roleOfCommand(command)?.role ?? null
}

describe('roleOfCommand', () => {
  it.each([
    ['ip rule', RULES],
    ['ip ru ls', RULES],
    ['/sbin/ip -o -4 rule show', RULES],
    ['ip -6 rule show', {kind: 'rules', family: 6}],
    ['ip -f inet6 rule', {kind: 'rules', family: 6}],
    ['ip route', {kind: 'routes', family: null, table: null}],
    ['ip r s t 101', {kind: 'routes', family: null, table: 101}],
    ['ip -d -6 route show table all', {kind: 'routes', family: 6, table: 'all'}],
    ['ip route show table local', {kind: 'routes', family: null, table: 255}],
    ['ip route list table vlan-pods', {kind: 'routes', family: null, table: 'vlan-pods'}],
    ['ip a', {kind: 'addresses', tool: 'ip'}],
    ['ip -br l', {kind: 'links'}],
    ['ip -s -s neigh show', {kind: 'neighbours'}],
    ['arp -an', {kind: 'neighbours'}],
    ['cat /proc/net/arp', {kind: 'neighbours'}],
    ['ifconfig -a', {kind: 'addresses', tool: 'ifconfig'}],
    ['netstat -rn', {kind: 'plain-routes', tool: 'route -n'}],
    ['iptables-save', save],
    ['iptables-save -c', save],
    ['iptables-save -t nat', {...save, table: 'nat'}],
    ['iptables-legacy-save', {...save, backend: 'iptables-legacy'}],
    ['ip6tables-nft-save', {...save, family: 6, backend: 'iptables-nft'}],
    ['iptables -t nat -S', {...save, form: 'rules', table: 'nat'}],
    ['iptables -S', {...save, form: 'rules', table: 'filter'}],
    ['iptables -nvL', {...save, form: 'list', table: 'filter'}],
    ['iptables --wait 1 --numeric --verbose --list --table mangle', {...save, form: 'list', table: 'mangle'}],
    ['ip6tables -t raw -vnxL', {...save, family: 6, form: 'list', table: 'raw'}],
    ['ipset save', {kind: 'ipset'}],
    ['ipset --list', {kind: 'ipset'}],
    ['conntrack -L -o extended', {kind: 'conntrack'}],
    ['conntrack -S', {kind: 'conntrack-counters'}],
    ['sysctl -a', {kind: 'sysctl'}],
    ['nft -a list ruleset', {kind: 'nft'}],
    ['curl -s http://localhost:61679/v1/enis | python -m json.tool', {kind: 'ipamd', part: 'enis'}],
    ['curl http://localhost:61678/v1/networkutils-env-settings', {kind: 'ipamd', part: 'environment'}],
    ['cat /var/run/aws-node/ipam.json', {kind: 'ipamd', part: 'checkpoint'}],
    ['cat /var/run/aws-node/ipam-nic-1.json', {kind: 'ipamd', part: 'card-checkpoint'}],
    ["sudo -n find /var/run/aws-node -name 'ipam-nic-*.json' -exec cat {} +", {kind: 'ipamd', part: 'card-checkpoint'}],
    ['cat /etc/iproute2/rt_tables', {kind: 'rt-tables'}],
    ['iptables -V', {kind: 'version', tool: 'iptables'}],
    ['uname -n', {kind: 'hostname'}],
  ])('%s', (command, expected) => {
    expect(role(command)).toEqual(expected)
  })

  it.each(['ip rule add from all lookup 7', 'ls -l', '', 'iptables -A INPUT -j DROP', 'ipset add x 1.2.3.4'])(
    'is null for %j, which lists nothing',
    command => expect(role(command)).toBeNull(),
  )

  it.each([
    'sudo -n ip rule show',
    'timeout 75 ip rule show',
    'nsenter -t 1 -n ip rule',
    'chroot /host ip rule list | cat',
    'kubectl exec -n kube-system aws-node-x -c aws-node -- ip rule',
  ])('looks through %s', command => expect(role(command)).toEqual(RULES))

  it('names the network namespace', () => {
    expect(roleOfCommand('sudo ip netns exec cni-1 ip addr')).toEqual({
      role: {kind: 'addresses', tool: 'ip'},
      namespace: 'cni-1',
    })
    expect(roleOfCommand('ip -all netns exec ip neigh show')).toEqual({role: {kind: 'neighbours'}, namespace: '*'})
    expect(roleOfCommand('ip netns list')).toEqual({role: {kind: 'unread'}, namespace: null})
  })
})

it('takes the answer of `ip route get` for no list of routes, though it looks like one', () => {
  expect(roleOfCommand('ip route get 10.0.0.1')?.role).toEqual({kind: 'unread'})
})
