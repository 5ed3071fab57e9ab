import {rmSync} from 'node:fs'
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

/** The lab checked by what it does not use itself. */
describeKernel('the lab', agent => {
  it.each([
    ['random4', 3],
    ['random6', 3],
    ['eks4', 3],
    ['eks6', 17], // no rule of it counts what the node sends of itself, such as multicast listener reports
  ] as const)('names the rules that counted, on %s --seed %d', async (kind, seed) => {
    const {spec, flows} = KINDS[kind]?.(seed, 40) ?? {}
    if (spec === undefined || flows === undefined) throw new Error(`no kind ${kind}`)
    // a wire packet's mark is set by the lab's own table
    const unmarked: KernelFlow[] = flows.map(({mark: _mark, ...flow}) => flow)
    const lab = await Lab.open(agent(), spec, 'nft', unmarked)
    try {
      const before = counters(lab.built.node)
      for (const flow of unmarked) await lab.once(flow)
      const counted = difference(counters(lab.built.node), before)
      expect(Object.fromEntries(lab.ruleCounts)).toEqual(Object.fromEntries(counted))
      expect(counted.size).toBeGreaterThan(5)
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
