/** What the comment of a rule says of a service. */
export interface ServiceComment {
  /** `namespace/name:port`, without a trailing colon. */
  readonly fullName: string
  readonly namespace: string
  readonly name: string
  readonly port: string | null
  /** What follows the name: `cluster IP`, `has no endpoints`; '' for none. */
  readonly rest: string
}

// namespace/name[:port] and words; early versions write the colon even where the port has no name
const NAME =
  /^([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\/([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)(?::([a-z0-9][-a-z0-9]*)?)?(?: (.*))?$/

/** Null for comments that do not begin with the name of a service. */
export function parseServiceComment(comment: string): ServiceComment | null {
  const [match, namespace, name, port, rest = ''] = NAME.exec(comment) ?? []
  if (match === undefined || namespace === undefined || name === undefined) return null
  const fullName = port === undefined ? `${namespace}/${name}` : `${namespace}/${name}:${port}`
  return {fullName, namespace, name, port: port ?? null, rest}
}
