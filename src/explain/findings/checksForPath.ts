import {type Check, CHECKS} from '../../audit/index.js'
import type {JsonExplanation, JsonOrigin, JsonStep} from '../../model/index.js'
import {stepsOf} from './stepsOf.js'

type Asks = (steps: readonly JsonStep[], origin: JsonOrigin) => boolean

const inChain =
  (pattern: RegExp): Asks =>
  steps =>
    steps.some(({chain, target}) => pattern.test(chain ?? '') || pattern.test(target ?? ''))
const always: Asks = () => true
const never: Asks = () => false

/** By the hundred of a check's code: what a way must pass for it to have a say. Oddities have none. */
const BY_HUNDRED: Readonly<Record<string, Asks>> = {
  EKS1: always,
  EKS2: always,
  EKS3: inChain(/^(KUBE|CNI)-/),
  EKS4: always,
  EKS5: never,
}

/** Checks that read the whole save, which on a node with thousands of services takes longer than the explanation itself. */
const BY_CODE: Readonly<Record<string, Asks>> = {
  // reads all services: for what comes in by node ports
  EKS201: (steps, origin) => origin.kind === 'external' && inChain(/^KUBE-(NODEPORTS|EXT-|XLB-)/)(steps, origin),
  EKS208: inChain(/^(SNAT|AWS-SNAT-CHAIN-)/),
  EKS212: inChain(/^cali-/),
  EKS213: inChain(/^(OLD_)?CILIUM_/),
}

/** The checks that could find something on the way of these flows. */
export function checksForPath(explanations: readonly JsonExplanation[]): Check[] {
  const ways = explanations.map(explanation => ({steps: stepsOf(explanation), origin: explanation.origin}))
  return CHECKS.filter(({code, severity}) => {
    const asks = BY_CODE[code] ?? BY_HUNDRED[code.slice(0, 4)] ?? always
    return severity !== 'info' && ways.some(({steps, origin}) => asks(steps, origin))
  })
}
