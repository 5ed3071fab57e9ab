import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {audit} from '../../../src/audit/index.js'
import {identify, vethName} from '../../../src/eks/index.js'
import type {JsonFinding} from '../../../src/model/index.js'
import {loadNode} from '../../../src/node/index.js'
import {ipamdEnis} from '../../support/ipamdEnis.js'
import {buildNode} from '../lab/buildNode.js'
import {captureNode} from '../lab/captureNode.js'
import {Namespace} from '../lab/namespace.js'
import {ENIS, FREE, HEALTHY, NODE, SETTINGS} from './healthyEks.js'

const POD = {namespace: 'shop', name: 'app-0'}
const VETH = vethName(POD)
const MAC = 'ee:00:00:00:00:aa'

/** The healthy node, and one pod more, which has a namespace of its own. */
class NodeWithPod {
  readonly #built = buildNode(HEALTHY, 'nft')
  readonly #pod = new Namespace(`${this.#built.node.name}-pod`)

  constructor() {
    this.#built.node.ip([
      `link add ${VETH} mtu 9001 address ${MAC} type veth peer name eth0 mtu 9001 netns ${this.#pod.name}`,
      `link set ${VETH} up`,
      `route add ${FREE} dev ${VETH} scope link`,
      `rule add to ${FREE} lookup main pref 512`,
    ])
    this.#pod.ip([
      'link set lo up',
      'link set eth0 up',
      `addr add ${FREE}/32 dev eth0`,
      'route add 169.254.1.1 dev eth0 scope link',
      'route add default via 169.254.1.1 dev eth0',
      `neigh add 169.254.1.1 lladdr ${MAC} nud permanent dev eth0`,
    ])
  }

  run(command: string): void {
    this.#built.node.run('sh', ['-e', '-c', command])
  }

  /** Does the node answer its pod? */
  answers(): boolean {
    try {
      this.#pod.run('ping', ['-c', '1', '-W', '1', NODE])
      return true
    } catch {
      return false
    }
  }

  async audit(folder: string): Promise<JsonFinding[]> {
    const inPod = path.join(folder, 'netns', this.#pod.name)
    mkdirSync(inPod, {recursive: true})
    captureNode(this.#built.node, folder, 'nft', {bothBackends: false, nft: false})
    writeFileSync(path.join(folder, 'ip-link.txt'), this.#built.node.run('ip', ['-d', 'link', 'show']))
    writeFileSync(path.join(inPod, 'ip-neigh.txt'), this.#pod.run('ip', ['neigh', 'show', 'nud', 'all']))
    const [first, ...others] = ENIS
    if (first === undefined) throw new Error('no ENI')
    const addresses = first.addresses.map(([address, pod]) => [address, address === FREE ? 'shop/app-0' : pod] as const)
    writeFileSync(path.join(folder, 'ipamd-enis.json'), ipamdEnis([{...first, addresses}, ...others]))
    writeFileSync(path.join(folder, 'ipamd-networkutils-env.json'), JSON.stringify(SETTINGS))
    const findings = audit(identify(await loadNode(folder)))
    rmSync(folder, {recursive: true})
    return findings
  }

  delete(): void {
    this.#built.delete()
    this.#pod.delete()
  }
}

/** Gives the veth of a pod another MAC address, as udev does, and sends from the pod's own namespace. @param folder for captures */
export async function tryPodNeighbour(folder: string): Promise<void> {
  const node = new NodeWithPod()
  try {
    expect([await node.audit(folder), node.answers()]).toEqual([[], true])
    node.run(`ip link set ${VETH} address 5a:00:00:00:00:01`)
    const [finding, ...others] = await node.audit(folder)
    expect([finding?.code, others, node.answers()]).toEqual(['EKS114', [], false])
    for (const command of finding?.repair ?? []) node.run(command)
    expect([await node.audit(folder), node.answers()]).toEqual([[], true])
  } finally {
    node.delete()
  }
}
