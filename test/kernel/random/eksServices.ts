import {createHash} from 'node:crypto'
import type {Dice} from './dice.js'

/** A service and what kube-proxy makes of it. */
export interface Service {
  /** `default/web-3:http` */
  readonly name: string
  readonly protocol: 'tcp' | 'udp'
  readonly clusterIp: string
  readonly port: number
  readonly nodePort: number | null
  /** Of a load balancer. */
  readonly externalIp: string | null
  readonly externalLocal: boolean
  readonly internalLocal: boolean
  readonly affinity: boolean
  readonly endpoints: readonly Endpoint[]
}

export interface Endpoint {
  readonly address: string
  readonly port: number
  /** On this node. */
  readonly local: boolean
}

export interface ServiceWorld {
  readonly clusterIp: (i: number) => string
  readonly externalIp: (i: number) => string
  readonly localPods: readonly string[]
  readonly remotePods: readonly string[]
}

export function randomServices(dice: Dice, world: ServiceWorld, count: number): Service[] {
  return Array.from({length: count}, (_, i) => {
    const exposed = dice.chance(0.5)
    const port = dice.pick([80, 443, 53, 8080, 9090])
    const target = dice.pick([port, 8080, 5353])
    const pods = [
      ...dice.some(world.localPods, dice.between(0, 2)).map(address => ({address, port: target, local: true})),
      ...dice.some(world.remotePods, dice.between(0, 2)).map(address => ({address, port: target, local: false})),
    ]
    return {
      name: `default/svc-${i}:${dice.pick(['http', 'dns', 'metrics'])}`,
      protocol: dice.chance(0.7) ? 'tcp' : 'udp',
      clusterIp: world.clusterIp(i),
      port,
      nodePort: exposed ? 30000 + i : null,
      externalIp: exposed && dice.chance(0.5) ? world.externalIp(i) : null,
      externalLocal: dice.chance(0.4),
      internalLocal: dice.chance(0.1),
      affinity: dice.chance(0.15),
      endpoints: pods,
    }
  })
}

/** `KUBE-SVC-` and 16 letters of a digest, as kube-proxy names its chains. */
export function serviceChain(kind: 'SVC' | 'SVL' | 'EXT' | 'SEP', service: Service, endpoint?: Endpoint): string {
  const text = `${service.name}${service.protocol}${endpoint === undefined ? '' : `${endpoint.address}:${endpoint.port}`}`
  const letters = [...createHash('sha256').update(text).digest()].map(
    byte => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32],
  )
  return `KUBE-${kind}-${letters.slice(0, 16).join('')}`
}
