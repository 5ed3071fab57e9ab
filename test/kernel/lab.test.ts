import {rmSync} from 'node:fs'
import {isDeepStrictEqual} from 'node:util'
import {describeKernel} from './lab/describeKernel.js'
import {Lab} from './lab/lab.js'
import type {Namespace} from './lab/namespace.js'
import type {KernelFlow} from './lab/nodeSpec.js'
import {KINDS} from './random/kinds.js'

/** Packets by rule: `ip filter FORWARD 3` → 17. Rules that saw none are left out. */
function counters(node: Namespace): Map<string, number> {
  const found = new Map<string, number>()
  for (const [family, command] of [
    ['ip', 'iptables-nft-save'],
    ['ip6', 'ip6tables-nft-save'],
  ] as const) {
    let table = ''
    const lengths = new Map<string, number>()
    for (const line of node.run(command, ['-c']).split('\n')) {
      if (line.startsWith('*')) table = line.slice(1)
      const [, packets = '', chain = ''] = /^\[(\d+):\d+\] -A (\S+)/.exec(line) ?? []
      if (chain === '') continue
      const number = (lengths.get(`${table} ${chain}`) ?? 0) + 1
      lengths.set(`${table} ${chain}`, number)
      if (packets !== '0') found.set(`${family} ${table} ${chain} ${number}`, Number(packets))
    }
  }
  return found
}

/** What `later` has more than `earlier`. */
function difference(later: ReadonlyMap<string, number>, earlier: ReadonlyMap<string, number>): Map<string, number> {
  const more = [...later].map(([name, packets]) => [name, packets - (earlier.get(name) ?? 0)] as const)
  return new Map(more.filter(([, packets]) => packets > 0))
}

interface Counts {
  /** Packets by rule, as the lab names rules. */
  readonly named: ReadonlyMap<string, number>
  /** By the rules' own counters. */
  readonly counted: ReadonlyMap<string, number>
}

/** An IPv6 node solicits neighbours all the time, and OUTPUT counts that: a quarter of all measurements has such a packet on its edge. */
const MOST_TRIES = 20

/**
 * Which rules a flow met. What the node sends of itself may fall on an edge of the measurement, and then one of the two has it: a disagreement
 * is one that comes every time.
 */
async function countRules(lab: Lab, flow: KernelFlow): Promise<Counts> {
  for (let tries = 1; ; tries++) {
    const before = {named: new Map(lab.ruleCounts), counted: counters(lab.built.node)}
    await lab.once(flow)
    const named = difference(lab.ruleCounts, before.named)
    const counted = difference(counters(lab.built.node), before.counted)
    if (tries === MOST_TRIES || isDeepStrictEqual(new Map([...named].sort()), new Map([...counted].sort())))
      return {named, counted}
  }
}

/** The lab checked by what it does not use itself. */
describeKernel('the lab', agent => {
  it.each(['random4', 'random6', 'eks4', 'eks6'])('names the rules that counted, on %s', async kind => {
    const {spec, flows} = KINDS[kind]?.(3, 40) ?? {}
    if (spec === undefined || flows === undefined) throw new Error(`no kind ${kind}`)
    // a wire packet's mark is set by the lab's own table
    const unmarked: KernelFlow[] = flows.map(({mark: _mark, ...flow}) => flow)
    const lab = await Lab.open(agent(), spec, 'nft', unmarked)
    try {
      const met = new Set<string>()
      for (const flow of unmarked) {
        const {named, counted} = await countRules(lab, flow)
        expect({flow, rules: Object.fromEntries(named)}).toEqual({flow, rules: Object.fromEntries(counted)})
        for (const rule of counted.keys()) met.add(rule)
      }
      expect(met.size).toBeGreaterThan(5)
    } finally {
      await lab.close()
      rmSync(lab.folder, {recursive: true})
    }
  })

  it.each(['random4', 'random6'])('finds the routes that ip route get finds, on %s', async kind => {
    const {spec, flows} = KINDS[kind]?.(5, 40) ?? {}
    if (spec === undefined || flows === undefined) throw new Error(`no kind ${kind}`)
    const plain = flows.filter(
      flow => flow.iif !== undefined && flow.src !== null && flow.proto === 'udp' && !flow.mark && !flow.dscp,
    )
    const lab = await Lab.open(agent(), {...spec, save: '', save6: ''}, 'nft', plain)
    try {
      const wrong: string[] = []
      for (const flow of plain) {
        const {egress} = await lab.once(flow)
        if (egress === null) continue
        const ports = ['ipproto', 'udp', 'sport', String(flow.sport), 'dport', String(flow.dport)]
        const answer = lab.built.node.run('ip', [
          'route',
          'get',
          flow.dst,
          'from',
          flow.src ?? '',
          'iif',
          flow.iif ?? '',
          'uid',
          '0',
          ...ports,
        ])
        if (!answer.includes(` dev ${egress} `)) wrong.push(`${JSON.stringify(flow)} left by ${egress}: ${answer}`)
      }
      expect(wrong).toEqual([])
      expect(plain.length).toBeGreaterThan(3)
    } finally {
      await lab.close()
      rmSync(lab.folder, {recursive: true})
    }
  })
})
