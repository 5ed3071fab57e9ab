import {audit} from '../../audit/index.js'
import type {EksNode} from '../../eks/index.js'
import type {JsonExplanation, JsonFinding, JsonStep} from '../../model/index.js'
import {checksForPath} from './checksForPath.js'
import {stepsOf} from './stepsOf.js'

/**
 * What is wrong with the node on the way of some flows: findings about their pods and services, and about lines and settings that decided. Only
 * the checks run that could find such a thing.
 */
export function findingsOnPath(eks: EksNode, explanations: readonly JsonExplanation[]): JsonFinding[] {
  return audit(eks, checksForPath(eks, explanations)).flatMap(finding => {
    const stages = [...new Set(explanations.flatMap(explanation => stagesOf(eks, finding, explanation)))]
    return stages.length === 0 ? [] : [{...finding, stages}]
  })
}

/** The stages of a way that a finding touches; none where it is about others. */
function stagesOf(eks: EksNode, finding: JsonFinding, explanation: JsonExplanation): string[] {
  if (isAboutOthers(eks, finding, explanation)) return []
  const steps = stepsOf(explanation)
  const lines = new Set(finding.evidence.map(({document, line}) => `${document}:${line}`))
  const cited = steps.filter(
    ({source, kind}) => source !== null && kind !== 'reject-answer' && lines.has(`${source.document}:${source.line}`),
  )
  const routed = isRouted(finding, explanation) ? ['routing'] : []
  const stages = [
    ...routed,
    ...(cited.length > 0 ? cited.map(({stage}) => stage) : stagesOfSettings(finding, explanation, steps)),
  ]
  if (stages.length > 0) return stages
  return finding.pods.length + finding.services.length === 0 ? [] : [likelyStage(finding, steps)]
}

/** Rules and routes of the pods at the ends decide where the packet is routed, those that are missing too. */
function isRouted({code, pods}: JsonFinding, {flow, outcomes}: JsonExplanation): boolean {
  const ends = new Set([flow.src, ...outcomes.map(({packet}) => packet.dst)])
  return code.startsWith('EKS1') && pods.some(({ip}) => ends.has(ip))
}

/** Its pods or services are not those of the way, or it is about what comes from outside. */
function isAboutOthers(eks: EksNode, {pods, services, flow}: JsonFinding, explanation: JsonExplanation): boolean {
  const {outcomes, origin} = explanation
  const ends = new Set([
    explanation.flow.src,
    ...outcomes.flatMap(({packet, reply}) => [packet.src, packet.dst, reply?.packet.dst]),
  ])
  const used = new Set(outcomes.map(({service}) => service?.name))
  if (pods.length > 0 && !pods.some(({ip}) => ends.has(ip))) return true
  if (
    pods.length === 0 &&
    services.length > 0 &&
    !services.some(name => used.has(name) || isRefused(name, explanation))
  )
    return true
  const fromOutside = flow?.iif != null && eks.eniOfInterface(flow.iif) !== null
  return fromOutside && origin.kind !== 'external'
}

/** A service that refuses is named by the rule that says so. */
function isRefused(service: string, explanation: JsonExplanation): boolean {
  return stepsOf(explanation).some(
    ({text, target}) => (target === 'REJECT' || target === 'DROP') && text.includes(`"${service} `),
  )
}

/** Settings of the kernel that a step rests on, though it cites no line of theirs. */
function stagesOfSettings({evidence}: JsonFinding, {outcomes}: JsonExplanation, steps: readonly JsonStep[]): string[] {
  const says = (pattern: RegExp): boolean => evidence.some(({text}) => pattern.test(text))
  const reasons = outcomes.flatMap(({reason, reply}) => [reason, reply?.reason])
  if (says(/\brp_filter\b/)) return steps.flatMap(({stage}) => (stage.endsWith('source-validation') ? [stage] : []))
  if (says(/\b(ip_forward|forwarding)\b/) && reasons.includes('FORWARDING_DISABLED')) return ['routing']
  return says(/\bnf_conntrack_(count|max)\b/) ? ['conntrack'] : []
}

/** Where what is missing would have stood. */
function likelyStage({code}: JsonFinding, steps: readonly JsonStep[]): string {
  const nat = steps.find(({table}) => table === 'nat')?.stage
  if (code.startsWith('EKS3')) return nat ?? 'routing'
  if (code === 'EKS201') return 'mangle/PREROUTING'
  return code.startsWith('EKS20') || code === 'EKS214' ? 'nat/POSTROUTING' : 'routing'
}
