import {createHash} from 'node:crypto'
import type {PodName} from '../../model/index.js'

/** Prefix of a pod's veth on the host, unless AWS_VPC_K8S_CNI_VETHPREFIX says another. */
export const VETH_PREFIX = 'eni'
/** Prefix for pods with their own security groups in strict mode. */
export const BRANCH_VETH_PREFIX = 'vlan'

/** Name of a pod's veth on the host: a prefix and the first 11 hexadecimal digits of sha1("namespace.pod"). */
export function vethName(pod: PodName, prefix: string = VETH_PREFIX): string {
  return prefix + createHash('sha1').update(`${pod.namespace}.${pod.name}`).digest('hex').slice(0, 11)
}

/** True where a name has the form that the CNI gives to veths. */
export function isVethName(name: string, prefix: string = VETH_PREFIX): boolean {
  const digits = [prefix, BRANCH_VETH_PREFIX].find(start => name.startsWith(start))
  return digits !== undefined && /^[0-9a-f]{11}$/.test(name.slice(digits.length))
}
