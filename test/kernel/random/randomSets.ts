import type {Context} from './context.js'

/** `-m set --match-set` operands that the sets of `randomSets` answer. */
export const SET_MATCHES = [
  's-ip src',
  's-ip dst',
  's-net src',
  's-net dst',
  's-ipport dst,dst',
  's-ipport src,src',
  's-port dst',
  's-port src',
  's-ipportnet src,dst,dst',
  's-netport dst,dst',
  's-netport src,dst',
  's-netiface src,src',
  's-list dst',
]

/** `ipset restore` lines. */
export function randomSets(context: Context): string[] {
  const {dice, world} = context
  const family = world.family === 4 ? 'inet' : 'inet6'
  const created = [
    's-ip hash:ip',
    's-net hash:net',
    's-ipport hash:ip,port',
    's-ipportnet hash:ip,port,net',
    's-netport hash:net,port',
    's-netiface hash:net,iface',
  ].map(set => `create ${set} family ${family}`)
  const net = (): string => context.prefix()
  const port = (): string => `${dice.pick(['tcp', 'udp'])}:${context.port()}`
  const added = Array.from({length: 4}, () => [
    `add s-ip ${context.address()}`,
    `add s-net ${net()}`,
    `add s-ipport ${context.address()},${port()}`,
    `add s-ipportnet ${dice.pick(world.pods).address},${port()},${net()}`,
    `add s-netport ${net()},${port()}`,
    `add s-netiface ${net()},${dice.pick(context.devices)}`,
    `add s-port ${context.port()}`,
  ]).flat()
  return [
    ...created,
    'create s-port bitmap:port range 0-65535',
    'create s-list list:set size 8',
    ...added.map(line => `${line} -exist`),
    `add s-net ${dice.pick(world.remote)} nomatch -exist`,
    'add s-list s-ip',
    'add s-list s-net',
  ]
}
