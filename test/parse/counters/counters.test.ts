import {describe, expect, it} from '@jest/globals'
import {parseConntrackCounters, parseEthtoolCounters} from '../../../src/parse/index.js'

const words = (counters: ReturnType<typeof parseEthtoolCounters>['value']) =>
  counters.map(({owner, name, value, source}) => `${owner} ${name} ${value} :${source.line}`)

describe('parseEthtoolCounters', () => {
  it('tells the counters of each interface, exactly', () => {
    const text = `Interface eth0
NIC statistics:
     tx_timeout: 0
     linklocal_allowance_exceeded: 18446744073709551615
     queue_0_rx_bytes: 12
Interface lo
no stats available
Interface ens6
NIC statistics:
     conntrack_allowance_exceeded: 7
`
    expect(words(parseEthtoolCounters({name: 'ethtool.txt', text}).value)).toEqual([
      'eth0 tx_timeout 0 :3',
      'eth0 linklocal_allowance_exceeded 18446744073709551615 :4',
      'eth0 queue_0_rx_bytes 12 :5',
      'ens6 conntrack_allowance_exceeded 7 :10',
    ])
  })

  it('takes nothing of what stands under no interface', () => {
    expect(parseEthtoolCounters({name: 'x', text: 'NIC statistics:\n     tx: 1\n'}).value).toEqual([])
  })
})

describe('parseConntrackCounters', () => {
  it('reads the lines of processors, and passes over connections', () => {
    const text = `*** Output of conntrack -S ***
cpu=0   \tfound=0 invalid=3 insert_failed=12 drop=0
cpu=1   \tfound=0 invalid=0 insert_failed=0 drop=2
udp      17 28 src=10.0.5.77 dst=172.20.0.10 sport=50492 dport=53 mark=128 use=1
`
    const {value} = parseConntrackCounters({name: 'conntrack.txt', text})
    expect(words(value).filter(word => !/ 0 :/.test(word))).toEqual([
      'cpu=0 invalid 3 :2',
      'cpu=0 insert_failed 12 :2',
      'cpu=1 drop 2 :3',
    ])
  })
})
