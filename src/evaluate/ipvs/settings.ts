import type {Walk} from '../walk/walk.js'

/** Settings under net.ipv4.vs, of both families: what the kernel begins with, and what kube-proxy writes. */
const SETTINGS = {
  conntrack: {kernel: 0, kubeProxy: 1},
  expire_nodest_conn: {kernel: 0, kubeProxy: 1},
  expire_quiescent_template: {kernel: 0, kubeProxy: 1},
  // kube-proxy writes 0 on kernels before 5.9
  conn_reuse_mode: {kernel: 1, kubeProxy: 1},
  snat_reroute: {kernel: 1, kubeProxy: 1},
  sloppy_tcp: {kernel: 0, kubeProxy: 0},
  drop_packet: {kernel: 0, kubeProxy: 0},
  am_droprate: {kernel: 10, kubeProxy: 10},
  backup_only: {kernel: 0, kubeProxy: 0},
} as const

/** A setting of IPVS. Where the capture has none at all, what kube-proxy would have written is assumed, and said. */
export function ipvsSetting(walk: Walk, name: keyof typeof SETTINGS): number {
  const {sysctls} = walk.network
  const {kernel, kubeProxy} = SETTINGS[name]
  const key = `net.ipv4.vs.${name}`
  const captured = sysctls.get(key, -1)
  if (captured >= 0) return captured
  const others = Object.keys(SETTINGS).some(other => sysctls.get(`net.ipv4.vs.${other}`, -1) >= 0)
  if (others || (kernel as number) === kubeProxy) return kernel
  walk.assume(
    `IPVS_${name.toUpperCase()}`,
    `no sysctl net.ipv4.vs in the capture: ${name} taken as ${kubeProxy}, as kube-proxy sets it`,
  )
  return kubeProxy
}
