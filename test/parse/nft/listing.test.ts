import {parseNftRuleset} from '../../../src/parse/index.js'

function read(text: string) {
  return parseNftRuleset({name: 'nft.txt', text})
}

const LISTING = `# Warning: table ip nat is managed by iptables-nft, do not touch!
table ip nat { # handle 1
	chain PREROUTING { # handle 1
		type nat hook prerouting priority dstnat; policy accept;
	}
}
table inet own { # handle 2
	comment "a table { with a brace"
	flags dormant
	counter hits {
		packets 0 bytes 0
	}

	map to { # handle 3
		type ipv4_addr . inet_service : verdict
		flags interval
		comment "x }"
		elements = { 10.0.0.1 . 80 comment "}" : goto a,
			     10.0.0.0/8 . 90-99 timeout 1h expires 59m : drop }
	}

	set seen {
		type ipv4_addr
		flags dynamic,timeout
		timeout 1h
	}

	chain a { # handle 4
		comment "no { base"
		ip saddr { 10.0.0.1, 10.0.0.2,
			   10.0.0.3 } accept comment "} odd" # handle 9
		drop # handle 10
	}

	chain in {
		type filter hook ingress devices = { "eth0", "eth1" } priority -5; policy drop;
	}
}
`

describe('lines that versions and options add', () => {
  it('a program that owns a table, and handles', () => {
    const {value, diagnostics} = read(
      'table inet firewalld { # handle 3 progname firewalld\n\tflags owner,persist\n}\n',
    )
    expect(diagnostics).toEqual([])
    expect(value.tables).toMatchObject([{family: 'inet', name: 'firewalld', dormant: false}])
  })

  it('what is no listing is said so, and the rest is read', () => {
    const noise = '#!/usr/sbin/nft -f\nflush ruleset\ninclude "/etc/nftables.d/*.nft"\n'
    const {value, diagnostics} = read(`${noise}table ip t {\n}\n`)
    expect(diagnostics.map(({code, source}) => [code, source?.line])).toEqual([
      ['UNPARSED_LINE', 2],
      ['UNPARSED_LINE', 3],
    ])
    expect(value.tables).toHaveLength(1)
  })

  it('objects of a table are passed over', () => {
    const objects = [
      'counter c {\n\t\tpackets 1 bytes 2\n\t}',
      'quota q {\n\t\tover 10 mbytes used 0 bytes\n\t}',
      'limit l {\n\t\trate 400/minute\n\t}',
      'ct helper h {\n\t\ttype "ftp" protocol tcp\n\t\tl3proto ip\n\t}',
      'ct timeout ti {\n\t\tprotocol tcp\n\t\tl3proto ip\n\t\tpolicy = { established : 2m, close : 20s }\n\t}',
      'ct expectation e {\n\t\tprotocol udp\n\t\tdport 9876\n\t\ttimeout 2m\n\t\tsize 12\n\t\tl3proto ip\n\t}',
      'secmark s {\n\t\t"system_u:object_r:x_t:s0"\n\t}',
      'synproxy sp {\n\t\tmss 1460\n\t\twscale 7\n\t\ttimestamp sack-perm\n\t}',
      'flowtable ft {\n\t\thook ingress priority filter\n\t\tdevices = { "eth0", "eth1" }\n\t\tcounter\n\t}',
    ]
    const {value, diagnostics} = read(`table ip t {\n\t${objects.join('\n\n\t')}\n\n\tchain c {\n\t\taccept\n\t}\n}\n`)
    expect(diagnostics).toEqual([])
    expect(value.tables[0]?.chains.get('c')?.rules).toHaveLength(1)
  })

  it('the details of sets and elements', () => {
    const set = [
      'set s {',
      '\ttypeof ip saddr . meta mark . tcp dport',
      '\tsize 65535',
      '\tflags interval,timeout',
      '\tauto-merge',
      '\tgc-interval 10s',
      '\tpolicy memory',
      '\tcounter',
      '\tcomment "with : and }"',
      '\telements = { 10.0.0.0/8 . 0x00000001 . 80-90 timeout 1h expires 59m3s comment "a : b, c" counter packets 1 bytes 2,',
      '\t\t     10.0.0.1 . 0x00000010/28 . 443 limit rate 1/second burst 5 packets }',
      '}',
    ]
    const {value, diagnostics} = read(`table ip t {\n\t${set.join('\n\t')}\n}\n`)
    expect(diagnostics).toEqual([])
    const {elements = []} = value.tables[0]?.sets.get('s') ?? {}
    expect(elements.map(({key}) => key)).toEqual([
      [
        {kind: 'range', min: 0x0a000000, max: 0x0affffff},
        {kind: 'value', value: 1},
        {kind: 'range', min: 80, max: 90},
      ],
      [
        {kind: 'value', value: 0x0a000001},
        {kind: 'range', min: 0x10, max: 0x1f},
        {kind: 'value', value: 443},
      ],
    ])
  })

  it('a chain that is written where it is entered', () => {
    const lines = [
      'table inet t {',
      '\tchain c { # handle 1',
      '\t\ttcp dport 22 jump {',
      '\t\t\tip saddr 10.0.0.0/8 accept # handle 5',
      '\t\t\tudp dport 1 goto {',
      '\t\t\t\tdrop',
      '\t\t\t}',
      '\t\t} # handle 4',
      '\t\tdrop # handle 6',
      '\t}',
      '}',
    ]
    const {value, diagnostics} = read(`${lines.join('\n')}\n`)
    expect(diagnostics).toEqual([])
    const chains = value.tables[0]?.chains
    const verdictsOf = (name: string): unknown =>
      chains?.get(name)?.rules.map(({number, statements}) => [number, ...statements.slice(-1)])
    expect(verdictsOf('c')).toEqual([
      [1, {kind: 'verdict', verdict: {kind: 'jump', chain: '{ } of line 3'}}],
      [2, {kind: 'verdict', verdict: {kind: 'drop'}}],
    ])
    expect(verdictsOf('{ } of line 3')).toEqual([
      [1, {kind: 'verdict', verdict: {kind: 'accept'}}],
      [2, {kind: 'verdict', verdict: {kind: 'goto', chain: '{ } of line 5'}}],
    ])
    expect(verdictsOf('{ } of line 5')).toEqual([[1, {kind: 'verdict', verdict: {kind: 'drop'}}]])
    expect(chains?.get('c')?.rules[0]?.handle).toBe(4)
  })
})

