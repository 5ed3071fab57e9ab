import type {Parsed, PolicyRule} from '../../../src/model/index.js'
import {
  formatIpRule,
  formatRoute,
  parseIfconfig,
  parseIpAddr,
  parseIpRoute,
  parseIpRule,
  parseNeighbours,
  parseRouteN,
} from '../../../src/parse/index.js'
import {format, formatNames, state, VERSIONS} from './support.js'

/** The command of a captured output, without its tool: `-d_rule`. */
function commandOf(name: string): string {
  return name.replace(/^(ip-v?\d+\.\d+(\.\d)?|busybox-1\.35|net-tools-2\.10)\./, '').replace(/\.txt$/, '')
}

/** How many records, and what was noted. Null: an output that no parser of this house reads. */
function parse(name: string): (Pick<Parsed<unknown>, 'diagnostics'> & {count: number}) | null {
  const source = format(name)
  const command = commandOf(name)
  const list = ({value, diagnostics}: Parsed<readonly unknown[]>) => ({count: value.length, diagnostics})
  const interfaces = ({value, diagnostics}: ReturnType<typeof parseIpAddr>) => ({
    count: value.links.length * 100 + value.addresses.length,
    diagnostics,
  })
  if (/nexthop|^error-outputs|route_get/.test(command)) return null
  if (/^route_-|netstat/.test(command)) return list(parseRouteN(source))
  if (command.includes('rule')) return list(parseIpRule(source, command.startsWith('-6') ? 6 : 4))
  if (command.includes('route')) return list(parseIpRoute(source))
  if (/neigh|arp/.test(command)) return list(parseNeighbours(source))
  return interfaces(command.startsWith('ifconfig') ? parseIfconfig(source) : parseIpAddr(source))
}

/** [pattern of file names, codes that may stand]; a file that no pattern fits has no diagnostic. */
const EXPECTED: readonly (readonly [RegExp, readonly string[]])[] = [
  // options that the version does not have
  [/^ip-v(3\.10|4\.11).*\.(-j|-d_-j|-N|-color=always)_/, ['TOOL_ERROR']],
  [/^ip-v3\.10.*\.(-br|rule_show_table)_/, ['TOOL_ERROR']],
  // what it cannot print
  [/^ip-v(3\.10|4\.11).*rule/, ['LOSSY_TOOL']],
  [/^ip-v3\.10.*route/, ['LOSSY_TOOL']],
  [/^busybox.*(rule|route|netstat)/, ['LOSSY_TOOL']],
  [/^net-tools.*route/, ['LOSSY_TOOL']],
  // colours
  [/-color=always|-br_-c/, ['REPAIRED_TEXT']],
  [/named-tables/, ['UNKNOWN_TABLE_NAME']],
]

describe('every captured output', () => {
  it.each(formatNames())('%s', name => {
    const parsed = parse(name)
    if (parsed === null) return
    const codes = new Set(parsed.diagnostics.map(({code}) => code))
    const expected = EXPECTED.filter(([pattern]) => pattern.test(name)).flatMap(([, allowed]) => allowed)
    expect(expected).toEqual(expect.arrayContaining([...codes]))
    if (codes.has('TOOL_ERROR')) expect([...codes, parsed.count]).toEqual(['TOOL_ERROR', 0])
    else expect(parsed.count).toBeGreaterThan(0)
  })
})

