import type {Walk} from '../walk/walk.js'
import type {IpvsHook} from './ipvsHook.js'
import {type IpvsVerdict, PASS} from './ipvsVerdict.js'
import {runReply} from './reply.js'
import {runRequest} from './request.js'

/** ip_vs_in and ip_vs_out. What was through them once is not looked at again (skb->ipvs_property). */
export function runIpvs(walk: Walk, base: IpvsHook): IpvsVerdict {
  if (walk.packet.ipvs) return PASS
  switch (base.ipvs) {
    case 'request':
      return runRequest(walk, base)
    case 'reply':
      return runReply(walk, base)
    case 'icmp': // errors about what clients sent; those about what real servers get come by as answers
      return PASS
  }
}
