import {toolOf} from '../../../eks/index.js'
import {connmarkOf, primaryInterface} from '../../../audit/index.js'
import {type Chain, type IptablesRuleset, TABLE_MAIN} from '../../../model/index.js'
import {formatMark} from '../../../net/index.js'
import type {Case, Remedy} from '../case.js'

/**
 * The marks by which the CNI (≥ 1.2) sends what came in by the primary ENI back there, and (≥ 1.8) what pods send to the Internet: a rule that
 * sets, one that restores, a policy rule that routes.
 */
export function* marks(c: Case): Generator<Remedy> {
  if (c.flow.family !== 4) return
  const mark = connmarkOf(c.state)
  for (const ruleset of c.state.iptables) {
    if (ruleset.family !== 4) continue
    yield* mangleRules(c, ruleset, mark)
    yield* natRules(c, ruleset, mark)
  }
  yield* policyRule(c, mark)
}

const COMMENT = '-m comment --comment "AWS, primary ENI"'

function* mangleRules({eks, state}: Case, ruleset: IptablesRuleset, mark: number): Generator<Remedy> {
  const chain = ruleset.tables.get('mangle')?.chains.get('PREROUTING')
  if (chain === undefined || !leftTraces(ruleset)) return
  const bit = formatMark(mark)
  const tool = toolOf(state, ruleset)
  const primary = primaryInterface(eks)
  if (primary !== null && !has(chain, 'connmark-set', mark)) {
    const rule = `PREROUTING -i ${primary} ${COMMENT} -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark ${bit}/${bit}`
    yield remedy(
      'mangle/PREROUTING',
      `nothing sets the mark ${bit} on connections that come in by ${primary}`,
      `-A ${rule}`,
      [`${tool} -t mangle -A ${rule}`],
    )
  }
  if (!has(chain, 'connmark-restore', mark)) {
    const rule = `PREROUTING -i eni+ ${COMMENT} -j CONNMARK --restore-mark --nfmask ${bit} --ctmask ${bit}`
    yield remedy('mangle/PREROUTING', `nothing restores the mark ${bit} on what pods send`, `-A ${rule}`, [
      `${tool} -t mangle -A ${rule}`,
    ])
  }
}

/** AWS-CONNMARK-CHAIN-0 marks what pods send outside the VPC; behind it the mark is restored on the packet. */
function* natRules({state}: Case, ruleset: IptablesRuleset, mark: number): Generator<Remedy> {
  const nat = ruleset.tables.get('nat')
  const chain = nat?.chains.get('PREROUTING')
  if (nat === undefined || chain === undefined || (nat.chains.get('AWS-CONNMARK-CHAIN-0')?.ruleCount ?? 0) === 0) return
  const bit = formatMark(mark)
  const tool = toolOf(state, ruleset)
  const jumps = chain.rules.find(({target}) => target.kind === 'jump' && target.chain === 'AWS-CONNMARK-CHAIN-0')
  const restores = chain.rules.find(({target}) => target.kind === 'connmark-restore')
  const jump = '-i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0'
  const restore = `-m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask ${bit} --ctmask ${bit}`
  if (jumps === undefined) {
    // the mark is restored behind the chain that sets it
    const place = restores === undefined ? '-A PREROUTING' : `-I PREROUTING ${restores.number}`
    yield remedy(
      'nat/PREROUTING',
      'nothing leads what pods send to AWS-CONNMARK-CHAIN-0, which marks connections to the Internet',
      `-A PREROUTING ${jump}`,
      [`${tool} -t nat ${place} ${jump}`],
    )
  }
  if (restores === undefined) {
    yield remedy(
      'nat/PREROUTING',
      `nothing restores the mark ${bit} on the first packet of a connection to the Internet`,
      `-A PREROUTING ${restore}`,
      [`${tool} -t nat -A PREROUTING ${restore}`],
    )
  }
}

function* policyRule({state}: Case, mark: number): Generator<Remedy> {
  const {rules} = state.routing[4]
  if (rules === null || !state.iptables.some(leftTraces)) return
  const there = rules.some(
    ({fwmark, action}) =>
      fwmark !== null && (fwmark.value & mark) !== 0 && action.kind === 'lookup' && action.table === TABLE_MAIN,
  )
  if (there) return
  const bit = formatMark(mark)
  yield remedy(
    'routing',
    `no rule routes what bears the mark ${bit} by main`,
    `1024: from all fwmark ${bit}/${bit} lookup main`,
    [`ip rule add fwmark ${bit}/${bit} lookup main priority 1024`],
  )
}

function remedy(stage: string, text: string, missing: string, repair: readonly string[]): Remedy {
  return {stage, text, missing: [missing], taken: null, repair}
}

function has({rules}: Chain, kind: 'connmark-set' | 'connmark-restore', mark: number): boolean {
  return rules.some(({target}) =>
    target.kind === 'connmark-set'
      ? kind === 'connmark-set' && (target.set.value & mark) !== 0
      : target.kind === 'connmark-restore' && kind === 'connmark-restore' && (target.ctMask & mark) !== 0,
  )
}

/** The CNI's rules are in iptables of this kind: its chains or its comments. */
function leftTraces(ruleset: IptablesRuleset): boolean {
  const nat = ruleset.tables.get('nat')?.chains
  const mangle = ruleset.tables.get('mangle')?.chains.get('PREROUTING')?.rules ?? []
  const post = nat?.get('POSTROUTING')?.rules ?? []
  return (
    nat?.has('AWS-SNAT-CHAIN-0') === true ||
    mangle.some(({comment}) => comment === 'AWS, primary ENI') ||
    post.some(({comment}) => comment === 'AWS, SNAT')
  )
}
