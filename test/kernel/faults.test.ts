import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {CHECKS} from '../../src/audit/index.js'
import {FAULTS} from './faults/faults.js'
import {auditHealthy, tryFault} from './faults/tryFault.js'
import {tryPodNeighbour} from './faults/tryPodNeighbour.js'
import {describeKernel} from './lab/describeKernel.js'

/** Needs a pod with a namespace of its own. */
const IN_POD = 'EKS114'

describe('the faults', () => {
  it('are of all checks', () => {
    const tried = new Set([...FAULTS.map(({code}) => code), IN_POD])
    expect(CHECKS.filter(({code}) => !tried.has(code))).toEqual([])
  })
})

describeKernel('a node that is broken on purpose', agent => {
  it('has no finding before', async () => {
    expect(await auditHealthy(agent())).toEqual([])
  })

  it.each(FAULTS)('$code: $what', async fault => {
    await tryFault(agent(), fault)
  })

  it(`${IN_POD}: the MAC address of a veth, as the pod's neighbour table has it`, async () => {
    await tryPodNeighbour(mkdtempSync(path.join(tmpdir(), 'ekspath-pod-')))
  })
})
