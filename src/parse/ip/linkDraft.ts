import type {InterfaceAddress, Link} from '../../model/index.js'
import type {Draft} from './draft.js'

export type LinkDraft = Draft<Omit<Link, 'flags' | 'alternativeNames'>> & {
  flags: Set<string>
  alternativeNames: string[]
}

/** What `ip link` and `ip addr` tell. */
export interface Interfaces {
  readonly links: Link[]
  readonly addresses: InterfaceAddress[]
}

/** @param name with or without `@parent` */
export function emptyLink(name: string, document: string, line: number, text: string): LinkDraft {
  const at = name.indexOf('@')
  const parent = at < 0 ? null : name.slice(at + 1)
  return {
    name: at < 0 ? name : name.slice(0, at),
    index: null,
    flags: new Set(),
    mtu: null,
    mac: null,
    parent: parent === 'NONE' ? null : parent, // sit0@NONE: a tunnel bound to no device
    master: null,
    kind: null,
    vlanId: null,
    peerNamespace: null,
    group: 'default',
    alternativeNames: [],
    source: {document, line},
    text,
  }
}
