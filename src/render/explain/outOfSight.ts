/** What lies outside a node's state, and so outside every answer. */
export const OUT_OF_SIGHT =
  "not here: security groups, NACLs, VPC route tables and eBPF policies are outside a node's state"
