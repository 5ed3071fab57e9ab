import type {Counter} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {listWords} from '../words.js'

/** Counters of the ENA driver that say that the instance's limits dropped packets, and what was in them. */
const LIMITS: ReadonlyMap<string, string> = new Map([
  ['linklocal_allowance_exceeded', 'to DNS, the metadata service and NTP (1024 a second for each ENI)'],
  ['conntrack_allowance_exceeded', 'of connections beyond what security groups can track on this type of instance'],
])

export const allowanceExceeded: Check = {
  code: 'EKS407',
  severity: 'warning',
  title: 'The instance dropped packets beyond its allowances',
  meaning:
    'Beneath the node, the instance limits packets to link-local services (DNS, metadata, NTP) and connections that security groups track. What exceeds the limits is dropped without a trace in the kernel: DNS queries time out now and then.',
  signature:
    'linklocal_allowance_exceeded or conntrack_allowance_exceeded of an ENI is not 0. Counted since the node started; whether it goes on now needs a second capture. Needs `ethtool -S`.',
  remedy: 'Run a DNS cache on the node (NodeLocal DNSCache), lower `ndots`, or use a larger instance.',
  reference: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-network-performance-ena.html',
  find: findExceeded,
}

function* findExceeded({eks}: AuditedNode): Generator<Fault> {
  for (const [name, what] of LIMITS) {
    const counters = (eks.state.cardCounters ?? []).filter(counter => counter.name === name && counter.value > 0n)
    if (counters.length === 0) continue
    const dropped = counters.reduce((sum, {value}) => sum + value, 0n)
    yield {
      text: `${dropped} packets ${what} were dropped on ${listWords(counters.map(ownerOf))}.`,
      evidence: counters,
      repair: [],
    }
  }
}

function ownerOf({owner}: Counter): string {
  return owner
}
