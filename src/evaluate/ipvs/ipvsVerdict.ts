import type {Reason} from '../../model/index.js'
import type {Verdict} from '../walk/walk.js'

/** What IPVS does with a packet at a hook. */
export type IpvsVerdict =
  | {readonly kind: 'accept'}
  /** Taken out of the hook: it goes on as if the node had made it, from the beginning of OUTPUT. */
  | {readonly kind: 'sent'}
  | {readonly kind: 'ended'; readonly verdict: Verdict}

export const PASS: IpvsVerdict = {kind: 'accept'}
export const SENT: IpvsVerdict = {kind: 'sent'}

export function ended(disposition: Verdict['disposition'], reason: Reason): IpvsVerdict {
  return {kind: 'ended', verdict: {disposition, reason}}
}
