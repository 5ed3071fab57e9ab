import type {Layout} from './layout.js'

/** Bottlerocket's logdog: two listings of iptables, and nothing else of the node's network state. */
export const logdog: Layout = {
  name: 'Bottlerocket logdog',
  mark: /(^|\/)iptables-(filter|nat)$/,
  documents: [{path: /^iptables-(filter|nat)$/, command: 'iptables -nvL -t $1'}],
}
