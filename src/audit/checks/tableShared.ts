import type {Eni} from '../../eks/index.js'
import {type TableId, tableName} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {listWords} from '../words.js'

export const tableShared: Check = {
  code: 'EKS110',
  severity: 'error',
  title: 'Two ENIs with one routing table',
  meaning:
    'Each ENI has a routing table of its own. Where two share one, the default route of the table leads to one of them, and the packets of the pods of ' +
    'the other leave by an ENI that does not have their address: AWS drops them. It happens with several network cards.',
  signature: "ipamd's RouteTableID, or the rules of the pods, name one table for two ENIs. Needs `/v1/enis`.",
  remedy: 'Upgrade the VPC CNI to 1.20.3 or later, which numbers the tables of further network cards from 10000.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/3452',
  find: findShared,
}

function* findShared({eks}: AuditedNode): Generator<Fault> {
  const byTable = new Map<TableId, Eni[]>()
  for (const eni of eks.enis) {
    if (eni.ipamd === null || eni.table?.proven !== true) continue
    byTable.set(eni.table.value, [...(byTable.get(eni.table.value) ?? []), eni])
  }
  for (const [table, enis] of byTable) {
    if (enis.length < 2) continue
    yield {
      text: `${listWords(enis.map(({id}) => id ?? ''))} use table ${tableName(table)}, which leads to one of them only.`,
      evidence: enis.flatMap(eni => [...(eni.ipamd === null ? [] : [eni.ipamd]), ...(eni.table?.evidence ?? [])]),
      pods: eks.pods.filter(pod => enis.some(({id}) => pod.holdings.some(({eniId}) => eniId === id))),
      repair: [],
    }
  }
}
