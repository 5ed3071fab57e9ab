import type {JsonOutcome, JsonService} from '../../model/index.js'
import type {ExplanationGroup} from './groupExplanations.js'

/** `kube-system/kube-dns:dns, its only endpoint`; for each protocol where they differ. @param index of the outcome */
export function describeServices({explanations}: ExplanationGroup, index: number): string[] {
  const services = explanations.map(({flow, outcomes}) => ({proto: flow.proto, text: serviceText(outcomes[index])}))
  const [first] = services
  if (first === undefined || services.every(({text}) => text === first.text))
    return first?.text == null ? [] : [first.text]
  return services.flatMap(({proto, text}) => (text === null ? [] : [`${proto}: ${text}`]))
}

function serviceText(outcome: JsonOutcome | undefined): string | null {
  return outcome?.service === undefined ? null : describeService(outcome.service)
}

function describeService({name, endpoint, of}: JsonService): string {
  return `${name}, ${of === 1 ? 'its only endpoint' : `endpoint ${endpoint} of ${of}`}`
}
