import {TCP, UDP} from '../../net/index.js'
import type {Walk} from '../walk/walk.js'

/** IPPROTO_GRE, whose connections newer kernels offload where they are not translated. */
const GRE = 47

/** Flags of TCP. */
const FIN_OR_RST = 0x05

/**
 * Does `flow add @…` take the packet's connection (nft_flow_offload_eval)? Where it does not, the rule ends. The first packet never is the one: its
 * connection is not confirmed before it has left the node, or has been delivered.
 */
export function entersFlowTable(walk: Walk, text: string): boolean {
  const {packet} = walk
  const {connection, protocol, tcpFlags} = packet
  if (connection === null || !connection.confirmed) return false
  if (protocol === UDP) return true
  if (protocol === TCP)
    return (
      (tcpFlags & FIN_OR_RST) === 0 &&
      (connection.assured ||
        walk.decide(
          'kernel flow tcp',
          `the kernel is older than 5.18: \`${text}\` takes TCP connections before both ends have confirmed them`,
        ))
    )
  return (
    protocol === GRE &&
    !connection.sourceNat &&
    !connection.destinationNat &&
    walk.decide('kernel flow gre', `the kernel's flow tables know GRE (\`${text}\`)`)
  )
}
