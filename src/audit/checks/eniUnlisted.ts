import {tableName} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'

export const eniUnlisted: Check = {
  code: 'EKS503',
  severity: 'info',
  title: 'An interface with a table that ipamd does not list',
  meaning:
    'An interface has a routing table of its own, as ENIs of the CNI have, and ipamd lists no such ENI: it was tagged as not to be managed, attached by someone else, or ' +
    'left behind by a CNI that failed to detach it.',
  signature:
    "A table whose default route goes out by an interface that none of ipamd's ENIs has, where all of them have one. Needs `ip route` and `/v1/enis`.",
  remedy: 'Compare with the ENIs of the instance (`aws ec2 describe-network-interfaces`).',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/69',
  find: findUnlisted,
}

function* findUnlisted({eks}: AuditedNode): Generator<Fault> {
  const listed = eks.enis.filter(({ipamd}) => ipamd !== null)
  if (listed.length === 0 || listed.some(eni => eni.interface === null)) return
  for (const eni of eks.enis) {
    if (eni.ipamd !== null || eni.role !== 'secondary' || eni.interface === null || eni.table === null) continue
    yield {
      text: `${eni.interface.value} has table ${tableName(eni.table.value)}, and ipamd lists no ENI for it.`,
      evidence: eni.interface.evidence,
      repair: [],
    }
  }
}
