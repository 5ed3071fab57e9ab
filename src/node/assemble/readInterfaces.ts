import type {InterfaceAddress, Link} from '../../model/index.js'
import {type Interfaces, parseIfconfig, parseIfInet6, parseIpAddr, parseIpLink} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument, textFirst} from '../nodeDocument.js'

export interface FoundInterfaces {
  readonly links: readonly Link[] | null
  readonly addresses: readonly InterfaceAddress[] | null
}

/** Links and addresses of one network namespace. */
export function readInterfaces(
  documents: readonly NodeDocument[],
  sink: DiagnosticSink,
  namespace: string | null = null,
): FoundInterfaces {
  const listings = textFirst(documentsOf(documents, 'addresses', namespace))
  const ofIp = listings.filter(({role}) => role.tool === 'ip').map(({source}) => sink.take(parseIpAddr(source)))
  const details = textFirst(documentsOf(documents, 'links', namespace)).map(({source}) =>
    sink.take(parseIpLink(source)),
  )
  const best = ofIp.filter(hasAny).sort((a, b) => detail(b) - detail(a))[0] ?? null
  const linkLists = [...details, ...ofIp.map(({links}) => links)].filter(list => list.length > 0)
  if (best !== null) return {links: mergeLinks(linkLists), addresses: best.addresses}

  const ifconfig = listings.find(({role}) => role.tool === 'ifconfig')
  const found = ifconfig === undefined ? null : sink.take(parseIfconfig(ifconfig.source))
  const inet6 = listings.find(({role}) => role.tool === '/proc/net/if_inet6')
  const extra = inet6 === undefined ? [] : sink.take(parseIfInet6(inet6.source))
  const lists = found === null ? linkLists : [...linkLists, found.links]
  if (found !== null && ifconfig !== undefined) {
    const cost = 'It shows only interfaces that are up, and of each one address without a label.'
    sink.add('LOSSY_TOOL', 'info', `Addresses are read from ifconfig. ${cost}`, ifconfig.source.name)
  }
  return {
    links: lists.length === 0 ? null : mergeLinks(lists),
    addresses: found === null ? null : [...found.addresses, ...extra],
  }
}

function hasAny({links, addresses}: Interfaces): boolean {
  return links.length > 0 || addresses.length > 0
}

/** `ip -o addr` names links without their flags; `ip -d addr` tells their kind as well. */
function detail({links}: Interfaces): number {
  return links.reduce((sum, link) => sum + (link.flags.size > 0 ? 2 : 0) + (link.kind === null ? 0 : 1), 0)
}

/** The same link may stand in several listings: the first that has it counts, and the others fill its gaps. */
function mergeLinks(lists: readonly (readonly Link[])[]): Link[] {
  const merged = new Map<string, Link>()
  for (const list of lists) {
    for (const link of list) {
      const known = merged.get(link.name)
      merged.set(link.name, known === undefined ? link : fillGaps(known, link))
    }
  }
  return [...merged.values()]
}

function fillGaps(link: Link, other: Link): Link {
  return {
    ...link,
    index: link.index ?? other.index,
    flags: link.flags.size > 0 ? link.flags : other.flags,
    mtu: link.mtu ?? other.mtu,
    mac: link.mac ?? other.mac,
    parent: link.parent ?? other.parent,
    master: link.master ?? other.master,
    kind: link.kind ?? other.kind,
    vlanId: link.vlanId ?? other.vlanId,
    peerNamespace: link.peerNamespace ?? other.peerNamespace,
  }
}
