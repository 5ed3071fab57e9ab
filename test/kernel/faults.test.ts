import {CHECKS} from '../../src/audit/index.js'
import {FAULTS} from './faults/faults.js'
import {auditHealthy, tryFault} from './faults/tryFault.js'
import {describeKernel} from './lab/describeKernel.js'

/** Checks of what no namespace of the lab has. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  EKS114: "a pod's own namespace: the lab has one for the far ends of all cables",
  EKS304: 'a connection that outlives its endpoint: the lab forgets connections between packets',
  EKS403: 'a full table of connections: its size is that of the machine',
  EKS407: "counters of a network card's driver",
}

describe('the faults', () => {
  it('are of all checks that a namespace can show', () => {
    const tried = new Set(FAULTS.map(({code}) => code))
    expect(CHECKS.filter(({code}) => !tried.has(code)).map(({code}) => code)).toEqual(Object.keys(ELSEWHERE))
  })
})

describeKernel('a node that is broken on purpose', agent => {
  it('has no finding before', async () => {
    expect(await auditHealthy(agent())).toEqual([])
  })

  it.each(FAULTS)('$code: $what', async fault => {
    await tryFault(agent(), fault)
  })
})
