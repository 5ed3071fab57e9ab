/** As `nft -a list ruleset` prints it. */
export const LISTING = `table ip aws-cni { # handle 3
	chain snat-mark { # handle 1
		ip daddr 10.0.0.0/16 return # handle 4
		ct mark set ct mark | 0x00000080 # handle 5
	}

	chain nat-prerouting { # handle 2
		type nat hook prerouting priority dstnat + 10; policy accept;
		fib daddr type local return # handle 6
		iifname "eni*" jump snat-mark # handle 7
		meta mark set ct mark & 0x00000080 # handle 8
	}
}
table ip kube-proxy { # handle 4
	map service-ips { # handle 2
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 172.20.0.8 . tcp . 80 : goto service-a }
	}

	set blocked { # handle 3
		type ipv4_addr
		flags interval
		elements = { 10.9.0.0/16 }
	}

	chain service-a { # handle 4
		meta l4proto tcp dnat to 10.0.5.77:8080 # handle 5
	}

	chain services { # handle 6
		ip daddr . meta l4proto . th dport vmap @service-ips # handle 7
	}

	chain nat-prerouting { # handle 8
		type nat hook prerouting priority dstnat; policy accept;
		jump services # handle 9
	}
}
table inet guard { # handle 5
	chain forward { # handle 1
		type filter hook forward priority filter; policy drop;
	}
}
# Warning: table ip filter is managed by iptables-nft, do not touch!
table ip filter { # handle 6
	chain FORWARD { # handle 1
		type filter hook forward priority filter; policy accept;
	}
}
`

const MARK = ['1 ip daddr 10.0.0.0/16 return', '2 ct mark set ct mark | 0x00000080']
const PRE = [
  'nat prerouting -90 accept',
  '1 fib daddr type local return',
  '2 iifname "eni*" jump snat-mark',
  '3 meta mark set ct mark & 0x00000080',
]
const OLD = '172.20.0.8 . tcp . 80 : goto service-a'

/** What the chain snat-mark of aws-cni holds after each. */
export const RULE_EDITS: readonly (readonly [string, readonly (string | undefined)[]])[] = [
  ['nft add rule ip aws-cni snat-mark ip daddr 10.1.0.0/16 return', [...MARK, '3 ip daddr 10.1.0.0/16 return']],
  [
    'nft add rule aws-cni snat-mark ip saddr { 10.0.0.1, 10.2.0.0/16 } tcp dport { 80, 443-445 } ct state new,established meta mark and 0x80 == 0x80 counter return comment \'"a b"\'',
    [
      ...MARK,
      '3 ip saddr { 10.0.0.1, 10.2.0.0/16 } tcp dport { 80, 443-445 } ct state new,established meta mark and 0x80 == 0x80 counter return comment "a b"',
    ],
  ],
  ['nft add rule aws-cni snat-mark accept', [...MARK, '3 accept']],
  ['nft rule aws-cni snat-mark accept', [...MARK, '3 accept']],
  ['nft insert rule aws-cni snat-mark accept', ['1 accept', `2 ${MARK[0]?.slice(2)}`, `3 ${MARK[1]?.slice(2)}`]],
  ['nft add rule aws-cni snat-mark handle 4 accept', [MARK[0], '2 accept', `3 ${MARK[1]?.slice(2)}`]],
  ['nft add rule aws-cni snat-mark index 0 accept', [MARK[0], '2 accept', `3 ${MARK[1]?.slice(2)}`]],
  ['nft insert rule aws-cni snat-mark index 1 accept', [MARK[0], '2 accept', `3 ${MARK[1]?.slice(2)}`]],
  ['nft insert rule aws-cni snat-mark position 5 accept', [MARK[0], '2 accept', `3 ${MARK[1]?.slice(2)}`]],
  ['nft delete rule aws-cni snat-mark handle 4', ['1 ct mark set ct mark | 0x00000080']],
  [
    'nft replace rule ip aws-cni snat-mark handle 4 ip daddr 10.2.0.0/16 return',
    ['1 ip daddr 10.2.0.0/16 return', MARK[1]],
  ],
  ['nft flush chain aws-cni snat-mark', []],
  // one command, one transaction: nft separates by semicolons itself
  [
    'nft \'flush chain aws-cni snat-mark; add rule aws-cni snat-mark iifname "eni*" return\'',
    ['1 iifname "eni*" return'],
  ],
]

