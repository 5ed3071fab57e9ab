import {type Check, CHECKS} from '../../audit/index.js'
import type {EksNode} from '../../eks/index.js'
import type {JsonExplanation, JsonOrigin, JsonStep} from '../../model/index.js'
import {stepsOf} from './stepsOf.js'

/** What the packet of a flow passes on its way. */
interface Way {
  readonly steps: readonly JsonStep[]
  readonly origin: JsonOrigin
  /** Full names of the services whose endpoints it goes to. */
  readonly services: readonly string[]
}

type Asks = (way: Way, eks: EksNode) => boolean

const inChain =
  (pattern: RegExp): Asks =>
  ({steps}) =>
    steps.some(({chain, target}) => pattern.test(chain ?? '') || pattern.test(target ?? ''))
const inServices = inChain(/^(KUBE|CNI)-/)
const always: Asks = () => true
const never: Asks = () => false

/** By the hundred of a check's code: what a way must pass for it to have a say. Oddities have none. */
const BY_HUNDRED: Readonly<Record<string, Asks>> = {
  EKS1: always,
  EKS2: always,
  EKS3: inServices,
  EKS4: always,
  EKS5: never,
}

/** Checks that read the whole save, which on a node with thousands of services takes longer than the explanation itself. */
const BY_CODE: Readonly<Record<string, Asks>> = {
  // reads all services: for what comes in by node ports
  EKS201: (way, eks) => way.origin.kind === 'external' && inChain(/^KUBE-(NODEPORTS|EXT-|XLB-)/)(way, eks),
  EKS208: inChain(/^(SNAT|AWS-SNAT-CHAIN-)/),
  // reads all services: for one that refuses, here or from elsewhere
  EKS301: (way, eks) =>
    inServices(way, eks) &&
    (way.steps.some(({target}) => target === 'REJECT' || target === 'DROP') ||
      way.services.some(name => eks.services.refused.has(name))),
  EKS212: inChain(/^cali-/),
  EKS213: inChain(/^(OLD_)?CILIUM_/),
}

/** The checks that could find something on the way of these flows. */
export function checksForPath(eks: EksNode, explanations: readonly JsonExplanation[]): Check[] {
  const ways = explanations.map((explanation): Way => {
    const services = explanation.outcomes.flatMap(({service}) => service?.name ?? [])
    return {steps: stepsOf(explanation), origin: explanation.origin, services}
  })
  return CHECKS.filter(({code, severity}) => {
    const asks = BY_CODE[code] ?? BY_HUNDRED[code.slice(0, 4)] ?? always
    return severity !== 'info' && ways.some(way => asks(way, eks))
  })
}
