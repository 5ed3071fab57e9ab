import type {LinkSpec, NodeSpec} from '../lab/nodeSpec.js'
import {saveText, type TableRules} from '../lab/saveText.js'

/** The node's addresses on its two ENIs, of both families, and its two pods: A by the primary ENI, B by the second. */
export const NODE = '10.20.0.10'
export const NODE1 = '10.20.1.10'
export const POD_A = '10.20.0.51'
export const POD_B = '10.20.0.52'
export const NODE6 = '2001:db8:20::10'
export const NODE61 = '2001:db8:21::10'
export const POD6_A = '2001:db8:20:0:a::2'
export const POD6_B = '2001:db8:20:0:a::3'
/** Somewhere out there. */
export const WEB = '198.51.100.80'
export const CLIENT = '203.0.113.9'
export const WEB6 = '2001:db8:ffff::80'
export const CLIENT6 = '2001:db8:fffe::9'
/** Addresses that only DNAT knows. */
export const VIP = '10.100.0.1'
export const VIP6 = 'fd00:10:100::1'

export interface TinyNodeOptions {
  /** Added to eth0, eth1, enia and enib, or in place of the one with the same name. */
  readonly links?: readonly LinkSpec[]
  readonly routes?: readonly string[]
  readonly routes6?: readonly string[]
  readonly rules?: readonly string[]
  readonly rules6?: readonly string[]
  readonly deletedRules?: readonly string[]
  readonly deletedRules6?: readonly string[]
  readonly sysctl?: Readonly<Record<string, string>>
  readonly neighbours?: readonly string[]
  readonly save?: TableRules
  readonly save6?: TableRules
  readonly legacySave?: string
  readonly ipset?: readonly string[]
  readonly nft?: string
}

const LINKS: readonly LinkSpec[] = [
  {name: 'eth0', addresses: [`${NODE}/24 brd +`, `${NODE6}/64`], mac: '0a:00:00:00:00:10'},
  {name: 'eth1', addresses: [`${NODE1}/24 brd +`, `${NODE61}/64`], mac: '0a:00:00:00:01:10'},
  {name: 'enia', mac: '0e:00:00:00:00:0a'},
  {name: 'enib', mac: '0e:00:00:00:00:0b'},
]

/**
 * Two ENIs and two pods, both families: main has everything by eth0, table 2 a default route by eth1, which only what a scenario adds
 * leads to.
 */
export function tinyNode(options: TinyNodeOptions = {}): NodeSpec {
  const replaced = new Set(options.links?.map(link => link.name))
  return {
    links: [...LINKS.filter(link => !replaced.has(link.name)), ...(options.links ?? [])],
    pods: [
      {address: POD_A, interface: 'enia'},
      {address: POD_B, interface: 'enib'},
      {address: POD6_A, interface: 'enia'},
      {address: POD6_B, interface: 'enib'},
    ],
    sysctl: {
      'net.ipv4.ip_forward': '1',
      'net.ipv6.conf.all.forwarding': '1',
      'net.ipv4.conf.all.rp_filter': '0',
      'net.ipv4.conf.default.rp_filter': '0',
      ...options.sysctl,
    },
    neighbours: [
      '10.20.0.1 lladdr 0a:ff:00:00:00:01 nud reachable dev eth0',
      '10.20.1.1 lladdr 0a:ff:00:00:01:01 nud reachable dev eth1',
      `${POD_A} lladdr ee:00:00:00:00:0a nud permanent dev enia`,
      `${POD_B} lladdr ee:00:00:00:00:0b nud permanent dev enib`,
      `${POD6_A} lladdr ee:00:00:00:00:0a nud permanent dev enia`,
      `${POD6_B} lladdr ee:00:00:00:00:0b nud permanent dev enib`,
      ...(options.neighbours ?? []),
    ],
    routes: [
      'default via 10.20.0.1 dev eth0',
      `${POD_A} dev enia scope link`,
      `${POD_B} dev enib scope link`,
      '10.20.1.1 dev eth1 scope link table 2',
      'default via 10.20.1.1 dev eth1 table 2',
      ...(options.routes ?? []),
    ],
    routes6: [
      'default via fe80::1 dev eth0',
      `${POD6_A} dev enia`,
      `${POD6_B} dev enib`,
      'default via fe80::1 dev eth1 table 2',
      ...(options.routes6 ?? []),
    ],
    rules: options.rules ?? [],
    rules6: options.rules6 ?? [],
    deletedRules: options.deletedRules ?? [],
    deletedRules6: options.deletedRules6 ?? [],
    save: saveText(options.save ?? {}),
    save6: saveText(options.save6 ?? {}),
    legacySave: options.legacySave ?? '',
    ...(options.nft === undefined ? {} : {nft: options.nft}),
    ipset: (options.ipset ?? []).map(line => `${line}\n`).join(''),
  }
}
