import type {DocumentPattern, Layout} from './layout.js'

const IPAMD = 'curl http://localhost:61678/v1'

const DOCUMENTS: readonly DocumentPattern[] = [
  {path: /^iprule\.out(put)?$/, command: 'ip rule show'},
  {path: /^route\.out(put)?$/, command: 'ip route show table all'},
  {path: /^iptables-save\.out(put)?$/, command: 'iptables-save'},
  {path: /^iptables-(nat|mangle)\.out(put)?$/, command: 'iptables -nvL -t $1'},
  {path: /^iptables\.out(put)?$/, command: 'iptables -nvL'},
  {path: /^ifconi?f?ig\.out(put)?$/, command: 'ifconfig'}, // v1.0 wrote ifconig.output
  {path: /^eni\.out(put)?$/, command: `${IPAMD}/enis`},
  {path: /^pod\.out(put)?$/, command: `${IPAMD}/pods`},
  {path: /^(networkutils|ipamd)-env\.out$/, command: `${IPAMD}/$1-env-settings`},
  {path: /^env\.out(put)?$/, command: `${IPAMD}/networkutils-env-settings`},
  {path: /^sysctls\.out(put)?$/, command: 'sysctl -a'},
]

/** aws-cni-support.sh of the VPC CNI up to v1.6. `route.out` is appended to on each run, so its routes may stand twice. */
export const awsCniSupport: Layout = {
  name: 'aws-cni-support.sh',
  mark: /(^|\/)(iprule|iptables-save|eni)\.out(put)?$/,
  documents: DOCUMENTS,
}
