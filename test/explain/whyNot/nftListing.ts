export const ENDPOINT = 'endpoint-5OJB2KTY-shop/near/tcp/http__10.0.44.9/8080'
const SERVICE = 'service-ULMVA6XW-shop/near/tcp/http'

/** kube-proxy in nftables mode, the CNI's own table of 1.23, and a firewall of somebody's. */
export const LISTING = `table ip kube-proxy { # handle 1
	map service-ips { # handle 1
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 172.20.0.8 . tcp . 80 : goto ${SERVICE} }
	}
	chain ${ENDPOINT} { # handle 2
		meta l4proto tcp dnat to 10.0.44.9:8080 # handle 3
	}
	chain ${SERVICE} { # handle 4
		numgen random mod 1 vmap { 0 : goto ${ENDPOINT} } # handle 5
	}
	chain services { # handle 6
		ip daddr . meta l4proto . th dport vmap @service-ips # handle 7
	}
	chain nat-prerouting { # handle 8
		type nat hook prerouting priority dstnat; policy accept;
		jump services # handle 9
	}
	chain nat-output { # handle 10
		type nat hook output priority -100; policy accept;
		jump services # handle 11
	}
}
table ip aws-cni { # handle 2
	chain snat-mark { # handle 1
		ip daddr 10.0.0.0/16 return # handle 2
		ct mark set ct mark | 0x00000080 # handle 3
	}
	chain nat-prerouting { # handle 4
		type nat hook prerouting priority dstnat + 10; policy accept;
		fib daddr type local return # handle 5
		iifname "eni*" jump snat-mark # handle 6
		meta mark set ct mark & 0x00000080 # handle 7
	}
}
table inet guard { # handle 3
	chain forward { # handle 1
		type filter hook forward priority filter; policy accept;
	}
	chain input { # handle 2
		type filter hook input priority filter; policy accept;
	}
}
`
/** The healthy node's save without the marking that `aws-cni` does in its place. */
export function withoutMarks(save: string): string {
  return save
    .replace('v1.8.8 on', 'v1.8.8 (nf_tables) on')
    .replace(
      /-A PREROUTING -i eni\+ -m comment --comment "AWS, outbound.*\n-A PREROUTING -m comment --comment "AWS, CONN.*\n/,
      '',
    )
    .replace(/-A AWS-CONNMARK-CHAIN-0.*\n/g, '')
}
