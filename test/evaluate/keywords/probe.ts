import type {FlowWords} from '../../support/explainFlow.js'

/** The five states of support; `not modelled` forks (a match) or ends undetermined (a target). */
export type State = 'full' | 'partial' | 'not modelled' | 'irrelevant' | 'unrecognised'

/** What a match is for a packet: open where the walk must branch. */
export type Truth = 'true' | 'false' | 'open'

export interface Case {
  /** As in a rule. `!?` stands where a negation may: the case is tried without and with it. */
  readonly text: string
  readonly flow: FlowWords
  readonly truth: Truth
}

export interface MatchProbe {
  /** As docs/limitations.md names it: module and option. */
  readonly keyword: string
  readonly state: State
  /** `table CHAIN` that the rule stands in. */
  readonly place: string
  readonly cases: readonly Case[]
}

/** From the pod to the internet. */
export const TCP: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 40000, dport: 443}
export const UDP: FlowWords = {...TCP, proto: 'udp', dport: 53}
export const PING: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp'}
export const PING6: FlowWords = {src: '2001:db8:9::9', dst: '2001:db8:ffff::8', proto: 'icmpv6'}
/** From the internet to the pod. */
export const INWARD: FlowWords = {src: '9.9.9.9', dst: '10.0.9.9', proto: 'tcp', sport: 40000, dport: 80, iif: 'eth0'}
/** To the virtual service that the pod is the real server of. */
export const VIRTUAL: FlowWords = {...INWARD, dst: '10.0.0.2', dport: 8443}
export const OWN: FlowWords = {src: '10.0.0.2', dst: '8.8.8.8', proto: 'tcp', sport: 40000, dport: 443}
/** Packets of the connections in conntrack.txt. */
export const KNOWN: FlowWords = {...TCP, sport: 41000, tcpFlags: 'ACK'}
export const KNOWN_REPLY: FlowWords = {
  src: '8.8.8.8',
  dst: '10.0.9.9',
  proto: 'tcp',
  sport: 443,
  dport: 41000,
  tcpFlags: 'ACK',
  iif: 'eth0',
}
export const KNOWN_NAT: FlowWords = {
  src: '10.0.9.9',
  dst: '172.20.0.1',
  proto: 'tcp',
  sport: 42000,
  dport: 80,
  tcpFlags: 'ACK',
}

/** What the probed node has besides a tiny node's own. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  'ipvsadm-save.txt': `
    -A -t 10.0.0.2:8443 -s rr -p 300
    -a -t 10.0.0.2:8443 -r 10.0.9.9:443 -m -w 1`,
  'conntrack.txt': `
    tcp      6 100 ESTABLISHED src=10.0.9.9 dst=8.8.8.8 sport=41000 dport=443 src=8.8.8.8 dst=10.0.9.9 sport=443 dport=41000 [ASSURED] mark=5 use=1
    tcp      6 100 ESTABLISHED src=10.0.9.9 dst=172.20.0.1 sport=42000 dport=80 src=10.0.0.77 dst=10.0.9.9 sport=8080 dport=42000 [ASSURED] mark=0 use=1`,
  'ip-neigh.txt': '10.0.9.9 dev veth0 lladdr ee:00:00:00:00:99 REACHABLE',
  'ipset-save.txt': `
    create web hash:net family inet hashsize 1024 maxelem 65536
    add web 8.8.8.0/24
    create holes hash:net family inet hashsize 1024 maxelem 65536
    add holes 8.0.0.0/8
    add holes 8.8.8.0/24 nomatch`,
}

interface Words {
  readonly when?: FlowWords
  readonly unless?: FlowWords
  readonly open?: FlowWords
}

/** A match in `text` that is true for one flow, false for another, open for a third. */
export function cases(text: string, {when, unless, open}: Words): Case[] {
  const listed: Case[] = []
  if (when !== undefined) listed.push({text, flow: when, truth: 'true'})
  if (unless !== undefined) listed.push({text, flow: unless, truth: 'false'})
  if (open !== undefined) listed.push({text, flow: open, truth: 'open'})
  return listed
}
