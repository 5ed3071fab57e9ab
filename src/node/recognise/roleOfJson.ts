import type {Role} from './role.js'

const HEAD = 65_536

/** Keys that only one kind of document has, the most telling first. */
const SIGNS: readonly (readonly [RegExp, Role])[] = [
  [/"(ENIIPPools|ENIs|AvailableIPv4Cidrs)"\s*:/, {kind: 'ipamd', part: 'enis'}],
  [/"vpc-cni-ipam\//, {kind: 'ipamd', part: 'checkpoint'}],
  [/"(AvailableCommands|DeviceNumber)"\s*:/, {kind: 'ipamd', part: 'pods'}],
  [/"(AWS_VPC_|WARM_|ENABLE_)[A-Z0-9_]*"\s*:/, {kind: 'ipamd', part: 'environment'}],
  [/"nftables"\s*:/, {kind: 'nft'}],
  [/"priority"\s*:.*"table"\s*:|"priority"\s*:[^}]*"src"\s*:/s, {kind: 'rules', family: 4}],
  [/"addr_info"\s*:/, {kind: 'addresses', tool: 'ip'}],
  [/"ifname"\s*:/, {kind: 'links'}],
  [/"dst"\s*:[^}]*"(lladdr|state)"\s*:/, {kind: 'neighbours'}],
  [/"dst"\s*:[^}]*"(gateway|dev|nexthops|protocol)"\s*:/, {kind: 'routes', family: null, table: null}],
]

/** What a JSON document is, without reading it whole: tools print the telling keys in their first record. */
export function roleOfJson(text: string): Role | null {
  const head = text.slice(0, HEAD)
  const role = SIGNS.find(([sign]) => sign.test(head))?.[1] ?? null
  if (role?.kind === 'rules' && /"(src|dst)"\s*:\s*"[\da-f]*:/.test(head)) return {kind: 'rules', family: 6}
  return role
}
