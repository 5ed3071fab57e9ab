import {formatAddress, hostPort, protocolName} from '../../net/index.js'
import type {Evidence, IpvsService, StepKind} from '../../model/index.js'
import type {Walk} from '../walk/walk.js'
import type {IpvsHook} from './ipvsHook.js'
import type {Peer} from './virtualServices.js'

/** What a step of IPVS says beside its line. */
export interface IpvsStep {
  readonly kind: Extract<StepKind, 'ipvs-service' | 'ipvs-destination' | 'ipvs-reply'>
  readonly service: IpvsService | null
  /** The real server's number in its service; null where none is meant. */
  readonly number: number | null
  readonly target: string | null
  readonly evidence: Evidence | null
  readonly effect: string
}

/** Writes a step of IPVS. Call only while `tracing`. */
export function recordIpvs(walk: Walk, {hook}: IpvsHook, step: IpvsStep): void {
  const {kind, service, number, target, evidence, effect} = step
  walk.trail.steps.push({
    stage: `ipvs/${hook}`,
    kind,
    backend: 'ipvs',
    family: walk.packet.family === 4 ? 'ip' : 'ip6',
    table: 'ipvs',
    chain: service === null ? null : serviceName(service),
    rule: number,
    target,
    text: evidence?.text ?? '',
    effect,
    source: evidence?.source ?? null,
  })
}

/** `tcp 10.100.0.1:443`, `fwmark 7`. */
export function serviceName({frontend}: IpvsService): string {
  if (frontend.kind === 'mark') return `fwmark ${frontend.mark}`
  return `${protocolName(frontend.protocol)} ${peerText(frontend)}`
}

/** `10.100.0.1:443`; without the port where it is open. */
export function peerText({address, port}: Peer): string {
  const text = formatAddress(address)
  return port === null ? text : hostPort(text, port)
}
