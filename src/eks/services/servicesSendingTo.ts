import type {Chain, IptablesRuleset} from '../../model/index.js'
import {type Address, parseAddress} from '../../net/index.js'
import type {EksNode} from '../eksNode.js'
import type {ServicePort} from './servicePort.js'

/** `--to-destination 10.0.3.17:53`, and in a listing `to:10.0.3.17:53`. */
const TRANSLATION = /(?:--to-destination |\bto:)\[?([\d.]+|[\da-f:]+?)\]?(?=[\s:\]]|$)/

/**
 * The services that may send connections to one of some addresses. Of a save with tens of thousands of endpoints only the lines are looked at; who is
 * named must be asked for its endpoints, and who is not has none of them.
 */
export function servicesSendingTo({services, state}: EksNode, addresses: ReadonlySet<Address>): ServicePort[] {
  const suspects = new Map(state.iptables.map(ruleset => [ruleset, endpointChains(ruleset, addresses)]))
  return services.all.filter(({rules, hash}) => {
    if (rules.kind !== 'iptables') return true
    const chains = suspects.get(rules.ruleset)
    if (chains === undefined || chains.size === 0 || hash === null) return chains === undefined
    const chain = rules.ruleset.tables.get('nat')?.chains.get(`KUBE-SVC-${hash}`)
    return chain !== undefined && leadsTo(chain, chains)
  })
}

/** The names of chains that translate to one of the addresses. */
function endpointChains({tables}: IptablesRuleset, addresses: ReadonlySet<Address>): Set<string> {
  const found = new Set<string>()
  for (const chain of tables.get('nat')?.chains.values() ?? []) {
    if (!chain.name.startsWith('KUBE-SEP-')) continue
    for (const line of linesOf(chain)) {
      const text = TRANSLATION.exec(line)?.[1]
      const address = text === undefined ? null : parseAddress(text)
      if (address !== null && addresses.has(address)) found.add(chain.name)
    }
  }
  return found
}

function leadsTo(chain: Chain, names: ReadonlySet<string>): boolean {
  for (const line of linesOf(chain)) {
    for (const [name] of line.matchAll(/KUBE-SEP-[A-Z2-7]{16}/g)) if (names.has(name)) return true
  }
  return false
}

function* linesOf(chain: Chain): Iterable<string> {
  if (chain.lines !== undefined) yield* chain.lines()
  else for (const {text} of chain.rules) yield text
}
