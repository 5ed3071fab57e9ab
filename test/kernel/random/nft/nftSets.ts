import type {Context} from '../context.js'
import {hex} from '../context.js'

/** The sets and maps that every table has, by what their keys are. */
export const SETS = {
  addresses: ['s-host', 's-net', 's-dyn', 's-timed'],
  ports: ['s-port'],
  marks: ['s-mark'],
  devices: ['s-dev'],
  /** Address and port; the second also has intervals. */
  pairs: ['s-pair', 's-netpair'],
  /** Address, protocol and port. */
  triples: ['s-triple'],
} as const

/** `add set` and `add map` lines of one table. @param chains that verdict maps may lead to */
export function nftSets(context: Context, table: string, chains: readonly string[]): string[] {
  const {dice, world} = context
  const type = world.family === 4 ? 'ipv4_addr' : 'ipv6_addr'
  const ip = world.family === 4 ? 'ip' : 'ip6'
  const many = (make: () => string, most = 4): string => unique(Array.from({length: dice.between(1, most)}, make))
  const timed = (): string => dice.pick(['', ' timeout 1h', ' timeout 2h comment "it goes"', ''])
  const verdict = (): string =>
    dice.pick(['accept', 'return', 'continue', ...chains.flatMap(chain => [`jump ${chain}`, `goto ${chain}`])])
  const set = (name: string, body: string): string => `add set ${table} ${name} { ${body} }`
  const map = (name: string, body: string): string => `add map ${table} ${name} { ${body} }`
  const elements = (text: string): string => (text === '' ? '' : ` elements = { ${text} };`)
  return [
    set('s-host', `type ${type};${elements(many(() => context.address()))}`),
    set(
      's-net',
      `type ${type}; flags interval; auto-merge;${elements(many(() => dice.pick([context.prefix(), context.address(), dice.pick(world.ranges)])))}`,
    ),
    set(
      's-dyn',
      `type ${type}; flags dynamic,timeout; timeout 1h; size 1000;${dice.chance(0.5) ? elements(context.address()) : ''}`,
    ),
    set('s-timed', `type ${type}; flags timeout;${elements(many(() => `${context.address()}${timed()}`))}`),
    set('s-port', `type inet_service; flags interval; auto-merge;${elements(many(() => context.portRange('-')))}`),
    set('s-mark', `type mark;${elements(many(() => hex(context.mark().value)))}`),
    set('s-dev', `type ifname;${elements(many(() => `"${dice.pick(context.devices)}"`))}`),
    set('s-pair', `typeof ${ip} daddr . tcp dport;${elements(many(() => `${context.address()} . ${context.port()}`))}`),
    set(
      's-netpair',
      `type ${type} . inet_service; flags interval;${elements(many(() => `${context.prefix()} . ${context.portRange('-')}`, 2))}`,
    ),
    set(
      's-triple',
      `type ${type} . inet_proto . inet_service;${elements(many(() => `${context.address()} . ${dice.pick(['tcp', 'udp'])} . ${context.port()}`))}`,
    ),
    map(
      'v-triple',
      `type ${type} . inet_proto . inet_service : verdict;${elements(many(() => `${context.address()} . ${dice.pick(['tcp', 'udp'])} . ${context.port()} : ${verdict()}`))}`,
    ),
    map('v-port', `type inet_service : verdict; flags interval;${elements(portVerdicts(context, verdict))}`),
    map('m-mark', `type ${type} : mark;${elements(many(() => `${context.address()} : ${hex(context.mark().value)}`))}`),
    map(
      'm-pod',
      `type ${type} : ${type};${elements(many(() => `${context.address()} : ${dice.pick(world.pods).address}`))}`,
    ),
    map(
      'm-podport',
      `type inet_service : ${type} . inet_service;${elements(many(() => `${context.port()} : ${dice.pick(world.pods).address} . 8080`))}`,
    ),
  ]
}

function portVerdicts({dice}: Context, verdict: () => string): string {
  const ports = dice.some(['53', '80', '443', '8080', '9000-9010', '1000-2000', '30000-32767'], 3)
  return [...ports.map(port => `${port} : ${verdict()}`), ...(dice.chance(0.2) ? [`* : ${verdict()}`] : [])].join(', ')
}

/** Elements by their keys: a set has each once. */
function unique(elements: readonly string[]): string {
  return [...new Map(elements.map(element => [element.split(' : ')[0]?.split(' timeout')[0], element])).values()].join(
    ', ',
  )
}
