import {tableName} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'

export const tableNumberOdd: Check = {
  code: 'EKS501',
  severity: 'info',
  title: 'An ENI uses another table than its device number says',
  meaning:
    'Since early versions the CNI numbers the table of an ENI by its device number, plus one. Where the rules of its pods name another table, the ENI has been attached ' +
    'again under another device number, or the CNI is one that counted otherwise. Nothing is wrong with it as long as the rules and the table ' +
    'agree; only, the formula must not be used to find the table.',
  signature:
    'All pods of a secondary ENI of network card 0 have rules for one table, which is not device number + 1. Needs `ip rule` and `/v1/enis`.',
  remedy: 'Nothing.',
  reference: null,
  find: findOdd,
}

function* findOdd({eks}: AuditedNode): Generator<Fault> {
  for (const {ipamd, table, role, id} of eks.enis) {
    if (ipamd === null || role === 'primary' || ipamd.networkCard !== 0 || table?.proven !== true) continue
    // that two ENIs have one table is a fault of its own (EKS110)
    const shared = eks.enis.filter(eni => eni.ipamd !== null && eni.table?.value === table.value).length > 1
    if (shared || table.value === ipamd.deviceNumber + 1) continue
    yield {
      text: `${id ?? 'The ENI'} has device number ${ipamd.deviceNumber}, and its pods use table ${tableName(table.value)}, not ${ipamd.deviceNumber + 1}.`,
      evidence: [ipamd, ...table.evidence],
      repair: [],
    }
  }
}
