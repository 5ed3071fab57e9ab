/** Our own table, which shows a packet at the ends of each hook; its events are told from the node's own by this name. */
export const OBSERVER = 'ekspath_lab'

/** Idents (IPv4 identification, IPv6 flow label) from here on stand for a mark that a wire packet is to carry. */
export const FIRST_MARKED_IDENT = 1000

export type Sighting =
  | 'ingress_begin'
  | 'prerouting_begin'
  | 'prerouting_end'
  | 'input_begin'
  | 'input_end'
  | 'forward_begin'
  | 'forward_end'
  | 'output_begin'
  | 'output_mangled'
  | 'output_natted'
  | 'output_end'
  | 'postrouting_begin'
  | 'postrouting_end'

/**
 * nft text of the table, and of its like at devices, for nodes that have chains there: those see a packet before any hook of IP does. It has no conntrack expression, so it does not switch connection tracking on.
 * -450 is before defragmentation and raw; -149 and -99 in OUTPUT stand behind mangle and nat, where the kernel reroutes.
 * @param marks to give to wire packets with ident FIRST_MARKED_IDENT + index
 * @param devices whose chains at ingress are to be seen
 */
export function observerTable(marks: readonly number[], devices: readonly string[]): string {
  const elements = marks.map((mark, i) => `${FIRST_MARKED_IDENT + i} : ${mark}`).join(', ')
  const marking =
    marks.length === 0
      ? ''
      : `meta mark set ip id map { ${elements} }; meta mark set ip6 flowlabel map { ${elements} };`
  const chain = (name: Sighting, hook: string, priority: number, rules = ''): string =>
    `chain ${name} { type filter hook ${hook} priority ${priority}; policy accept; ${rules} }`
  return [
    `table inet ${OBSERVER} {`,
    chain('prerouting_begin', 'prerouting', -450, `meta nftrace set 1; ${devices.length === 0 ? marking : ''}`),
    chain('prerouting_end', 'prerouting', 1000),
    chain('input_begin', 'input', -1000),
    chain('input_end', 'input', 1000),
    chain('forward_begin', 'forward', -1000),
    chain('forward_end', 'forward', 1000),
    chain('output_begin', 'output', -450, 'meta nftrace set 1;'),
    chain('output_mangled', 'output', -149),
    chain('output_natted', 'output', -99),
    chain('output_end', 'output', 1000),
    chain('postrouting_begin', 'postrouting', -1000),
    chain('postrouting_end', 'postrouting', 1000),
    '}',
    ...(devices.length === 0 ? [] : atDevices(devices, marking)),
    '',
  ].join('\n')
}

function atDevices(devices: readonly string[], marking: string): string[] {
  const names = [...new Set(['lo', ...devices])].map(name => `"${name}"`).join(', ')
  return [
    `table netdev ${OBSERVER} {`,
    `chain ingress_begin {`,
    `type filter hook ingress devices = { ${names} } priority -1000; policy accept;`,
    `meta protocol { ip, ip6 } meta nftrace set 1; iif lo accept; ${marking}`,
    '}',
    '}',
  ]
}
