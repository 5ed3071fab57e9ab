import {ENDPOINT} from '../../explain/whyNot/nftListing.js'
import type {KernelFlow} from '../lab/nodeSpec.js'

/** A node broken on purpose, and a flow that meets it. */
export interface Fault {
  readonly name: string
  /** Commands that break the node. */
  readonly damage: readonly string[]
  readonly flow: KernelFlow
  /** What must stand in the repair that is found. */
  readonly repair: RegExp
  /** By which the packet leaves once it is repaired; null: delivered to the node. */
  readonly egress: string | null
  /** By which the reply leaves; null: it is for the node. */
  readonly replyEgress: string | null
  /** On a node with tables of nftables: kube-proxy's, the CNI's and somebody's. */
  readonly nft?: true
}

const VPC: KernelFlow = {src: '10.0.5.77', dst: '10.0.44.9', proto: 'tcp', sport: 40000, dport: 5432}
const INTERNET: KernelFlow = {src: '10.0.5.77', dst: '203.0.113.10', proto: 'tcp', sport: 40000, dport: 443}
const NODE_PORT: KernelFlow = {
  src: '203.0.113.10',
  dst: '10.0.1.10',
  proto: 'tcp',
  sport: 40000,
  dport: 31080,
  iif: 'ens5',
}
const KUBELET: KernelFlow = {src: '10.0.44.9', dst: '10.0.1.10', proto: 'tcp', sport: 40000, dport: 10250, iif: 'ens5'}
const TO_POD: KernelFlow = {src: '10.0.44.9', dst: '10.0.3.17', proto: 'tcp', sport: 40000, dport: 5432, iif: 'ens5'}
const NFT_SERVICE: KernelFlow = {src: '10.0.3.17', dst: '172.20.0.8', proto: 'tcp', sport: 40000, dport: 80}
const DNS: KernelFlow = {src: '10.0.3.17', dst: '172.20.0.10', proto: 'udp', sport: 40000, dport: 53}
/** Without them the node port's flow is translated to the node, and its reply needs no mark. */
const NO_MASQUERADE = 'iptables-nft -t nat -F KUBE-POSTROUTING'

