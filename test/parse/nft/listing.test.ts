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
    expect(value.tables[1]?.sets.get('to')).toMatchObject({listed: false, elements: [{source: {line: 18}}]})
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
