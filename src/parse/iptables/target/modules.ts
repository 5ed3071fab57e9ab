import {ct} from './ct.js'
import {fixed, type LoadTarget} from './loadedTarget.js'
import {connmark, mark} from './mark.js'
import {dnat, masquerade, netmap, redirect, snat} from './nat.js'
import {dscp, hl, tos, ttl} from './packet.js'
import {reject} from './reject.js'
import {set} from './set.js'
import {tproxy} from './tproxy.js'
import {ending, passing} from './verbatim.js'

/** Verdicts: no chain can have these names. */
export const STANDARD_TARGETS: ReadonlyMap<string, LoadTarget> = new Map([
  ['ACCEPT', fixed({kind: 'accept'})],
  ['DROP', fixed({kind: 'drop'})],
  ['RETURN', fixed({kind: 'return'})],
  ['QUEUE', ending('QUEUE')],
])

/** Every target extension there is, by its `-j` name. A declared chain of the same name goes before it. */
export const TARGET_MODULES: ReadonlyMap<string, LoadTarget> = new Map<string, LoadTarget>([
  ['CONNMARK', connmark],
  ['CT', ct],
  ['DNAT', dnat],
  ['DSCP', dscp],
  ['HL', hl],
  ['MARK', mark],
  ['MASQUERADE', masquerade],
  ['NETMAP', netmap],
  ['NOTRACK', fixed({kind: 'notrack'})],
  ['REDIRECT', redirect],
  ['REJECT', reject],
  ['SET', set],
  ['SNAT', snat],
  ['TOS', tos],
  ['TPROXY', tproxy],
  ['TTL', ttl],

  ['AUDIT', passing('AUDIT', 'type')],
  ['CHECKSUM', passing('CHECKSUM', 'checksum-fill')],
  ['CLASSIFY', passing('CLASSIFY', 'set-class')],
  ['CONNSECMARK', passing('CONNSECMARK', 'save restore')],
  ['ECN', passing('ECN', 'ecn-tcp-remove ecn-tcp-cwr ecn-tcp-ece ecn-ip-ect')],
  ['IDLETIMER', passing('IDLETIMER', 'timeout label alarm send_nl_msg')],
  ['LED', passing('LED', 'led-trigger-id led-delay led-always-blink')],
  ['LOG', passing('LOG', 'log-level log-prefix log-tcp-sequence log-tcp-options log-ip-options log-uid log-macdecode')],
  ['NFLOG', passing('NFLOG', 'nflog-group nflog-prefix nflog-range nflog-size nflog-threshold')],
  ['RATEEST', passing('RATEEST', 'rateest-name rateest-interval rateest-ewmalog')],
  ['SECMARK', passing('SECMARK', 'selctx')],
  ['TCPMSS', passing('TCPMSS', 'set-mss clamp-mss-to-pmtu')],
  ['TCPOPTSTRIP', passing('TCPOPTSTRIP', 'strip-options')],
  ['TEE', passing('TEE', 'gateway oif')],
  ['TRACE', passing('TRACE')],
  ['ULOG', passing('ULOG', 'ulog-nlgroup ulog-prefix ulog-cprange ulog-qthreshold')],

  ['CLUSTERIP', ending('CLUSTERIP', 'new hashmode clustermac total-nodes local-node hash-init')],
  ['DNPT', ending('DNPT', 'src-pfx dst-pfx')],
  [
    'HMARK',
    ending(
      'HMARK',
      'hmark-tuple hmark-mod hmark-offset hmark-src-prefix hmark-dst-prefix hmark-sport-mask hmark-dport-mask hmark-spi-mask ' +
        'hmark-sport hmark-dport hmark-spi hmark-proto-mask hmark-rnd',
    ),
  ],
  ['MIRROR', ending('MIRROR')],
  ['NFQUEUE', ending('NFQUEUE', 'queue-num queue-balance queue-bypass queue-cpu-fanout')],
  ['RAWDNAT', ending('RAWDNAT', 'to-destination')],
  ['RAWSNAT', ending('RAWSNAT', 'to-source')],
  ['SAME', ending('SAME', 'to nodst random')],
  ['SNPT', ending('SNPT', 'src-pfx dst-pfx')],
  ['SYNPROXY', ending('SYNPROXY', 'sack-perm timestamp wscale mss ecn')],
])