/** @param veths the interfaces of the pods web-0 and db-0 */
export function faultsOf({web, db}: {readonly web: string; readonly db: string}): readonly Fault[] {
  const fault = (
    name: string,
    flow: KernelFlow,
    damage: string | readonly string[],
    repair: RegExp,
    egress: string | null,
    replyEgress: string | null,
  ): Fault => ({name, flow, damage: [damage].flat(), repair, egress, replyEgress})
  return [
    fault(
      'the 1536 rule is missing',
      VPC,
      'ip rule del from 10.0.5.77 lookup 2',
      /^ip rule add from 10\.0\.5\.77 lookup 2 priority 1536$/,
      'ens6',
      web,
    ),
    fault(
      'the 512 rule is missing',
      {...VPC, dst: '10.0.3.17'},
      'ip rule del to 10.0.3.17 lookup main',
      /^ip rule add to 10\.0\.3\.17 lookup main priority 512$/,
      db,
      web,
    ),
    fault(
      'table 2 has no default route',
      VPC,
      'ip route del default table 2',
      /^ip route add default via 10\.0\.0\.1 dev ens6 table 2$/,
      'ens6',
      web,
    ),
    fault(
      'table 2 is empty',
      VPC,
      'ip route flush table 2',
      /^ip route add 10\.0\.0\.1 dev ens6 table 2 scope link\nip route add default via 10\.0\.0\.1 dev ens6 table 2$/,
      'ens6',
      web,
    ),
    fault(
      'main has no default route',
      INTERNET,
      'ip route del default',
      /^ip route add default via 10\.0\.0\.1 dev ens5$/,
      'ens5',
      web,
    ),
    fault(
      'the route to a pod is missing',
      TO_POD,
      'ip route del 10.0.3.17',
      /^ip route replace 10\.0\.3\.17 dev eni\w+ scope link$/,
      db,
      'ens5',
    ),
    fault(
      'a blackhole route',
      VPC,
      'ip route add blackhole 10.0.44.0/24 table 2',
      /^ip route del blackhole 10\.0\.44\.0\/24 table 2$/,
      'ens6',
      web,
    ),
    fault(
      'a policy rule that prohibits',
      VPC,
      'ip rule add to 10.0.44.9 prohibit priority 5',
      /^ip rule del to 10\.0\.44\.9 prohibit priority 5$/,
      'ens6',
      web,
    ),
    fault(
      'a policy rule that comes first',
      VPC,
      'ip rule add from 10.0.5.0/24 lookup main priority 600',
      /^ip rule del from 10\.0\.5\.0\/24 lookup main priority 600$/,
      'ens6',
      web,
    ),
    fault(
      'ip_forward is 0',
      VPC,
      'sysctl -qw net.ipv4.ip_forward=0',
      /^sysctl -w net\.ipv4\.ip_forward=1$/,
      'ens6',
      web,
    ),
    fault(
      'rp_filter is strict',
      NODE_PORT,
      'sysctl -qw net.ipv4.conf.ens5.rp_filter=1',
      /^sysctl -w net\.ipv4\.conf\.ens5\.rp_filter=2$/,
      'eni',
      'ens5',
    ),
    fault(
      'the mark is not restored',
      NODE_PORT,
      ['iptables-nft -t mangle -D PREROUTING 2', NO_MASQUERADE],
      /-A PREROUTING -i eni\+ .* --restore-mark/,
      'eni',
      'ens5',
    ),
    fault(
      'the mark is not set',
      NODE_PORT,
      ['iptables-nft -t mangle -D PREROUTING 1', NO_MASQUERADE],
      /-A PREROUTING -i ens5 .* --set-xmark/,
      'eni',
      'ens5',
    ),
    fault(
      'the mark is not routed',
      INTERNET,
      'ip rule del pref 1024',
      /^ip rule add fwmark 0x80\/0x80 lookup main priority 1024$/,
      'ens5',
      web,
    ),
    fault(
      'nothing marks what goes out',
      INTERNET,
      'iptables-nft -t nat -D PREROUTING 3',
      /-I PREROUTING 3 -i eni\+ .*-j AWS-CONNMARK-CHAIN-0$/,
      'ens5',
      web,
    ),
    fault(
      'nothing leads to the translation',
      {...INTERNET, src: '10.0.3.17'},
      'iptables-nft -t nat -D POSTROUTING 2',
      /-A POSTROUTING .*-j AWS-SNAT-CHAIN-0$/,
      'ens5',
      db,
    ),
    fault(
      'the translating rule is gone',
      {...INTERNET, src: '10.0.3.17'},
      'iptables-nft -t nat -D AWS-SNAT-CHAIN-0 2',
      /--to-source 10\.0\.1\.10 --random-fully$/,
      'ens5',
      db,
    ),
    fault(
      'a REJECT in INPUT',
      KUBELET,
      'iptables-nft -A INPUT -p tcp -m multiport --dports 10250,10255 -j REJECT',
      /^iptables -D INPUT 1$/,
      null,
      'ens5',
    ),
    fault(
      'a DROP in FORWARD',
      VPC,
      'iptables-nft -I FORWARD 1 -s 10.0.5.0/24 -j DROP',
      /^iptables -D FORWARD 1$/,
      'ens6',
      web,
    ),
    fault(
      'FORWARD drops by its policy',
      VPC,
      'iptables-nft -P FORWARD DROP',
      /^iptables -P FORWARD ACCEPT$/,
      'ens6',
      web,
    ),
    fault(
      'INPUT drops by its policy',
      KUBELET,
      'iptables-nft -P INPUT DROP',
      /^iptables -A INPUT -d 10\.0\.1\.10 -p tcp --dport 10250 -j ACCEPT$/,
      null,
      'ens5',
    ),
    fault(
      'nothing leads to services',
      DNS,
      'iptables-nft -t nat -D PREROUTING 1',
      /^iptables -t nat -I PREROUTING 1 .*-j KUBE-SERVICES$/,
      'ens5',
      db,
    ),
    fault(
      'an endpoint is not translated to',
      DNS,
      'iptables-nft -t nat -D KUBE-SEP-2I5QHF5VETEDDDVC 2',
      /-j DNAT --to-destination 10\.0\.44\.9:53$/,
      'ens5',
      db,
    ),
    fault(
      'two faults',
      VPC,
      ['ip rule del from 10.0.5.77 lookup 2', 'iptables-nft -P FORWARD DROP'],
      /^ip rule add .*\niptables -P FORWARD ACCEPT$/,
      'ens6',
      web,
    ),
    {
      ...fault(
        'nothing leads to the services of nftables',
        NFT_SERVICE,
        'nft flush chain ip kube-proxy nat-prerouting',
        /^nft add rule ip kube-proxy nat-prerouting jump services$/,
        'ens5',
        db,
      ),
      nft: true,
    },
    {
      ...fault(
        'an endpoint of nftables is not translated to',
        NFT_SERVICE,
        `nft flush chain ip kube-proxy ${ENDPOINT}`,
        /meta l4proto tcp dnat to 10\.0\.44\.9:8080$/,
        'ens5',
        db,
      ),
      nft: true,
    },
    {
      ...fault(
        'snat-mark marks nothing',
        INTERNET,
        'nft flush chain ip aws-cni snat-mark',
        /^nft add rule ip aws-cni snat-mark ct mark set ct mark or 0x80$/,
        'ens5',
        web,
      ),
      nft: true,
    },
    {
      ...fault(
        'the mark of nftables is not restored',
        INTERNET,
        'nft \'flush chain ip aws-cni nat-prerouting; add rule ip aws-cni nat-prerouting iifname "eni*" jump snat-mark\'',
        /^nft add rule ip aws-cni nat-prerouting ct mark and 0x80 == 0x80 meta mark set meta mark or 0x80$/,
        'ens5',
        web,
      ),
      nft: true,
    },
    {
      ...fault(
        'a policy of nftables drops',
        VPC,
        "nft 'chain inet guard forward { policy drop; }'",
        /^nft 'chain inet guard forward \{ policy accept; \}'$/,
        'ens6',
        web,
      ),
      nft: true,
    },
    {
      ...fault(
        'a rule of nftables drops',
        VPC,
        'nft add rule inet guard forward ip saddr 10.0.5.0/24 drop',
        /^nft delete rule inet guard forward handle \d+$/,
        'ens6',
        web,
      ),
      nft: true,
    },
  ]
}
