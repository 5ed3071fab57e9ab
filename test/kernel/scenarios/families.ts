import {endpoint} from '../lab/describeOutcome.js'
import type {KernelFlow, NodeSpec} from '../lab/nodeSpec.js'
import type {TableRules} from '../lab/saveText.js'
import type {Scenario} from './scenario.js'
import * as tiny from './tinyNode.js'

/** The words in which one scenario can be told for both families. */
export interface Words {
  readonly family: 4 | 6
  readonly node: string
  readonly node1: string
  readonly podA: string
  readonly podB: string
  readonly web: string
  readonly client: string
  readonly vip: string
  readonly icmp: 'icmp' | 'icmpv6'
  /** Next hops by eth0 and eth1. */
  readonly gateway: string
  readonly gateway1: string
  /** Prefix length of a host. */
  readonly host: 32 | 128
  /** `--to-destination` and the like: the address, in brackets where a port follows in IPv6. */
  readonly at: (address: string, port?: number | string) => string
  /** `a:p>b:q`, as outcomes are described. */
  readonly pair: (source: string, sport: number, destination: string, dport: number) => string
  readonly make: (options: FamilyOptions) => NodeSpec
}

/** What a scenario adds to the tiny node, in the family at hand. */
export interface FamilyOptions extends Omit<tiny.TinyNodeOptions, 'save6' | 'rules6' | 'routes6' | 'deletedRules6'> {
  readonly save?: TableRules
}

const pair: Words['pair'] = (source, sport, destination, dport) =>
  `${endpoint(source, sport)}>${endpoint(destination, dport)}`

export const V4: Words = {
  family: 4,
  node: tiny.NODE,
  node1: tiny.NODE1,
  podA: tiny.POD_A,
  podB: tiny.POD_B,
  web: tiny.WEB,
  client: tiny.CLIENT,
  vip: tiny.VIP,
  icmp: 'icmp',
  gateway: '10.20.0.1',
  gateway1: '10.20.1.1',
  host: 32,
  at: (address, port) => (port === undefined ? address : `${address}:${port}`),
  pair,
  make: options => tiny.tinyNode(options),
}

export const V6: Words = {
  family: 6,
  node: tiny.NODE6,
  node1: tiny.NODE61,
  podA: tiny.POD6_A,
  podB: tiny.POD6_B,
  web: tiny.WEB6,
  client: tiny.CLIENT6,
  vip: tiny.VIP6,
  icmp: 'icmpv6',
  gateway: 'fe80::1',
  gateway1: 'fe80::1',
  host: 128,
  at: (address, port) => (port === undefined ? address : `[${address}]:${port}`),
  pair,
  make: ({save, rules, routes, deletedRules, ...rest}) =>
    tiny.tinyNode({
      ...rest,
      ...(save === undefined ? {} : {save6: save}),
      ...(rules === undefined ? {} : {rules6: rules}),
      ...(routes === undefined ? {} : {routes6: routes}),
      ...(deletedRules === undefined ? {} : {deletedRules6: deletedRules}),
    }),
}

/** The scenario for IPv4 and, under its name with `v6-` before it, for IPv6. */
export function inBothFamilies(
  name: string,
  fact: string,
  tell: (words: Words) => Pick<Scenario, 'node' | 'cases'>,
): Scenario[] {
  return [
    {name, fact, ...tell(V4)},
    {name: `v6-${name}`, fact, ...tell(V6)},
  ]
}

type More = Partial<KernelFlow>

export function udp(src: string | null, dst: string, dport: number, more: More = {}): KernelFlow {
  return {src, dst, proto: 'udp', sport: 40000, dport, ...more}
}

export function tcp(src: string | null, dst: string, dport: number, more: More = {}): KernelFlow {
  return {src, dst, proto: 'tcp', sport: 40000, dport, ...more}
}

/** An echo request, unless `more` says otherwise. */
export function ping(src: string | null, dst: string, more: More = {}): KernelFlow {
  return {src, dst, proto: dst.includes(':') ? 'icmpv6' : 'icmp', ...more}
}
