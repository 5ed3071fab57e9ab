import {mkdtempSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {TABLE_LOCAL, TABLE_MAIN} from '../../../src/model/index.js'
import {ICMP, ICMPV6, TCP, UDP} from '../../../src/net/index.js'
import {addressBytes, addressText} from './addressBytes.js'
import type {AgentProcess, Attached, Collected} from './agentProcess.js'
import {buildNode, type BuiltNode} from './buildNode.js'
import {captureNode} from './captureNode.js'
import {classify} from './classify.js'
import {craftPacket} from './craftPacket.js'
import {craftReply, replyFields} from './craftReply.js'
import {flowFields, isFlow} from './flowFields.js'
import type {KernelFlow, LabBackend, NodeSpec} from './nodeSpec.js'
import {NeighbourMacs} from './neighbourMacs.js'
import {FIRST_MARKED_IDENT, OBSERVER, observerTable} from './observerTable.js'
import type {MeasuredOutcome, RouteFound} from './outcome.js'
import {type Hits, legacyHits, nftHits} from './ruleHits.js'
import {ruleTarget, RuleTexts} from './ruleTexts.js'
import {firstSnapshot, type SeenPacket, seenPackets} from './seenPackets.js'
import {type Tuple, tupleKey} from './tuple.js'

/** Source MAC of a packet whose sender the node has no neighbour entry of. */
const STRANGER = '02:04:ff:ff:ff:ff'

const NO_HITS: Hits = {rules: [], chains: [], end: null}

/** What a node showed after one packet was sent. */
interface Sight {
  readonly packets: readonly SeenPacket[]
  readonly ours: SeenPacket | null
  readonly collected: Collected
  readonly outcome: MeasuredOutcome
}

interface LabParts {
  readonly folder: string
  readonly built: BuiltNode
  readonly agent: AgentProcess
  readonly spec: NodeSpec
  readonly attached: Attached
  readonly legacy: boolean
  readonly marks: readonly number[]
}

/** A built, captured and watched node. */
export class Lab {
  readonly folder: string
  readonly built: BuiltNode
  /** True where both backends hold rules: the trace of each is told apart, not the order between them. */
  readonly bothBackends: boolean
  /** How often the nft backend's trace named each rule (`ip filter FORWARD 3`) since the lab was opened. */
  readonly ruleCounts = new Map<string, number>()
  readonly #parts: LabParts
  readonly #texts: RuleTexts
  /** Of the legacy backend beside an nft run; null where there is none. */
  readonly #legacyTexts: RuleTexts | null
  readonly #macs: ReadonlyMap<string, Buffer>
  readonly #own: ReadonlySet<string>
  /** Ports that a packet may be delivered to in place of its own. */
  readonly #natPorts: readonly number[]
  readonly #multipath: {readonly four: boolean; readonly six: boolean}
  readonly neighbours: NeighbourMacs
  /** Arguments of `conntrack -I`, of what the node knows before every packet. */
  connections: readonly string[] = []

  private constructor(parts: LabParts) {
    this.#parts = parts
    this.folder = parts.folder
    this.connections = parts.spec.connections ?? []
    this.built = parts.built
    this.bothBackends = parts.spec.legacySave !== ''
    const read = (name: string): string => readFileSync(path.join(parts.folder, name), 'utf8')
    this.#texts = new RuleTexts(read('iptables-save.txt'), read('ip6tables-save.txt'), parts.attached.handles)
    if (parts.spec.nft !== undefined) this.#texts.readNative(read('nft-ruleset.txt'))
    this.#legacyTexts = parts.spec.legacySave === '' ? null : new RuleTexts(read('iptables-legacy-save.txt'), '', {})
    this.neighbours = new NeighbourMacs(read('ip-neigh.txt'))
    this.#natPorts = natPorts(`${read('iptables-save.txt')}${read('ip6tables-save.txt')}`)
    this.#multipath = {four: read('ip-route.txt').includes('nexthop'), six: read('ip-route6.txt').includes('nexthop')}
    const addresses = read('ip-addr.txt')
    this.#macs = macsOf(addresses)
    this.#own = new Set([...addresses.matchAll(/inet6? ([^ /]+)/g)].map(([, address = '']) => canonical(address)))
  }

  /**
   * Builds and captures a node.
   * @param flows that will be measured: their marks must be known beforehand
   * @param folder of the capture, which must exist; a new temporary one where absent
   */
  static async open(
    agent: AgentProcess,
    spec: NodeSpec,
    backend: LabBackend,
    flows: readonly KernelFlow[],
    folder?: string,
  ): Promise<Lab> {
    const built = buildNode(spec, backend)
    const into = folder ?? mkdtempSync(path.join(tmpdir(), 'ekspath-kernel-'))
    try {
      for (const connection of spec.connections ?? []) built.node.run('conntrack', connection.split(' '))
      captureNode(built.node, into, backend, {
        bothBackends: spec.legacySave !== '',
        nft: spec.nft !== undefined,
        conntrack: spec.connections !== undefined,
      })
      const marks = [...new Set(flows.map(flow => flow.mark ?? 0))].filter(mark => mark !== 0)
      const watched = spec.nft?.includes('hook ingress') === true ? spec.links.map(({name}) => name) : []
      built.node.run('nft', ['-f', '-'], observerTable(marks, watched))
      const legacy = backend === 'legacy' || spec.legacySave !== ''
      const attached = await agent.ask('attach', {node: built.node.name, far: built.far.name, legacy})
      return new Lab({folder: into, built, agent, spec, attached, legacy: backend === 'legacy', marks})
    } catch (error) {
      built.delete()
      throw error
    }
  }

  async close(): Promise<void> {
    try {
      await this.#parts.agent.ask('detach')
    } finally {
      this.built.delete()
    }
  }

  /** Interface by which a flow comes in; null: a socket of the node sends it. */
  ingress(flow: KernelFlow): string | null {
    const {src, iif} = flow
    if (iif !== undefined && iif !== 'lo') return iif
    if (src === null || iif === 'lo' || this.#own.has(canonical(src)) || addressBytes(src)[0] === 127) return null
    const pod = this.#parts.spec.pods.find(({address}) => canonical(address) === canonical(src))
    if (pod === undefined)
      throw new Error(`a flow from ${src}, which is no pod's and none of the node's addresses, needs iif`)
    return pod.interface
  }

  /** Puts the connections into the node's table. */
  remember(): void {
    if (this.connections.length === 0) return
    this.built.node.run('sh', ['-c', 'conntrack -F 2>/dev/null'])
    for (const connection of this.connections) this.built.node.run('conntrack', connection.split(' '))
  }

  /** Sends the packet once, on a node that knows `connections` and no others, and then its answer. */
  async once(flow: KernelFlow): Promise<MeasuredOutcome> {
    this.#count(await this.#parts.agent.ask('forget'))
    this.remember()
    const {protocol, dport} = flowFields(flow)
    if (protocol === UDP) await this.#parts.agent.ask('listen', {ports: [...new Set([dport, ...this.#natPorts])]})
    const ingress = this.ingress(flow)
    const sent = ingress === null ? await this.#emit(flow) : await this.#arrive(ingress, flow)
    const sight = this.#look(sent, tuple => isFlow(flow, tuple))
    const route = ingress === null ? null : await this.#route(sight)
    return {...sight.outcome, route, reply: await this.#reply(sight)}
  }

  /** May another packet of the flow fare differently? True where a chain on its way has a random or counting match, or routes have several hops. */
  leavesToChance(flow: KernelFlow, {rules, chains}: MeasuredOutcome): boolean {
    const four = addressBytes(flow.dst).length === 4
    if (four ? this.#multipath.four : this.#multipath.six) return true
    const family = four ? 'ip' : 'ip6'
    const jumps = rules.map(rule => `${rule.table} ${ruleTarget(this.#texts.text(family, rule)) ?? ''}`)
    return [...chains, ...jumps].some(chain => this.#texts.isRandom(`${family} ${chain}`))
  }

  async sysctl(key: string, value: string): Promise<void> {
    await this.#parts.agent.ask('sysctl', {key, value})
  }

  #wireFields(flow: KernelFlow): ReturnType<typeof flowFields> {
    const index = this.#parts.marks.indexOf(flow.mark ?? 0)
    return {...flowFields(flow), ident: index < 0 ? 0 : FIRST_MARKED_IDENT + index}
  }

  #arrive(device: string, flow: KernelFlow): Promise<Collected> {
    const fields = this.#wireFields(flow)
    return this.#inject(device, this.neighbours.known(device, fields.source) ?? STRANGER, craftPacket(fields))
  }

  async #inject(device: string, sender: string, packet: Buffer): Promise<Collected> {
    const mac = this.#macs.get(device)
    if (mac === undefined) throw new Error(`no interface ${device}`)
    const type = (packet[0] ?? 0) >> 4 === 4 ? '0800' : '86dd'
    const frame = `${mac.toString('hex')}${sender.replaceAll(':', '')}${type}${packet.toString('hex')}`
    return this.#count(await this.#parts.agent.ask('inject', {interface: device, frame}))
  }

  async #emit(flow: KernelFlow): Promise<Collected> {
    const fields = flowFields(flow)
    const {protocol, sport, dport, tos} = fields
    const family = addressBytes(flow.dst).length === 4 ? 4 : 6
    const icmp = protocol === ICMP || protocol === ICMPV6
    const kind = protocol === TCP && fields.tcpFlags === 2 ? 'stream' : protocol === UDP || icmp ? 'datagram' : 'raw'
    const packet = craftPacket(fields)
    const payload = protocol === UDP ? fields.payload : icmp ? packet.subarray(family === 4 ? 20 : 40) : packet
    const sent = await this.#parts.agent.ask('emit', {
      ...{family, protocol, kind, sport, dport, tos},
      destination: flow.dst,
      source: flow.src,
      mark: flow.mark ?? 0,
      ttl: flow.ttl ?? null,
      device: flow.oif ?? null,
      payload: payload.toString('hex'),
    })
    return this.#count(sent)
  }

  #count(collected: Collected): Collected {
    for (const {family = '', table = '', chain = '', kind, handle} of collected.events) {
      const own = table === OBSERVER || kind === 'policy' || handle === undefined
      const number = own ? null : this.#texts.number(family, table, chain, handle)
      const name = `${family} ${table} ${chain} ${number ?? ''}`
      if (number !== null) this.ruleCounts.set(name, (this.ruleCounts.get(name) ?? 0) + 1)
    }
    return collected
  }

  #look(collected: Collected, isOurs: (tuple: Tuple) => boolean): Sight {
    const packets = seenPackets(collected.events)
    const ours = packets.find(packet => {
      const first = firstSnapshot(packet)
      return first !== null && isOurs(first.tuple)
    })
    const hits = ours === undefined ? NO_HITS : this.#hits(ours, collected)
    const outcome = classify(ours ?? null, packets, collected, hits, this.#parts.attached)
    return {packets, ours: ours ?? null, collected, outcome}
  }

  /** Asks for the route of a packet that was forwarded or delivered. The tool knows no ports but those of TCP and UDP. */
  async #route({ours, outcome}: Sight): Promise<RouteFound | null> {
    const at = ours?.snapshots.get('prerouting_end')
    const arrived = ['forwarded', 'delivered'].includes(outcome.dispositions[0] ?? '')
    if (at === undefined || !arrived || ![TCP, UDP, ICMP, ICMPV6].includes(at.tuple.protocol)) return null
    const {family, source, destination, protocol, sport, dport, tos} = at.tuple
    const iif = this.#parts.attached.interfaces[at.iif]
    const question = {family, source, destination, protocol, sport, dport, tos, iif, mark: at.mark}
    const {table, prefix, length, type} = await this.#parts.agent.ask('route', question)
    if (table === undefined || length === undefined) return null
    // IPv4 keeps local and main in one trie, and calls it main, until a rule is added
    const owner = table === TABLE_MAIN && (type === 'local' || type === 'broadcast') ? TABLE_LOCAL : table
    return {table: owner, prefix: `${prefix ?? (family === 4 ? '0.0.0.0' : '::')}/${length}`}
  }

  #hits(packet: SeenPacket, {log}: Collected): Hits {
    if (this.#parts.legacy) return legacyHits(packet, log, this.#texts)
    const hits = nftHits(packet, this.#texts)
    if (this.#legacyTexts === null) return hits
    const others = legacyHits(packet, log, this.#legacyTexts)
    return {
      rules: [...hits.rules, ...others.rules],
      chains: [...hits.chains, ...others.chains],
      end: hits.end ?? others.end,
    }
  }

  async #reply({outcome, ours, packets, collected}: Sight): Promise<MeasuredOutcome | null> {
    const {dispositions, packet, egress, mac} = outcome
    if (packet === null || ours === null) return null
    if (dispositions[0] === 'delivered') return this.#ownReply(packet, this.#receiver(ours), packets, collected)
    // without a frame there is nobody to answer: no carrier, or the neighbour was not found
    if (egress === null || mac === null) return null
    const reply = craftReply(packet)
    if (reply === null) return null
    const key = tupleKey(reply.tuple)
    const sight = this.#look(await this.#inject(egress, mac, reply.bytes), tuple => tupleKey(tuple) === key)
    return {...sight.outcome, route: await this.#route(sight)}
  }

  /** The device by which a delivered packet came in. */
  #receiver(ours: SeenPacket): string | null {
    return this.#parts.attached.interfaces[ours.snapshots.get('input_end')?.iif ?? 0] ?? null
  }

  /** A delivered packet is answered by the node itself: a reset, an echo reply, or a datagram from a socket that we bind. */
  async #ownReply(
    packet: Tuple,
    receiver: string | null,
    packets: readonly SeenPacket[],
    collected: Collected,
  ): Promise<MeasuredOutcome | null> {
    const fields = replyFields(packet)
    if (fields === null) return null
    // such a socket is bound to a device, or not, as its program likes
    if (isLinkLocalText(fields.source) && !isLinkLocalText(fields.destination)) return null
    const {source, destination, sport, dport, protocol} = fields
    const isReply = (tuple: Tuple): boolean =>
      // the source of an answer to a broadcast is picked by the kernel
      tuple.protocol === protocol &&
      tuple.destination === destination &&
      tuple.sport === packet.dport &&
      tuple.dport === packet.sport &&
      (tuple.icmpType === null || tuple.icmpType === fields.icmpType)
    if (protocol !== UDP) {
      const made = packets.some(other => {
        const tuple = firstSnapshot(other)?.tuple
        return other.snapshots.has('output_begin') && tuple !== undefined && isReply(tuple)
      })
      return made ? this.#look(collected, isReply).outcome : null
    }
    const sent = await this.#parts.agent.ask('emit', {
      ...{family: packet.family, protocol, kind: 'datagram', source, destination, sport, dport},
      device: isLinkLocalText(destination) || isLinkLocalText(source) ? receiver : null,
      payload: fields.payload.toString('hex'),
    })
    // an anycast or broadcast address is nobody's to answer from
    this.#count(sent)
    return sent.errno === 'EADDRNOTAVAIL' ? null : this.#look(sent, isReply).outcome
  }
}

/** An IPv6 one: its sockets need a device. */
function isLinkLocalText(address: string): boolean {
  return address.startsWith('fe80:')
}

function natPorts(save: string): number[] {
  const ports = new Set<number>()
  for (const [, first = '', last = first] of save.matchAll(/--to-(?:ports |destination \S*:)(\d+)(?:-(\d+))?(?=\s)/g)) {
    for (let port = Number(first); port <= Number(last); port++) ports.add(port)
  }
  return [...ports]
}

function canonical(address: string): string {
  return addressText(addressBytes(address))
}

/** Interface → its MAC, from `ip addr`. */
function macsOf(text: string): ReadonlyMap<string, Buffer> {
  const macs = new Map<string, Buffer>()
  for (const [, name = '', mac = ''] of text.matchAll(/^\d+: ([^:@]+).*\n +link\/\w+ ([0-9a-f:]{17})/gm)) {
    macs.set(name, Buffer.from(mac.replaceAll(':', ''), 'hex'))
  }
  return macs
}
