import {applyEdits, EditError} from '../edit/index.js'
import {Evaluator, FlowError} from '../evaluate/index.js'
import type {Flow, JsonExplanation, JsonFate, JsonOutcome, JsonProof, NodeState} from '../model/index.js'
import {formatAddress} from '../net/index.js'

/** With more commands than this, only those that name an address of the flow are tried on it. */
const MOST_EDITS = 20

/** What becomes of a flow as the node is, and as it would be after the repair, where that can be simulated. */
export function prove(state: NodeState, flow: Flow, now: JsonExplanation, repair: readonly string[]): JsonProof {
  const repaired = explainRepaired(state, flow, repair)
  return {now: now.outcomes.map(fateOf), repaired: repaired && repaired.outcomes.map(fateOf)}
}

/** Null: a command is not one whose effect on the state is known (kubectl, systemctl), or it does not apply. */
function explainRepaired(state: NodeState, flow: Flow, repair: readonly string[]): JsonExplanation | null {
  const addresses = [flow.source, flow.destination].flatMap(address => (address === null ? [] : formatAddress(address)))
  const names = (command: string): boolean => addresses.some(address => command.split(' ').includes(address))
  const edits = repair.length > MOST_EDITS ? repair.filter(names) : repair
  if (edits.length === 0) return null
  try {
    return new Evaluator(applyEdits(state, edits).state).explain(flow).explanation
  } catch (error) {
    if (error instanceof EditError || error instanceof FlowError) return null
    throw error
  }
}

function fateOf({disposition, reason, packet, egress, reply}: JsonOutcome): JsonFate {
  return {
    disposition,
    reason,
    src: packet.src,
    dst: packet.dst,
    interface: egress?.interface ?? null,
    reply: reply == null ? null : {disposition: reply.disposition, interface: reply.egress?.interface ?? null},
  }
}
