import type {DocumentPattern, Layout} from './layout.js'

const IPAMD = 'curl http://localhost:61679/v1'
const LIST = '--wait 1 --numeric --verbose --list'

const DOCUMENTS: readonly DocumentPattern[] = [
  {path: /^networking\/iprule\.txt$/, command: 'ip rule show'},
  {path: /^networking\/ip6rule\.txt$/, command: 'ip -6 rule show'},
  {path: /^networking\/iproute\.txt$/, command: 'ip route show table all'},
  {path: /^networking\/ip6route\.txt$/, command: 'ip -6 route show table all'},
  {path: /^networking\/(ip6?tables-save)\.txt$/, command: '$1'},
  {path: /^networking\/(ip6?tables)-(filter|nat|mangle)\.txt$/, command: `$1 ${LIST} --table $2`},
  {path: /^networking\/(ip6?tables)\.txt$/, command: `$1 ${LIST}`},
  {path: /^networking\/nftables-(ip6?|inet|arp|bridge|netdev)-(.+)\.txt$/, command: 'nft list table $1 $2'},
  {path: /^networking\/ifconfig\.txt$/, command: 'ifconfig'},
  {path: /^networking\/conntrack6\.txt$/, command: 'conntrack -L -f ipv6'},
  {path: /^networking\/conntrack\.txt$/, command: 'conntrack -L'},
  {path: /^networking\/ipset\.txt$/, command: 'ipset --list'},
  {path: /^networking\/ipvsadm\.txt$/, command: 'ipvsadm --save'},
  {path: /^networking\/ethtool\.txt$/, command: 'ethtool -S'},
  {
    path: /^ipamd\/(enis|pods|networkutils-env-settings|ipamd-env-settings|eni-configs)\.(json|txt)$/,
    command: `${IPAMD}/$1`,
  },
  {path: /^ipamd\/ipam((?:-nic-\d+)?)\.json$/, command: 'cat /var/run/aws-node/ipam$1.json'},
  {path: /^sysctls\/sysctl_all\.txt$/, command: 'sysctl --all'},
  {path: /^system\/instance-id\.txt$/, command: 'curl http://169.254.169.254/latest/meta-data/instance-id'},
  {path: /^kernel\/uname\.txt$/, command: 'uname -a'},
]

/** eks_i-0123456789abcdef0_2026-11-20_1951-UTC_0.7.9 */
const ARCHIVE = /eks_i-[\da-f]+_(\d{4}-\d\d-\d\d)_(\d\d)(\d\d)-UTC/

/**
 * eks-log-collector.sh of the EKS AMI (0.5.1 and later), and the NodeDiagnostic bundle of the EKS node monitoring agent, which has the same
 * names. Neither has addresses or neighbours: the local table in `iproute.txt` tells the addresses.
 */
export const eksLogCollector: Layout = {
  name: 'eks-log-collector',
  mark: /(^|\/)networking\/(iprule|iproute|iptables-save)\.txt$/,
  documents: DOCUMENTS,
  asRoot: true,
  identify: (root, origin) => {
    const time = ARCHIVE.exec(root) ?? ARCHIVE.exec(origin)
    return {hostname: null, capturedAt: time === null ? null : `${time[1]}T${time[2]}:${time[3]}Z`}
  },
}
