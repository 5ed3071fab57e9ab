import type {NodeState, SourceRef} from '../model/index.js'
import type {EditCommand, Edited} from './command.js'
import {editConntrack} from './editConntrack.js'
import {editIpset} from './editIpset.js'
import {editSysctl} from './editSysctl.js'
import {editIp} from './ip/editIp.js'
import {editIptables} from './iptables/editIptables.js'
import {editNft} from './nft/editNft.js'
import {splitEdits} from './splitEdits.js'

/** An edit as it was given, and what it did to the state. */
export interface AppliedEdit {
  /** How the lines are cited that it brought in. */
  readonly source: SourceRef
  readonly text: string
  readonly effect: string
}

export interface EditedNode {
  readonly state: NodeState
  readonly edits: readonly AppliedEdit[]
}

/**
 * A node as it would be after some commands, in their order: `ip rule`, `ip route`, `ip link`, `ip addr`, `iptables` and its kin, `nft`, `sysctl`,
 * `ipset`, `conntrack`, each in its own syntax. Nothing is run; the state given stays as it is. What the kernel would refuse is refused.
 * @param texts each may hold several edits, separated by `;`
 * @throws EditError
 */
export function applyEdits(state: NodeState, texts: readonly string[]): EditedNode {
  const edits: AppliedEdit[] = []
  let edited = state
  for (const command of splitEdits(texts)) {
    const result = applyEdit(edited, command)
    edited = result.state
    edits.push({source: command.source, text: command.text, effect: result.effect})
  }
  return {state: edited, edits}
}

const IPTABLES = /^(ip6?tables)(?:-(legacy|nft))?$/

function applyEdit(state: NodeState, command: EditCommand): Edited {
  command.skip('sudo')
  const word = command.need('a command')
  const name = word.slice(word.lastIndexOf('/') + 1)
  const iptables = IPTABLES.exec(name)
  if (iptables !== null) {
    const family = iptables[1] === 'iptables' ? 4 : 6
    return editIptables(state, command, family, (iptables[2] as 'legacy' | 'nft' | undefined) ?? null)
  }
  switch (name) {
    case 'ip':
      return editIp(state, command)
    case 'nft':
      return editNft(state, command)
    case 'sysctl':
      return editSysctl(state, command, null)
    case 'ipset':
      return editIpset(state, command)
    case 'conntrack':
      return editConntrack(state, command)
    default:
      if (/^[\w/.-]+=/.test(word)) return editSysctl(state, command, word)
      return command.fail('ip, iptables, ip6tables, nft, sysctl, ipset, conntrack or KEY=VALUE')
  }
}