/** What a chain of a table holds after each, first where it hooks in. */
export const CHAIN_EDITS: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['nft add chain aws-cni extra', 'aws-cni', 'extra', []],
  [
    "nft add chain inet guard input '{ type filter hook input priority 0; policy drop; }'",
    'guard',
    'input',
    ['filter input 0 drop'],
  ],
  [
    'nft add chain inet guard late { type filter hook forward priority filter + 10 \\; }',
    'guard',
    'late',
    ['filter forward 10 accept'],
  ],
  ["nft chain inet guard forward '{ policy accept; }'", 'guard', 'forward', ['filter forward 0 accept']],
  ['nft delete chain kube-proxy nat-prerouting', 'kube-proxy', 'nat-prerouting', ['no chain']],
  ['nft flush chain ip aws-cni nat-prerouting', 'aws-cni', 'nat-prerouting', PRE.slice(0, 1)],
  ['nft delete rule ip aws-cni nat-prerouting handle 8', 'aws-cni', 'nat-prerouting', PRE.slice(0, 3)],
  ['nft add table ip mine; nft add chain ip mine c', 'mine', 'c', []],
  ['nft delete table inet guard', 'guard', 'forward', ['no chain']],
  ['nft flush table ip aws-cni', 'aws-cni', 'nat-prerouting', PRE.slice(0, 1)],
]

/** What a set of kube-proxy holds after each. */
export const ELEMENT_EDITS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "nft add element ip kube-proxy service-ips '{ 172.20.0.9 . udp . 53 : goto service-a }'",
    'service-ips',
    [OLD, '172.20.0.9 . udp . 53 : goto service-a'],
  ],
  [`nft add element kube-proxy service-ips '{ ${OLD} }'`, 'service-ips', [OLD]],
  ['nft delete element kube-proxy service-ips { 172.20.0.8 . tcp . 80 }', 'service-ips', []],
  ['nft add element kube-proxy blocked { 10.8.0.1, 10.8.0.2 }', 'blocked', ['10.9.0.0/16', '10.8.0.1', '10.8.0.2']],
  ['nft flush set kube-proxy blocked', 'blocked', []],
  ["nft add set kube-proxy more '{ type inet_service; elements = { 80, 443 }; }'", 'more', ['80', '443']],
]

/** What is said of each. */
export const REFUSED: readonly (readonly [string, string])[] = [
  ['nft', 'a command of nft'],
  ['nft list ruleset', 'expected add, insert'],
  ['nft add counter ip aws-cni c', '"add counter" is not among'],
  ['nft add rule ip nowhere c accept', 'no table ip nowhere in nft-ruleset.txt. It has ip aws-cni, ip kube-proxy'],
  ['nft add rule aws-cni nowhere accept', 'no chain nowhere'],
  ['nft add rule aws-cni snat-mark', 'expected a rule'],
  ['nft add rule aws-cni snat-mark jump nowhere', 'has no chain nowhere'],
  ['nft add rule aws-cni snat-mark jump nat-prerouting', 'nat-prerouting is a base chain'],
  ['nft add rule kube-proxy service-a jump services', 'services leads back to service-a'],
  ['nft add rule aws-cni snat-mark ip daddr @nothing accept', 'has no set nothing'],
  ['nft add rule aws-cni snat-mark tcp dport http accept', '"http" is not understood'],
  ['nft add rule aws-cni snat-mark masquerade', 'takes no masquerade'],
  ['nft add rule kube-proxy service-a dnat to 10.0.0.1:80', 'behind a match of the protocol'],
  ['nft add rule inet guard forward dnat to 10.0.0.1', 'it must say which'],
  ['nft add rule inet guard forward dnat ip to 10.0.0.1', 'takes no dnat'],
  ['nft add rule aws-cni snat-mark frobnicate', 'frobnicate'],
  ['nft add rule ip filter FORWARD accept', 'iptables-nft keeps the table ip filter'],
  ['nft delete rule aws-cni snat-mark handle 99', 'no rule of snat-mark has the handle 99; it has 4, 5'],
  ['nft delete rule aws-cni snat-mark accept', 'handle N'],
  ['nft insert rule aws-cni snat-mark index 2 accept', 'snat-mark has 2 rules; index counts from 0'],
  ['nft delete chain aws-cni snat-mark', 'nft-ruleset.txt:10 leads to snat-mark'],
  ['nft delete chain kube-proxy service-a', 'nft-ruleset.txt:31 leads to service-a'],
  ["nft chain aws-cni snat-mark '{ policy drop; }'", 'no base chain'],
  ["nft chain inet guard forward '{ type filter hook input priority 0; policy drop; }'", 'cannot be changed'],
  ["nft create chain inet guard forward '{ type filter hook forward priority 0; }'", 'already'],
  ["nft add chain inet guard x '{ type frob hook input priority 0; }'", 'not understood'],
  ['nft delete element kube-proxy service-ips { 172.20.0.9 . tcp . 80 }', 'has no element'],
  ['nft add element kube-proxy service-ips { 172.20.0.9 . tcp : goto service-a }', 'is no element of service-ips'],
  ['nft add element kube-proxy service-ips { 172.20.0.9 . tcp . 80 }', 'is a map'],
  ['nft add element kube-proxy service-ips { 172.20.0.9 . tcp . 80 : goto nowhere }', 'has no chain nowhere'],
  ['nft add element kube-proxy service-ips { 172.20.0.8 . tcp . 80 : drop }', 'already'],
  ['nft add element kube-proxy blocked 10.0.0.1', 'in braces'],
]
