import type {Family} from '../../net/index.js'

/** IPTOS_RT_MASK: what of the TOS byte routes of IPv4 compare. */
export const TOS_ROUTING_MASK = 0x1c
/** IPv6 rules compare the whole DSCP field. */
const DSCP_MASK = 0xfc

/** What of the TOS byte `ip rule … tos` compares. A tos outside of it can be written and never matches. */
export function routedTos({family, tos}: {readonly family: Family; readonly tos: number}): number {
  return tos & (family === 4 ? TOS_ROUTING_MASK : DSCP_MASK)
}
