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

/** Field by field: a spread costs ten times as much, and there may be ten thousand routes. */
function finishRoute(draft: RouteDraft, family: Family, notes: Notes): Route {
  const {hop, attributes} = draft
  if (isDeadEnd(draft) && hop?.interface != null) attributes.set('dev', hop.interface)
  return {
    family,
    table: draft.table,
    type: draft.type,
    destination: draft.destination ?? defaultPrefix(family),
    from: draft.from,
    tos: draft.tos,
    metric: draft.metric ?? (family === 6 ? 1024 : 0),
    protocol: draft.protocol,
    scope: draft.scope,
    preferredSource: draft.preferredSource,
    nextHops: isDeadEnd(draft) ? [] : nextHops(draft, notes),
    nextHopId: draft.nextHopId,
    attributes,
    unknown: draft.unknown,
    source: draft.source,
    text: draft.text,
  }
}

function nextHops({hop, hops, source}: RouteDraft, notes: Notes): NextHop[] {
  if (hops.length > 0) return hops.map(nextHop)
  if (hop !== null) return [nextHop(hop)]
  notes.add(
    'LOSSY_TOOL',
    'warning',
    'A route without a next hop: the tool did not print it (busybox and multipath, or a nexthop object). Where it leads is unknown.',
    source.line,
  )
  return [nextHop(emptyHop())]
}

function nextHop({gateway, interface: device, weight, onlink, linkdown, dead, encap}: HopDraft): NextHop {
  return {gateway, interface: device, weight, onlink, linkdown, dead, encap}
}
