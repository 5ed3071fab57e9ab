import type {KernelFlow, NodeSpec} from '../../lab/nodeSpec.js'
import {saveText} from '../../lab/saveText.js'
import {Context} from '../context.js'
import {Dice} from '../dice.js'
import {looseFlow, placeFlow} from '../randomFlows.js'
import {type RandomNode, uniqueFlows} from '../randomNode.js'
import {randomSave} from '../randomSave.js'
import {randomSets} from '../randomSets.js'
import {type World, WORLD4, WORLD6} from '../world.js'
import type {Aim} from './nftPlace.js'
import {nftTables} from './nftTables.js'

/** Native nftables without any sense but the kernel's; on some nodes iptables has rules beside them. */
export function nftNode(family: 4 | 6, seed: number, flowCount: number): RandomNode {
  const world = family === 4 ? WORLD4 : WORLD6
  const context = new Context(new Dice(seed ^ 0x4f7), world)
  const {dice} = context
  const {lines, aims} = nftTables(context)
  const save = dice.chance(0.35) ? randomSave(context, 1) : saveText({})
  const four = family === 4
  const legacySave = four && dice.chance(0.15) ? randomSave(context, 1) : ''
  const {routes, rules} = routing(context)
  const spec: NodeSpec = {
    links: world.links,
    pods: world.pods,
    sysctl: sysctls(context, world),
    neighbours: world.neighbours,
    routes: four ? routes : [],
    routes6: four ? [] : routes,
    rules: four ? rules : [],
    rules6: four ? [] : rules,
    deletedRules: [],
    deletedRules6: [],
    save: four ? save : saveText({}),
    save6: four ? saveText({}) : save,
    legacySave,
    // the trace of the legacy backend does not tell a copy from the packet
    nft: lines.flatMap(line => (legacySave !== '' && / dup to /.test(line) ? [] : [`${line}\n`])).join(''),
    ipset: randomSets(context)
      .map(line => `${line}\n`)
      .join(''),
  }
  const flows = Array.from({length: flowCount}, () => flowOf(context, dice.pick(aims)))
  return {spec, flows: uniqueFlows(flows)}
}

/** Marks choose tables, as they do on a node of the VPC CNI: what the rules did with them shows in the way out. */
function routing({dice, world}: Context): {routes: readonly string[]; rules: readonly string[]} {
  const onlink = world.family === 4 ? ' onlink' : ''
  const via = (i: number): string => {
    const [gateway, device] = world.hops[i] as readonly [string, string]
    return `default via ${gateway} dev ${device}${onlink}`
  }
  return {
    routes: [...world.mainRoutes, `${via(1)} table 101`, `${via(2)} table 102`],
    rules: [
      ...['0x80/0x80', '0x4000/0x4000', '0x1/0xf'].map(
        (mark, i) => `pref ${1000 + i} fwmark ${mark} lookup ${dice.pick(['main', '101', '102'])}`,
      ),
      `pref 1100 from ${dice.pick(world.pods).address} lookup 101`,
      `pref 1101 to ${dice.pick(world.remote)} lookup 102`,
    ],
  }
}

function sysctls({dice}: Context, {family, links}: World): Record<string, string> {
  if (family === 6) return {'net.ipv6.conf.all.forwarding': '1'}
  return {
    // a redirect passes OUTPUT as a packet of the connection, before the packet itself goes on, and rules there may change its mark
    ...Object.fromEntries(
      ['all', ...links.map(({name}) => name)].map(of => [`net.ipv4.conf.${of}.send_redirects`, '0']),
    ),
    'net.ipv4.ip_forward': '1',
    'net.ipv4.conf.all.rp_filter': dice.pick(['0', '0', '0', '1', '2']),
    'net.ipv4.conf.all.route_localnet': dice.pick(['0', '1']),
    'net.ipv4.conf.all.src_valid_mark': dice.pick(['0', '1']),
  }
}

/** Mostly what a rule is about. */
function flowOf(context: Context, aim: Aim): KernelFlow {
  const {dice} = context
  const loose = looseFlow(context, [])
  if (!dice.chance(0.75)) return loose
  const {proto = loose.proto} = aim
  // what belongs to the protocol goes with it
  const rest = proto === loose.proto ? loose : portsOf(context, proto, loose)
  const {tcpFlags, ...others} = {...rest, ...aim, proto}
  return placeFlow(context, proto === 'tcp' && tcpFlags !== undefined ? {...others, tcpFlags} : others)
}

function portsOf(
  {dice, world, ports}: Context,
  proto: string,
  {src, dst, mark, dscp}: KernelFlow,
): Omit<KernelFlow, 'proto'> {
  const common = {src, dst, ...(mark === undefined ? {} : {mark}), ...(dscp === undefined ? {} : {dscp})}
  return proto === world.icmp ? common : {...common, sport: dice.pick([40000, 1023]), dport: dice.pick(ports)}
}
