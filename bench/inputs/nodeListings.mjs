import {address} from './services.mjs'

/**
 * An EKS node: pods on the primary ENI and on secondary ones, each with its veth, routes and policy rules, as the VPC CNI makes them.
 * @typedef {object} Node
 * @property {number} pods
 * @property {number} enis
 * @property {string} nodeAddress
 * @property {string} vpc
 */

const FIRST_POD = 0x0a001000
const FIRST_ENI = 0x0a00000a
const GATEWAY = '10.0.0.1'

/** @returns {Node} */
export function makeNode(pods, enis) {
  return {pods, enis, nodeAddress: address(FIRST_ENI), vpc: '10.0.0.0/8'}
}

export function podAddress(pod) {
  return address(FIRST_POD + pod)
}

/** The ENI that holds a pod's address: they fill up one after the other. */
function eniOf({pods, enis}, pod) {
  return Math.floor((pod * enis) / pods)
}

function vethOf(pod) {
  return `eni${(0x1a2b3c00000 + pod * 0x101).toString(16)}`
}

const deviceOf = eni => `eth${eni}`
const tableOf = eni => eni + 1
const podsOf = node => Array.from({length: node.pods}, (_, pod) => pod)
const enisOf = node => Array.from({length: node.enis}, (_, eni) => eni)

/** Document name → its lines. @param {Node} node @returns {Record<string, string[]>} */
export function nodeListings(node) {
  return {
    'ip-rule.txt': rules(node),
    'ip-route.txt': routes(node),
    'ip-addr.txt': addresses(node),
    'ip-neigh.txt': neighbours(node),
    'sysctl.txt': sysctls(node),
  }
}

function rules(node) {
  const toPods = podsOf(node).map(pod => `512:\tfrom all to ${podAddress(pod)} lookup main `)
  const fromPods = podsOf(node)
    .filter(pod => eniOf(node, pod) > 0)
    .map(pod => `1536:\tfrom ${podAddress(pod)} lookup ${tableOf(eniOf(node, pod))} `)
  return [
    '0:\tfrom all lookup local ',
    ...toPods,
    '1024:\tfrom all fwmark 0x80/0x80 lookup main ',
    ...fromPods,
    '32766:\tfrom all lookup main ',
    '32767:\tfrom all lookup default ',
  ]
}

function routes(node) {
  const secondary = enisOf(node).slice(1)
  return [
    `default via ${GATEWAY} dev eth0 `,
    `10.0.0.0/16 dev eth0 proto kernel scope link src ${node.nodeAddress} `,
    '169.254.169.254 dev eth0 ',
    ...podsOf(node).map(pod => `${podAddress(pod)} dev ${vethOf(pod)} scope link `),
    ...secondary.flatMap(eni => [
      `default via ${GATEWAY} dev ${deviceOf(eni)} table ${tableOf(eni)} `,
      `${GATEWAY} dev ${deviceOf(eni)} table ${tableOf(eni)} scope link `,
    ]),
    'local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1 ',
    'local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1 ',
    ...enisOf(node).map(eni => {
      const own = address(FIRST_ENI + eni)
      return `local ${own} dev ${deviceOf(eni)} table local proto kernel scope host src ${own} `
    }),
    `broadcast 10.0.255.255 dev eth0 table local proto kernel scope link src ${node.nodeAddress} `,
  ]
}

function addresses(node) {
  const link = (index, name, mac) => [
    `${index}: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP group default qlen 1000`,
    `    link/ether ${mac} brd ff:ff:ff:ff:ff:ff`,
  ]
  return [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
    '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
    '    inet 127.0.0.1/8 scope host lo',
    '       valid_lft forever preferred_lft forever',
    ...enisOf(node).flatMap(eni => [
      ...link(2 + eni, deviceOf(eni), mac(0x02, eni)),
      `    inet ${address(FIRST_ENI + eni)}/16 brd 10.0.255.255 scope global ${deviceOf(eni)}`,
      '       valid_lft forever preferred_lft forever',
    ]),
    ...podsOf(node).flatMap(pod => link(2 + node.enis + pod, `${vethOf(pod)}@if3`, mac(0x5a, pod))),
  ]
}

function mac(first, number) {
  const bytes = [first, 0, 0, (number >> 16) & 255, (number >> 8) & 255, number & 255]
  return bytes.map(byte => byte.toString(16).padStart(2, '0')).join(':')
}

function neighbours(node) {
  return [
    ...enisOf(node).map(eni => `${GATEWAY} dev ${deviceOf(eni)} lladdr 0a:00:00:00:00:01 REACHABLE `),
    ...podsOf(node).map(pod => `${podAddress(pod)} dev ${vethOf(pod)} lladdr ${mac(0x5e, pod)} STALE `),
  ]
}

function sysctls(node) {
  const devices = ['all', 'default', 'lo', ...enisOf(node).map(deviceOf), ...podsOf(node).map(vethOf)]
  return [
    ...devices.flatMap(device => [
      `net.ipv4.conf.${device}.accept_local = 0`,
      `net.ipv4.conf.${device}.forwarding = 1`,
      `net.ipv4.conf.${device}.route_localnet = ${device === 'all' ? 1 : 0}`,
      `net.ipv4.conf.${device}.rp_filter = ${device === 'eth0' ? 2 : 0}`,
      `net.ipv4.conf.${device}.src_valid_mark = 0`,
    ]),
    'net.ipv4.ip_forward = 1',
    'net.ipv4.tcp_early_demux = 1',
  ]
}

/** ipamd's introspection, `/v1/enis`, as CNI 1.12 and later answer. @param {Node} node */
export function ipamdEnis(node) {
  const enis = Object.fromEntries(
    enisOf(node).map(eni => {
      const id = `eni-${eni.toString(16).padStart(17, '0')}`
      const own = podsOf(node).filter(pod => eniOf(node, pod) === eni)
      return [
        id,
        {
          ID: id,
          IsPrimary: eni === 0,
          IsTrunk: false,
          IsEFA: false,
          DeviceNumber: eni,
          AvailableIPv4Cidrs: Object.fromEntries(own.map(pod => [`${podAddress(pod)}/32`, cidr(pod)])),
          IPv6Cidrs: {},
          RouteTableID: eni === 0 ? 254 : tableOf(eni),
        },
      ]
    }),
  )
  return {0: {TotalIPs: node.pods, AssignedIPs: node.pods, ENIs: enis}}
}

function cidr(pod) {
  const ip = podAddress(pod)
  return {
    Cidr: {IP: ip, Mask: '/////w=='},
    IPAddresses: {
      [ip]: {
        Address: ip,
        IPAMKey: {networkName: 'aws-cni', containerID: pod.toString(16).padStart(64, '0'), ifName: 'eth0'},
        IPAMMetadata: {k8sPodNamespace: `team-${pod % 97}`, k8sPodName: `pod-${pod}`},
        AssignedTime: '2026-11-20T08:00:00.123456789Z',
        UnassignedTime: '0001-01-01T00:00:00Z',
      },
    },
    IsPrefix: false,
    AddressFamily: '',
  }
}
