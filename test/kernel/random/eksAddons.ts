import type {LinkSpec} from '../lab/nodeSpec.js'
import type {TableRules} from '../lab/saveText.js'
import type {Dice} from './dice.js'

/** What other programs put on an EKS node beside the VPC CNI and kube-proxy. */
export interface Addon {
  readonly links?: readonly LinkSpec[]
  /** Before and behind the rules of kube-proxy and the CNI. */
  readonly before?: TableRules
  readonly behind?: TableRules
  readonly ipset?: readonly string[]
  /** Where flows may go that meet it. */
  readonly targets: readonly {readonly dst: string; readonly dport: number}[]
}

interface Scene {
  readonly family: 4 | 6
  readonly dice: Dice
  readonly node: string
  readonly pods: readonly {readonly address: string; readonly interface: string}[]
  /** The cluster's DNS service. */
  readonly dns: string
}

/** Some of them, on any node. */
export function randomAddons(scene: Scene): Addon[] {
  return [nodeLocalDns, policyChains, hostPorts, docker, metadataGuard, closedForward].flatMap(make =>
    scene.dice.chance(0.35) ? [make(scene)] : [],
  )
}

/** NodeLocal DNSCache: its addresses on a device of its own, and no connection tracking for them. */
function nodeLocalDns({family, dns}: Scene): Addon {
  const own = family === 4 ? '169.254.20.10' : 'fd00:20:10::a'
  const all = [own, dns]
  const note = '-m comment --comment "NodeLocal DNS Cache: skip conntrack"'
  const each = (line: (address: string, protocol: string) => string[]): string[] =>
    all.flatMap(address => ['udp', 'tcp'].flatMap(protocol => line(address, protocol)))
  return {
    links: [
      {name: 'nodelocaldns', addresses: all.map(address => `${address}/${family === 4 ? 32 : 128}`), carrier: false},
    ],
    before: {
      raw: each((address, protocol) => [
        `-A PREROUTING -d ${address} -p ${protocol} -m ${protocol} --dport 53 ${note} -j NOTRACK`,
        `-A OUTPUT -s ${address} -p ${protocol} -m ${protocol} --sport 53 ${note} -j NOTRACK`,
        `-A OUTPUT -d ${address} -p ${protocol} -m ${protocol} --dport 53 ${note} -j NOTRACK`,
      ]),
      filter: each((address, protocol) => [
        `-A INPUT -d ${address} -p ${protocol} -m ${protocol} --dport 53 -j ACCEPT`,
        `-A OUTPUT -s ${address} -p ${protocol} -m ${protocol} --sport 53 -j ACCEPT`,
      ]),
    },
    targets: all.map(dst => ({dst, dport: 53})),
  }
}

