import {orderHooks, type HookPlace} from '../../../src/evaluate/index.js'
import {saveOf, tinyNode} from '../../support/tinyNode.js'

/** `4 PREROUTING 1 connection tracking`, `4 FORWARD 2 filter of iptables-legacy`, `… open` where it shares its place. */
function line({family, hook, position, open, chain, virtualServices}: HookPlace): string {
  const name =
    'kernel' in chain
      ? `${chain.kernel}: ${chain.what} (${chain.type} ${chain.priority ?? 'no priority'} ${chain.hook})`
      : `${chain.table} of ${chain.backend}${'nftChain' in chain ? ` ${chain.nftChain.name}` : ''}`
  const served = virtualServices === null ? '' : ` ${virtualServices.source.document}`
  return `${family} ${hook} ${position ?? '-'} ${name}${open === null ? '' : ' open'}${served}`
}

const TABLE = (name: string, ...chains: string[]): string => `table ${name} {\n${chains.join('')}}\n`
const chain = (name: string, base: string, ...rules: string[]): string =>
  `\tchain ${name} {\n\t\ttype ${base}; policy accept;\n${rules.map(rule => `\t\t${rule}\n`).join('')}\t}\n`
const nft = (...tables: string[]): string[] =>
  orderHooks(
    tinyNode({}, {'nft-ruleset.txt': tables.join(''), 'iptables-save.txt': null, 'ip6tables-save.txt': null}),
  ).map(line)

const DEFRAG = 'defragmentation: puts fragments together (filter -400'
const TRACK = 'connection tracking: finds the connection or begins one (filter -200'
const CONFIRM = 'connection tracking: confirms the connection (filter 2147483647'
const INWARD =
  'routing decision: policy rules and routes: to this node (INPUT), or onward (FORWARD, POSTROUTING) (filter no priority'
const OWN =
  'routing decision: policy rules and routes of what the node sends, and its source address (filter no priority'

