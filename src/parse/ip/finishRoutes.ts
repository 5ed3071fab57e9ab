import type {NextHop, Route} from '../../model/index.js'
import {defaultPrefix, type Family} from '../../net/index.js'
import type {Notes} from './notes.js'
import {emptyHop, type HopDraft, isDeadEnd, likelyFamily, ownFamily, type RouteDraft} from './routeDraft.js'

/** Decides the family of each `default`, and what iproute2 leaves out. @param family of the listing, where its command says so */
export function finishRoutes(drafts: readonly RouteDraft[], family: Family | undefined, notes: Notes): Route[] {
  const own = drafts.map(draft => ownFamily(draft) ?? family ?? likelyFamily(draft))
  const before = fillForward(own)
  const after = fillForward(own.toReversed()).reverse()
  return drafts.map((draft, i) =>
    finishRoute(draft, own[i] ?? familyBetween(before[i] ?? null, after[i] ?? null, draft, notes), notes),
  )
}

/** Each unknown family becomes that of the nearest known one before it. */
function fillForward(families: readonly (Family | null)[]): (Family | null)[] {
  let last: Family | null = null
  return families.map(family => (last = family ?? last))
}

/** `table all` lists IPv4, then IPv6: a route between two of one family is of that family. */
function familyBetween(before: Family | null, after: Family | null, draft: RouteDraft, notes: Notes): Family {
  if (before === null || after === null || before === after) return before ?? after ?? 4
  notes.add(
    'AMBIGUOUS_TEXT',
    'warning',
    'A default route without an address: IPv4 or IPv6 cannot be told. Taken as IPv6.',
    draft.source.line,
  )
  return 6
}

function finishRoute(draft: RouteDraft, family: Family, notes: Notes): Route {
  const {hop, hops, ...rest} = draft
  const attributes = new Map(draft.attributes)
  if (isDeadEnd(draft) && hop?.interface != null) attributes.set('dev', hop.interface)
  return {
    ...rest,
    family,
    destination: draft.destination ?? defaultPrefix(family),
    metric: draft.metric ?? (family === 6 ? 1024 : 0),
    nextHops: isDeadEnd(draft) ? [] : nextHops(hop, hops, draft, notes),
    attributes,
  }
}

function nextHops(hop: HopDraft | null, hops: readonly HopDraft[], draft: RouteDraft, notes: Notes): NextHop[] {
  if (hops.length > 0) return hops.map(nextHop)
  if (hop !== null) return [nextHop(hop)]
  notes.add(
    'LOSSY_TOOL',
    'warning',
    'A route without a next hop: the tool did not print it (busybox and multipath, or a nexthop object). Where it leads is unknown.',
    draft.source.line,
  )
  return [nextHop(emptyHop())]
}

function nextHop({otherFamily: _, ...hop}: HopDraft): NextHop {
  return hop
}