describe('one state, many printers', () => {
  const rules = (name: string) => parseIpRule(format(name), name.includes('-6') ? 6 : 4).value
  const routes = (name: string) => parseIpRoute(format(name)).value
  /** Of -d only. */
  const withoutOrigin = (records: readonly PolicyRule[]) =>
    state(records.map(record => ({...record, protocol: record.protocol === 'kernel' ? null : record.protocol})))
  /** -d adds nh_info; JSON has numbers where text has units and no "lock"; expires is a matter of when. */
  const withoutAttributes = (records: ReturnType<typeof routes>) =>
    state(records.map(route => ({...route, attributes: null})))

  describe.each(VERSIONS.slice(2))('iproute2 %s', version => {
    it.each(['-o', '-N', '-color=always'])('rules with %s', option => {
      expect(state(rules(`ip-v${version}.${option}_rule.txt`))).toEqual(state(rules(`ip-v${version}.rule.txt`)))
    })

    it('rules with -d and -j', () => {
      const plain = withoutOrigin(rules(`ip-v${version}.rule.txt`))
      for (const option of ['-d', '-j', '-d_-j']) {
        expect(withoutOrigin(rules(`ip-v${version}.${option}_rule.txt`))).toEqual(plain)
      }
    })

    it.each(['-o', '-N', '-s'])('routes with %s', option => {
      const name = `ip-v${version}.${option}_route_show_table_all.txt`
      expect(state(routes(name))).toEqual(state(routes(`ip-v${version}.route_show_table_all.txt`)))
    })

    it.each(['-d', '-j', '-d_-j'])('routes with %s', option => {
      const name = `ip-v${version}.${option}_route_show_table_all.txt`
      expect(withoutAttributes(routes(name))).toEqual(
        withoutAttributes(routes(`ip-v${version}.route_show_table_all.txt`)),
      )
    })

    it('routes in colour', () => {
      expect(state(routes(`ip-v${version}.-color=always_route.txt`))).toEqual(state(routes(`ip-v${version}.route.txt`)))
    })

    it('addresses as text, in JSON, with -d and -s', () => {
      const {links, addresses} = parseIpAddr(format(`ip-v${version}.addr.txt`)).value
      for (const option of ['-j', '-d', '-s']) {
        const other = parseIpAddr(format(`ip-v${version}.${option}_addr.txt`)).value
        expect(state(other.addresses)).toEqual(state(addresses))
        expect(state(other.links.map(link => ({...link, kind: null})))).toEqual(state(links))
      }
    })

    it('neighbours as text, in JSON and with -s', () => {
      const plain = state(parseNeighbours(format(`ip-v${version}.neigh.txt`)).value)
      for (const option of ['-j', '-s', '-s_-s']) {
        expect(state(parseNeighbours(format(`ip-v${version}.${option}_neigh.txt`)).value)).toEqual(plain)
      }
    })
  })

  it('the three versions that know most agree', () => {
    const [first, ...others] = VERSIONS.slice(2)
    for (const version of others) {
      expect(withoutAttributes(routes(`ip-v${version}.route_show_table_all.txt`))).toEqual(
        withoutAttributes(routes(`ip-v${first}.route_show_table_all.txt`)),
      )
    }
    // dscp and masked ports came with 6.11 and 6.15
    const known = (version: string) =>
      state(rules(`ip-v${version}.rule.txt`).filter(({priority}) => priority !== 34 && priority !== 38))
    for (const version of others) expect(known(version)).toEqual(known(first ?? ''))
  })

  it('-o lists the same addresses', () => {
    for (const tool of ['ip-v3.10.0', 'ip-v4.11.0', 'ip-v7.1.0', 'busybox-1.35']) {
      const addresses = state(parseIpAddr(format(`${tool}.addr.txt`)).value.addresses)
      expect(state(parseIpAddr(format(`${tool}.-o_addr.txt`)).value.addresses)).toEqual(addresses)
    }
  })

  it('-br lists the same addresses, with what it does not print at its default', () => {
    const plain = parseIpAddr(format('ip-v7.1.0.addr.txt')).value
    for (const option of ['-br', '-br_-c']) {
      const brief = parseIpAddr(format(`ip-v7.1.0.${option}_addr.txt`)).value
      expect(brief.links.map(({name, parent}) => [name, parent])).toEqual(
        plain.links.map(({name, parent}) => [name, parent]),
      )
      expect(state(brief.addresses)).toEqual(
        state(plain.addresses.map(address => ({...address, broadcast: null, secondary: false, deprecated: false}))),
      )
    }
  })

  it('arp, /proc/net/arp and ip neigh know the same neighbours', () => {
    const of = (name: string) =>
      parseNeighbours(format(name))
        .value.map(({address, interface: device, mac, proxy}) => [address, device, mac, proxy])
        .filter(([, , , proxy]) => proxy !== true)
    const neigh = of('ip-v7.1.0.neigh.txt').filter(([address]) => typeof address === 'number')
    for (const name of ['arp_-n', 'arp_-an', 'arp_-e', 'arp_-vn'])
      expect(of(`net-tools-2.10.${name}.txt`)).toEqual(neigh)
    for (const name of ['arp_-n', 'arp_-an']) expect(of(`busybox-1.35.${name}.txt`)).toEqual(neigh)
  })

  it('every rule and route prints as it was listed', () => {
    for (const name of ['ip-v7.1.0.rule.txt', 'ip-v7.1.0.-d_rule.txt', 'ip-v6.10.0.rule.txt']) {
      for (const rule of rules(name)) {
        // -d prints `proto unspec`; realms are not kept; dscp stands behind proto
        const listed = rule.text.replace(/ proto unspec/, '').replace(/ realms \S+/, '')
        expect(formatIpRule(rule)).toBe(listed)
      }
    }
    const oneLine = (text: string) => text.replace(/\s+/g, ' ').replace(/\\ /g, '')
    for (const route of routes('ip-v7.1.0.route_show_table_all.txt'))
      expect(oneLine(formatRoute(route))).toBe(oneLine(route.text))
  })
})
