import {toolOf} from '../../../eks/index.js'
import {snatRule} from '../../../audit/index.js'
import type {Case, Remedy} from '../case.js'
import {readSnatChains} from '../snatChains.js'

/** The CNI's translation of what pods send outside the VPC: the jump to its chains, and the rule at their end. */
export function* translation({eks, state, flow, symptom}: Case): Generator<Remedy> {
  if (symptom.way !== 'request') return
  for (const ruleset of state.iptables) {
    const chains = ruleset.family === flow.family ? readSnatChains(ruleset) : null
    if (chains === null) continue
    const tool = toolOf(state, ruleset)
    if (chains.jump === null && chains.snat !== null) {
      const rule = 'POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0'
      yield {
        stage: 'nat/POSTROUTING',
        text: "nothing leads to AWS-SNAT-CHAIN-0, the CNI's translation",
        missing: [`-A ${rule}`],
        taken: null,
        repair: [`${tool} -t nat -A ${rule}`],
      }
    }
    const last = chains.chains.at(-1)
    const address = eks.address?.value
    if (chains.jump !== null && chains.snat === null && last !== undefined && typeof address === 'number') {
      const rule = snatRule(last.name, address)
      yield {
        stage: 'nat/POSTROUTING',
        text: `${last.name}, where the CNI's chains end, has no rule that translates`,
        missing: [`-A ${rule}`],
        taken: null,
        repair: [`${tool} -t nat -A ${rule}`],
      }
    }
  }
}
