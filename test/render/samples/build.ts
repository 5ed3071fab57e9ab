import type {
  ExplainReport,
  JsonCapture,
  JsonEgress,
  JsonExplanation,
  JsonFlow,
  JsonOutcome,
  JsonStep,
} from '../../../src/model/index.js'

/** A rule of an iptables save, with the effect that the evaluator would tell. */
export function rule(stage: string, chain: string, number: number, line: number, text: string, effect = ''): JsonStep {
  return {
    stage,
    kind: 'chain-rule',
    backend: 'iptables-legacy',
    family: 'ip',
    table: stage.split('/')[0] ?? null,
    chain,
    rule: number,
    target: / -[jg] (\S+)/.exec(text)?.[1] ?? null,
    text,
    effect,
    source: {document: 'iptables-save.txt', line},
  }
}

/** A step of the routing code. `at` is `file:line`. */
export function decision(
  kind: JsonStep['kind'],
  stage: string,
  target: string | null,
  text: string,
  effect: string,
  at?: string,
): JsonStep {
  const [document, line] = at?.split(':') ?? []
  return {
    stage,
    kind,
    backend: null,
    family: null,
    table: null,
    chain: null,
    rule: null,
    target,
    text,
    effect,
    source: document === undefined ? null : {document, line: Number(line)},
  }
}

export function flow(parts: Partial<JsonFlow> & Pick<JsonFlow, 'proto' | 'src' | 'dst'>): JsonFlow {
  return {family: parts.dst.includes(':') ? 6 : 4, sport: null, dport: null, mark: 0, iif: null, ...parts}
}

export function egress(parts: Partial<JsonEgress> & Pick<JsonEgress, 'interface'>): JsonEgress {
  return {nextHop: null, mac: null, neighbourState: null, eni: null, pod: null, ...parts}
}

export function outcome(
  parts: Partial<JsonOutcome> & Pick<JsonOutcome, 'disposition' | 'packet' | 'steps'>,
): JsonOutcome {
  return {reason: null, probability: 1, conditions: [], egress: null, reply: null, ...parts}
}

export function explanation(parts: JsonExplanation): JsonExplanation {
  return parts
}

export const net410Capture: JsonCapture = {
  source: 'sample:net410',
  documents: [
    {name: 'ip-rule.txt', command: 'ip rule show', sha256: '1a'.repeat(32), bytes: 639},
    {name: 'ip-route.txt', command: 'ip route show', sha256: '2b'.repeat(32), bytes: 559},
    {name: 'iptables-save.txt', command: 'iptables-save', sha256: '3c'.repeat(32), bytes: 5545},
  ],
  missing: ['ip addr show', 'ip neigh show', 'sysctl -a'],
}

export function report(parts: Partial<ExplainReport> & Pick<ExplainReport, 'explanations'>): ExplainReport {
  return {
    schema: 'ekspath.explain/1',
    node: {
      name: null,
      primaryIp: '192.168.4.93',
      capturedAt: '2018-11-19T20:27:10',
      cni: {version: '1.3 – 1.5'},
      kubeProxyMode: 'iptables',
    },
    capture: net410Capture,
    assumptions: [
      {code: 'SYSCTL_IP_FORWARD', text: 'no sysctl in the capture: ip_forward is taken as 1, as the VPC CNI needs it'},
      {code: 'SYSCTL_RP_FILTER', text: 'no sysctl in the capture: rp_filter of eni6a241e7f902 is taken as 2 (loose)'},
    ],
    findings: [],
    diagnostics: [],
    ...parts,
  }
}