/** Calico for policy alone: endpoints by interface, marks, and peers by ipset. */
function policyChains({family, dice, pods}: Scene): Addon {
  const kind = family === 4 ? 'inet' : 'inet6'
  const set = `cali${family}0s:peers`
  const guarded = dice.some(pods, 2)
  const allowed = dice.pick([80, 443, 8080])
  return {
    ipset: [
      `create ${set} hash:net family ${kind}`,
      ...dice.some(pods, 2).map(pod => `add ${set} ${pod.address}`),
      `add ${set} ${family === 4 ? '198.51.100.0/24' : '2001:db8:ffff::/48'}`,
    ],
    before: {
      filter: [
        '-A FORWARD -j cali-FORWARD',
        '-A cali-FORWARD -j MARK --set-xmark 0x0/0xe0000',
        '-A cali-FORWARD -i eni+ -j cali-from-wl-dispatch',
        '-A cali-FORWARD -o eni+ -j cali-to-wl-dispatch',
        '-A cali-FORWARD -m mark --mark 0x10000/0x10000 -j ACCEPT',
        ...guarded.flatMap((pod, i) => [
          `-A cali-from-wl-dispatch -i ${pod.interface} -g cali-fw-${i}`,
          `-A cali-to-wl-dispatch -o ${pod.interface} -g cali-tw-${i}`,
          ...['fw', 'tw'].flatMap(way => [
            `-A cali-${way}-${i} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
            `-A cali-${way}-${i} -m conntrack --ctstate INVALID -j DROP`,
            `-A cali-${way}-${i} -j MARK --set-xmark 0x0/0x10000`,
            `-A cali-${way}-${i} -m mark --mark 0x0/0x20000 -j cali-p${way}-${i}`,
            `-A cali-${way}-${i} -m mark --mark 0x10000/0x10000 -j RETURN`,
            `-A cali-${way}-${i} -m comment --comment "Drop if no policies passed packet" -j DROP`,
          ]),
          `-A cali-pfw-${i} -m set --match-set ${set} dst -j MARK --set-xmark 0x10000/0x10000`,
          `-A cali-ptw-${i} -p tcp -m set --match-set ${set} src -m multiport --dports ${allowed},9000:9100 -j MARK --set-xmark 0x10000/0x10000`,
        ]),
        '-A cali-from-wl-dispatch -m comment --comment "Unknown interface" -j RETURN',
        '-A cali-to-wl-dispatch -m comment --comment "Unknown interface" -j RETURN',
      ],
    },
    targets: guarded.map(pod => ({dst: pod.address, dport: allowed})),
  }
}

/** The portmap plugin: a port of the node that is a pod's, with a mark for hairpins. */
function hostPorts({family, dice, pods, node}: Scene): Addon {
  const pod = dice.pick(pods)
  const to = family === 4 ? `${pod.address}:8080` : `[${pod.address}]:8080`
  const host = family === 4 ? '/32' : '/128'
  return {
    before: {
      nat: [
        '-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
        '-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
        '-A POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ',
        '-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE',
        '-A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000',
        '-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"aws-cni\\"" -m multiport --dports 8088 -j CNI-DN-0',
        `-A CNI-DN-0 -s ${pod.address}${host} -p tcp -m tcp --dport 8088 -j CNI-HOSTPORT-SETMARK`,
        ...(family === 4 ? ['-A CNI-DN-0 -s 127.0.0.1/32 -p tcp -m tcp --dport 8088 -j CNI-HOSTPORT-SETMARK'] : []),
        `-A CNI-DN-0 -p tcp -m tcp --dport 8088 -j DNAT --to-destination ${to}`,
      ],
    },
    targets: [{dst: node, dport: 8088}, ...(family === 4 ? [{dst: '127.0.0.1', dport: 8088}] : [])],
  }
}

/** What dockerd leaves behind on older images. */
function docker({family}: Scene): Addon {
  const subnet = family === 4 ? '172.17.0.0/16' : 'fd00:17::/64'
  const local = family === 4 ? '! -d 127.0.0.0/8' : '! -d ::1/128'
  return {
    links: [
      {name: 'docker0', addresses: [family === 4 ? '172.17.0.1/16 brd +' : 'fd00:17::1/64'], carrier: false, mtu: 1500},
    ],
    before: {
      nat: [
        '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
        `-A OUTPUT ${local} -m addrtype --dst-type LOCAL -j DOCKER`,
        `-A POSTROUTING -s ${subnet} ! -o docker0 -j MASQUERADE`,
        '-A DOCKER -i docker0 -j RETURN',
      ],
      filter: [
        '-A FORWARD -j DOCKER-USER',
        '-A FORWARD -j DOCKER-ISOLATION-STAGE-1',
        '-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
        '-A FORWARD -o docker0 -j DOCKER',
        '-A FORWARD -i docker0 ! -o docker0 -j ACCEPT',
        '-A FORWARD -i docker0 -o docker0 -j ACCEPT',
        '-N DOCKER',
        '-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2',
        '-A DOCKER-ISOLATION-STAGE-1 -j RETURN',
        '-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP',
        '-A DOCKER-ISOLATION-STAGE-2 -j RETURN',
        '-A DOCKER-USER -j RETURN',
      ],
    },
    targets: [{dst: family === 4 ? '172.17.0.9' : 'fd00:17::9', dport: 80}],
  }
}

/** No pod talks to the instance's metadata service, or only some do. */
function metadataGuard({family, dice, pods}: Scene): Addon {
  const address = family === 4 ? '169.254.169.254' : 'fd00:ec2::254'
  const table = dice.pick(['filter', 'raw'] as const)
  const chain = table === 'filter' ? 'FORWARD' : 'PREROUTING'
  return {
    before: {
      [table]: [
        `-A ${chain} -s ${dice.pick(pods).address} -d ${address} -j ACCEPT`,
        `-A ${chain} -i eni+ -d ${address} ${dice.pick(['', '-p tcp -m tcp --dport 80 '])}-j DROP`,
      ],
    },
    targets: [
      {dst: address, dport: 80},
      {dst: address, dport: 443},
    ],
  }
}

/** A hardened image: what FORWARD and INPUT do not name is dropped. */
function closedForward({dice}: Scene): Addon {
  return {
    behind: {
      filter: [
        '-P FORWARD DROP',
        ...(dice.chance(0.5) ? ['-P INPUT DROP', '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'] : []),
        '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
        '-A FORWARD -i eni+ -j ACCEPT',
        `-A FORWARD -o eni+ -p tcp -m tcp --syn -m length --length 0:${dice.pick([60, 1500])} -j ACCEPT`,
        '-A INPUT -p tcp -m multiport --dports 22,10250,30000:32767 -j ACCEPT',
        '-A INPUT -i lo -j ACCEPT',
      ],
    },
    targets: [],
  }
}

/** All rules of a node in the order in which its programs came. */
export function withAddons(rules: TableRules, addons: readonly Addon[]): TableRules {
  const tables = ['raw', 'mangle', 'nat', 'filter'] as const
  return Object.fromEntries(
    tables.map(table => [
      table,
      [
        ...addons.flatMap(({before}) => before?.[table] ?? []),
        ...(rules[table] ?? []),
        ...addons.flatMap(({behind}) => behind?.[table] ?? []),
      ],
    ]),
  )
}
