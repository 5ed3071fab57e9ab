import {parseMac} from '../../net/index.js'
import type {LinkDraft} from './linkDraft.js'
import type {Words} from './words.js'

/** Kinds of rtnl_link_ops that `ip -d link` prints at the start of a line of their own. */
const KINDS = new Set(
  (
    'veth vlan bridge dummy bond ifb macvlan macvtap macsec ipvlan ipvtap vxlan geneve gre gretap erspan ip6gre ip6gretap ip6erspan ipip ip6tnl ' +
    'sit vti vti6 vrf tun tap wireguard xfrm nlmon netkit lowpan team hsr ipoib vcan vxcan can can_raw rmnet bareudp netdevsim gtp batadv dsa amt ' +
    'virt_wifi wwan ovpn'
  ).split(' '),
)
/** First words of lines that no answer depends on. */
const IGNORED = new Set(
  (
    'alias RX: TX: RX TX prog prog/xdp vf valid_lft bridge_slave bond_slave vrf_slave team_slave macvlan_port allmulti promiscuity minmtu event ' +
    'numtxqueues addrgenmode permaddr parentbus parentdev'
  ).split(' '),
)

/** `mtu 9001 qdisc mq master br0 state UP group default qlen 1000`: what stands behind `<FLAGS>`. */
export function readHeaderWords(words: Words, link: LinkDraft): void {
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === 'mtu') link.mtu = Number(words.next())
    else if (word === 'master') link.master = words.next() ?? null
    else if (word === 'group') link.group = words.next() ?? 'default'
  }
}

/**
 * One indented line below the header.
 * @returns false where the line is not known
 */
export function readDetailWords(first: string, words: Words, link: LinkDraft): boolean {
  if (first.startsWith('link/')) readLinkLayer(words, link)
  else if (first === 'altname') link.alternativeNames.push(words.rest().join(' '))
  else if (KINDS.has(first)) readKind(first, words, link)
  else return IGNORED.has(first) || /^\d+$/.test(first)
  return true
}

/** `link/ether MAC brd MAC link-netns NAME`: of -o, the words of -d follow on the same line. */
function readLinkLayer(words: Words, link: LinkDraft): void {
  const mac = words.peek()
  if (mac !== undefined) link.mac = parseMac(mac)
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === 'link-netns' || word === 'link-netnsid') link.peerNamespace = words.next() ?? null
  }
}

/** `vlan protocol 802.1Q id 1 <REORDER_HDR>`, `veth …` */
function readKind(kind: string, words: Words, link: LinkDraft): void {
  // a bridge port's own line, `bridge_slave`, comes later; the first kind is the device's
  if (link.kind !== null) return
  link.kind = kind
  if (kind !== 'vlan') return
  for (let word = words.next(); word !== undefined; word = words.next())
    if (word === 'id') link.vlanId = Number(words.next())
}
