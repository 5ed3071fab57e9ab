import type {KernelFlow, NodeSpec} from '../lab/nodeSpec.js'
import {saveText} from '../lab/saveText.js'
import {Context} from './context.js'
import {Dice} from './dice.js'
import {randomFlows} from './randomFlows.js'
import {randomRouting} from './randomRouting.js'
import {randomSave} from './randomSave.js'
import {randomSets} from './randomSets.js'
import {type World, WORLD4, WORLD6} from './world.js'

export interface RandomNode {
  readonly spec: NodeSpec
  readonly flows: readonly KernelFlow[]
}

/** Rules, tables, chains and sets without any sense but the kernel's. */
export function randomNode(family: 4 | 6, seed: number, flowCount: number): RandomNode {
  const world = family === 4 ? WORLD4 : WORLD6
  const context = new Context(new Dice(seed), world)
  const {routes, rules, deletedRules} = randomRouting(context)
  const save = randomSave(context)
  const ipset = randomSets(context)
    .map(line => `${line}\n`)
    .join('')
  const flows = randomFlows(context, save, rules, flowCount)
  const four = family === 4
  const spec: NodeSpec = {
    links: world.links,
    pods: world.pods,
    sysctl: randomSysctls(context, world),
    neighbours: world.neighbours,
    routes: four ? routes : [],
    routes6: four ? [] : routes,
    rules: four ? rules : [],
    rules6: four ? [] : rules,
    deletedRules: four ? deletedRules : [],
    deletedRules6: four ? [] : deletedRules,
    save: four ? save : saveText({}),
    save6: four ? saveText({}) : save,
    legacySave: '',
    ipset,
  }
  return {spec, flows: uniqueFlows(flows)}
}

function randomSysctls({dice}: Context, {family}: World): Record<string, string> {
  if (family === 6) {
    return {
      'net.ipv6.conf.all.forwarding': dice.chance(0.95) ? '1' : '0',
      'net.ipv6.fib_multipath_hash_policy': dice.pick(['0', '1']),
      'net.ipv6.fwmark_reflect': dice.pick(['0', '1']),
    }
  }
  const strictness = ['0', '1', '2']
  return {
    'net.ipv4.ip_forward': dice.chance(0.95) ? '1' : '0',
    'net.ipv4.conf.all.rp_filter': dice.pick(['0', '0', '1', '2']),
    'net.ipv4.conf.eth1.rp_filter': dice.pick(strictness),
    'net.ipv4.conf.eth2.rp_filter': dice.pick(strictness),
    'net.ipv4.conf.all.src_valid_mark': dice.pick(['0', '1']),
    'net.ipv4.conf.all.route_localnet': dice.pick(['0', '1']),
    'net.ipv4.conf.all.accept_local': dice.pick(['0', '0', '1']),
    'net.ipv4.fib_multipath_hash_policy': dice.pick(['0', '1']),
    'net.ipv4.fwmark_reflect': dice.pick(['0', '1']),
  }
}

export function uniqueFlows(flows: readonly KernelFlow[]): KernelFlow[] {
  return [...new Map(flows.map(flow => [JSON.stringify(flow), flow])).values()]
}