describe('the order of hooks', () => {
  it('has the tables of iptables, connection tracking and routing in the order in which a packet meets them', () => {
    const node = tinyNode({
      raw: '-A PREROUTING -j CT --notrack',
      mangle: '-A FORWARD -j MARK --set-mark 1',
      nat: '-A POSTROUTING -j MASQUERADE',
      filter: '-A INPUT -j ACCEPT',
    })
    expect(
      orderHooks(node)
        .map(line)
        .filter(text => text.startsWith('4')),
    ).toEqual([
      `4 PREROUTING 1 ${DEFRAG} PREROUTING)`,
      '4 PREROUTING 2 raw of iptables-legacy',
      `4 PREROUTING 3 ${TRACK} PREROUTING)`,
      '4 PREROUTING 4 mangle of iptables-legacy',
      '4 PREROUTING 5 nat of iptables-legacy',
      `4 PREROUTING - ${INWARD} PREROUTING)`,
      '4 INPUT 1 mangle of iptables-legacy',
      '4 INPUT 2 filter of iptables-legacy',
      '4 INPUT 3 nat of iptables-legacy',
      `4 INPUT 4 ${CONFIRM} INPUT)`,
      '4 FORWARD 1 mangle of iptables-legacy',
      '4 FORWARD 2 filter of iptables-legacy',
      `4 OUTPUT - ${OWN} OUTPUT)`,
      `4 OUTPUT 1 ${DEFRAG} OUTPUT)`,
      '4 OUTPUT 2 raw of iptables-legacy',
      `4 OUTPUT 3 ${TRACK} OUTPUT)`,
      '4 OUTPUT 4 mangle of iptables-legacy',
      '4 OUTPUT 5 nat of iptables-legacy',
      '4 OUTPUT 6 filter of iptables-legacy',
      '4 POSTROUTING 1 mangle of iptables-legacy',
      '4 POSTROUTING 2 nat of iptables-legacy',
      `4 POSTROUTING 3 ${CONFIRM} POSTROUTING)`,
    ])
  })

  it('leaves out connection tracking while nothing asks for it, and all of a family without rules', () => {
    expect(nft(TABLE('ip t', chain('c', 'filter hook prerouting priority 0', 'meta mark set 0x1')))).toEqual([
      '4 PREROUTING 1 t of nft c',
      `4 PREROUTING - ${INWARD} PREROUTING)`,
    ])
  })

  it('shows chains of both families in each', () => {
    expect(nft(TABLE('inet t', chain('c', 'filter hook forward priority 0', 'counter')))).toEqual([
      '4 FORWARD 1 t of nft c',
      '6 FORWARD 1 t of nft c',
    ])
    expect(nft(TABLE('ip6 t', chain('c', 'filter hook input priority 0', 'counter')))).toEqual(['6 INPUT 1 t of nft c'])
  })

  it('shows chains of devices, and those that decide nothing', () => {
    const table = TABLE(
      'netdev t',
      chain('out', 'filter hook egress device "eth0" priority 5'),
      chain('late', 'filter hook ingress device "eth0" priority 5'),
      chain('early', 'filter hook ingress device "eth1" priority -5'),
    )
    expect(nft(table).filter(text => text.startsWith('4'))).toEqual([
      '4 INGRESS 1 t of nft early',
      '4 INGRESS 2 t of nft late',
      '4 EGRESS 1 t of nft out',
    ])
  })

  it('leaves out chains whose place is not known', () => {
    expect(
      nft(TABLE('ip t', '\tchain c {\n\t\ttype filter hook forward priority somewhere; policy accept;\n\t}\n')),
    ).toEqual([])
  })

  it('the last of one table that is made at a priority runs first', () => {
    const table = TABLE(
      'ip t',
      chain('first', 'filter hook forward priority 0'),
      chain('other', 'filter hook forward priority -1'),
      chain('last', 'filter hook forward priority 0'),
    )
    expect(nft(table)).toEqual([
      '4 FORWARD 1 t of nft other',
      '4 FORWARD 2 t of nft last',
      '4 FORWARD 3 t of nft first',
    ])
  })

  it('of chains of several tables at one priority none is first, and what follows counts from them', () => {
    const of = (name: string, priority: number): string =>
      TABLE(`ip ${name}`, chain(name, `filter hook forward priority ${priority}`))
    expect(nft(of('a', 0), of('b', 0), of('c', 1))).toEqual([
      '4 FORWARD 1 a of nft a open',
      '4 FORWARD 1 b of nft b open',
      '4 FORWARD 3 c of nft c',
    ])
  })

  describe('nat chains run together, where NAT hooks in', () => {
    const NAT = (name: string, priority: number): string =>
      chain(name, `nat hook prerouting priority ${priority}`, 'masquerade')
    const FILTER = (name: string, priority: number): string =>
      chain(name, `filter hook prerouting priority ${priority}`)
    const inside = (...tables: string[]): string[] => nft(...tables).filter(text => / of nft /.test(text))

    it('… among themselves by their own priorities', () => {
      expect(
        inside(TABLE('ip t', NAT('late', 7), FILTER('behind', -99), FILTER('ahead', -101), NAT('early', -300))),
      ).toEqual([
        '4 PREROUTING 3 t of nft ahead',
        '4 PREROUTING 4 t of nft early',
        '4 PREROUTING 5 t of nft late',
        '4 PREROUTING 6 t of nft behind',
      ])
    })

    it('… a chain of that very priority of the same table runs before those made earlier, and behind those made later', () => {
      expect(inside(TABLE('ip t', NAT('nat', 0), FILTER('made later', -100).replace('made later', 'later')))).toEqual([
        '4 PREROUTING 3 t of nft later',
        '4 PREROUTING 4 t of nft nat',
      ])
      expect(inside(TABLE('ip t', FILTER('earlier', -100), NAT('nat', 0), NAT('nat2', -3)))).toEqual([
        '4 PREROUTING 3 t of nft nat2',
        '4 PREROUTING 4 t of nft nat',
        '4 PREROUTING 5 t of nft earlier',
      ])
      expect(inside(TABLE('ip t', FILTER('earlier', -100), NAT('nat', 0), FILTER('later', -100)))).toEqual([
        '4 PREROUTING 3 t of nft later',
        '4 PREROUTING 4 t of nft nat',
        '4 PREROUTING 5 t of nft earlier',
      ])
    })

    it('… of another table nobody knows', () => {
      expect(inside(TABLE('ip a', NAT('nat', -100)), TABLE('ip b', FILTER('c', -100)))).toEqual([
        '4 PREROUTING 3 a of nft nat open',
        '4 PREROUTING 3 b of nft c open',
      ])
    })
  })

  it('of both back ends at one priority none is first', () => {
    const filter = saveOf({filter: '-A FORWARD -j DROP'})
    const node = tinyNode(
      {},
      {
        'iptables-save.txt': null,
        'iptables-legacy-save.txt': filter,
        'iptables-nft-save.txt': filter.replace('v1.8.7', 'v1.8.7 (nf_tables)'),
      },
    )
    expect(
      orderHooks(node)
        .map(line)
        .filter(text => text.startsWith('4 FORWARD')),
    ).toEqual(['4 FORWARD 1 filter of iptables-legacy open', '4 FORWARD 1 filter of iptables-nft open'])
  })
})
