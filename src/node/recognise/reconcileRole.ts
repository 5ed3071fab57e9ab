import type {Role, RoleKind} from './role.js'

export interface ReconciledRole {
  readonly role: Role
  /** What the name says and the content denies; null where they agree. */
  readonly contradicted: Role | null
}

/** Documents that show nothing of their kind, or look like others. */
const BY_NAME_ALONE: ReadonlySet<RoleKind> = new Set<RoleKind>([
  'unread',
  'hostname',
  'instance',
  'card-counters',
  'conntrack-counters',
  'version',
  'rt-tables',
  'nft',
  'ipset',
  'ipvs',
  'ipamd',
  'legacy-tables',
])

/** What a document is, by its name or command and by its content: the content is what the parser gets. */
export function reconcileRole(named: Role | null, shown: Role | null): ReconciledRole | null {
  if (named === null || shown === null) {
    const role = named ?? shown
    return role === null ? null : {role, contradicted: null}
  }
  if (named.kind === shown.kind) {
    // what is in the text is seen there; what is not (table, backend, family of an empty chain) the name tells
    const role = named.kind === 'iptables' && shown.kind === 'iptables' ? {...named, form: shown.form} : named
    return {role, contradicted: null}
  }
  if (BY_NAME_ALONE.has(named.kind)) return {role: named, contradicted: null}
  const sameTool =
    (named.kind === 'links' || named.kind === 'addresses') && (shown.kind === 'links' || shown.kind === 'addresses')
  return {role: shown, contradicted: sameTool ? null : named}
}