describe('a listing', () => {
  const {value, diagnostics} = read(LISTING)
  const [ofIptables, own] = value.tables

  it('tells tables, and what is iptables-nft’s', () => {
    expect(diagnostics).toEqual([])
    expect(value.tables.map(({family, name, dormant, ofIptables}) => [family, name, dormant, ofIptables])).toEqual([
      ['ip', 'nat', false, true],
      ['inet', 'own', true, false],
    ])
    expect(ofIptables?.chains.get('PREROUTING')?.base).toEqual({
      type: 'nat',
      hook: 'prerouting',
      devices: [],
      priority: -100,
      policy: 'accept',
    })
  })

  it('tells base chains of devices', () => {
    expect(own?.chains.get('in')?.base).toMatchObject({
      hook: 'ingress',
      devices: ['eth0', 'eth1'],
      priority: -5,
      policy: 'drop',
    })
  })

  it('keeps rules over several lines, with handles, comments and lines', () => {
    const rules = own?.chains.get('a')?.rules ?? []
    expect(rules.map(({number, handle, comment, source}) => [number, handle, comment, source.line])).toEqual([
      [1, 9, '} odd', 30],
      [2, 10, null, 32],
    ])
  })

  it('keeps the elements of maps with their lines', () => {
    const map = own?.sets.get('to')
    expect(map?.isMap).toBe(true)
    expect(map?.elements.map(({text, source, verdict}) => [text, source.line, verdict])).toEqual([
      ['10.0.0.1 . 80 comment "}" : goto a', 18, {kind: 'goto', chain: 'a'}],
      ['10.0.0.0/8 . 90-99 timeout 1h expires 59m : drop', 19, {kind: 'drop'}],
    ])
    expect(own?.sets.get('seen')).toMatchObject({isMap: false, dynamic: true, elements: []})
  })
})

describe('a listing that is not whole', () => {
  it('marks the chain in which it ends', () => {
    const {value, diagnostics} = read(LISTING.slice(0, LISTING.indexOf('		drop # handle 10')))
    expect(diagnostics.map(({code}) => code)).toEqual(['TRUNCATED'])
    expect(value.tables[1]?.chains.get('a')?.cut).toEqual({document: 'nft.txt', line: 32})
  })

  it('marks the set in which it ends', () => {
    const {value} = read(LISTING.slice(0, LISTING.indexOf('			     10.0.0.0/8')))
    expect(value.tables[1]?.sets.get('to')).toMatchObject({listed: 'part', elements: [{source: {line: 18}}]})
  })

  it('says where a base chain is not understood', () => {
    const {value, diagnostics} = read('table ip t {\n\tchain c {\n\t\ttype filter hook sideways priority 0;\n\t}\n}\n')
    expect(value.tables[0]?.chains.get('c')).toMatchObject({base: null, misplaced: true})
    expect(diagnostics.map(({code}) => code)).toEqual(['UNKNOWN_KEYWORD'])
  })
})

describe('priorities', () => {
  it.each([
    ['ip', 'dstnat + 10', -90],
    ['ip', 'mangle - 5', -155],
    ['inet', 'srcnat', 100],
    ['bridge', 'dstnat', -300],
    ['ip', '-90', -90],
  ])('%s: %s is %d', (family, text, expected) => {
    const {value} = read(
      `table ${family} t {\n\tchain c {\n\t\ttype filter hook prerouting priority ${text}; policy accept;\n\t}\n}\n`,
    )
    expect(value.tables[0]?.chains.get('c')?.base?.priority).toBe(expected)
  })
})
