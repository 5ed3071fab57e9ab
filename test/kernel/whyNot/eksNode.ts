import {HEALTHY, VETHS} from '../../audit/healthyNode.js'
import type {NodeSpec} from '../lab/nodeSpec.js'

const [DB, WEB_0, WEB_1] = [VETHS['10.0.3.17'], VETHS['10.0.5.77'], VETHS['10.0.5.78']]
/** Of ens6 in main: the CNI deletes it. */
const CONNECTED = '10.0.0.0/20 dev ens6 proto kernel scope link src 10.0.2.20'

/**
 * The healthy node of the audit's tests, built: a pod on the primary ENI, two on a secondary one, a service with a node port, DNS elsewhere.
 * @param commands run at the end: how it was broken, and how it was repaired
 */
export function eksNode(commands: readonly string[]): NodeSpec {
  return {
    links: [
      {name: 'ens5', addresses: ['10.0.1.10/20 brd +'], mac: '0a:00:00:00:00:05'},
      {name: 'ens6', addresses: ['10.0.2.20/20 brd +'], mac: '0a:00:00:00:00:06'},
      {name: DB, mac: '0e:00:00:00:00:0a'},
      {name: WEB_0, mac: '0e:00:00:00:00:0b'},
      {name: WEB_1, mac: '0e:00:00:00:00:0c'},
    ],
    pods: Object.entries(VETHS).map(([address, device]) => ({address, interface: device})),
    sysctl: {
      'net.ipv4.ip_forward': '1',
      'net.ipv4.conf.all.rp_filter': '0',
      'net.ipv4.conf.default.rp_filter': '0',
      'net.ipv4.conf.ens5.rp_filter': '2',
    },
    neighbours: [
      '10.0.0.1 lladdr 0a:ff:00:00:00:01 nud permanent dev ens5',
      '10.0.0.1 lladdr 0a:ff:00:00:00:01 nud permanent dev ens6',
      ...Object.entries(VETHS).map(
        ([address, device], i) => `${address} lladdr ee:00:00:00:00:0${i} nud permanent dev ${device}`,
      ),
    ],
    routes: [
      '10.0.0.1 dev ens6 table 2 scope link',
      'default via 10.0.0.1 dev ens6 table 2',
      'default via 10.0.0.1 dev ens5 proto dhcp src 10.0.1.10 metric 512',
      ...Object.entries(VETHS).map(([address, device]) => `${address} dev ${device} scope link`),
    ],
    routes6: [],
    rules: [
      ...Object.keys(VETHS).map(address => `to ${address} lookup main priority 512`),
      'fwmark 0x80/0x80 lookup main priority 1024',
      'from 10.0.5.77 lookup 2 priority 1536',
      'from 10.0.5.78 lookup 2 priority 1536',
      'from 10.0.2.20 lookup 2 priority 32765',
    ],
    rules6: [],
    deletedRules: [],
    deletedRules6: [],
    save: HEALTHY['iptables-save.txt'] ?? '',
    save6: '',
    legacySave: '',
    ipset: '',
    afterwards: [`ip route del ${CONNECTED}`, ...commands],
  }
}

/** What ipamd of that node says. */
export const IPAMD: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(HEALTHY).filter(([name]) => name.startsWith('ipamd')),
)
