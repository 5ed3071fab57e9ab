import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {JsonOutcome} from '../../../src/model/index.js'
import {loadNode} from '../../../src/node/index.js'
import {explainWords} from '../../support/explainFlow.js'

const FIXTURE = path.join(import.meta.dirname, '../../../fixtures/vpc-cni-1.23')
/** Behind the second ENI. */
const POD = '10.0.5.77'

function marks({steps = []}: JsonOutcome): string[] {
  return steps
    .filter(({target}) => target === 'MARK' || target === 'CONNMARK')
    .map(
      ({table, chain, rule, effect, source}) =>
        `${table}/${chain} ${rule}: ${effect} (${source?.document}:${source?.line})`,
    )
}

describe('VPC CNI 1.23 on nf_tables', () => {
  it('saves the mark of a node port’s client in mangle and restores it for the reply, which leaves by the primary ENI', async () => {
    const node = await loadNode(FIXTURE)
    const flow = {src: '198.51.100.9', dst: '10.0.1.10', proto: 'tcp', sport: 40000, dport: 31080, iif: 'ens5'}
    const outcome = explainWords(node, flow).explanation.outcomes.find(({packet}) => packet.dst === POD)
    expect(outcome).toMatchObject({disposition: 'forwarded', egress: {interface: 'enib055e57f00d'}})
    expect(marks(outcome as JsonOutcome)[0]).toBe(
      'mangle/PREROUTING 1: connection mark is now 0x80 (iptables-save.txt:10)',
    )
    expect(outcome?.reply).toMatchObject({disposition: 'forwarded', egress: {interface: 'ens5'}})
    expect(marks(outcome?.reply as JsonOutcome)).toEqual([
      'mangle/PREROUTING 2: mark 0x0 → 0x80, from the connection mark (iptables-save.txt:11)',
    ])
  })

  it('never marks what kube-proxy translates: its binding ends the nat chains', async () => {
    const node = await loadNode(FIXTURE)
    const flow = {src: POD, dst: '172.20.118.7', proto: 'tcp', sport: 40000, dport: 80}
    const {outcomes} = explainWords(node, flow).explanation
    expect(outcomes).toHaveLength(3)
    for (const {steps = []} of outcomes) {
      expect(steps.filter(({backend}) => backend === 'nft')).toMatchObject([
        {kind: 'nat', chain: 'nat-prerouting', rule: null, target: 'not asked'},
      ])
    }
    const away = outcomes.find(({packet}) => packet.dst === '10.0.40.23')
    expect(away).toMatchObject({egress: {interface: 'ens6'}, packet: {src: POD, mark: 0}})
  })

  it('marks what leaves the VPC in table ip aws-cni, and routes it by the primary ENI', async () => {
    const node = await loadNode(FIXTURE)
    const flow = {src: POD, dst: '203.0.113.1', proto: 'tcp', sport: 40000, dport: 443}
    const [outcome] = explainWords(node, flow).explanation.outcomes
    expect(outcome).toMatchObject({disposition: 'forwarded', egress: {interface: 'ens5'}, packet: {src: '10.0.1.10'}})
    expect(marks(outcome as JsonOutcome).slice(1)).toEqual([
      'aws-cni/snat-mark 3: connection mark is now 0x80 (nft-ruleset.txt:329)',
      'aws-cni/nat-prerouting 3: mark 0x0 → 0x80 (nft-ruleset.txt:336)',
    ])
  })
})

/** The restore of 1.23.0, which later versions do only where the connection has the mark. */
const LATER = 'ct mark & 0x00000080 == 0x00000080 meta mark set ct mark & 0x00000080'
const FIRST = 'meta mark set ct mark & 0x00000080'

describe('the restore of table ip aws-cni', () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'ekspath-aws-cni-'))
  const listing = path.join(copy, 'nft-ruleset.txt')
  const later = readFileSync(path.join(FIXTURE, 'nft-ruleset.txt'), 'utf8')
  afterAll(() => rmSync(copy, {recursive: true}))
  beforeAll(() => {
    cpSync(FIXTURE, copy, {recursive: true})
    expect(later).toContain(LATER)
    writeFileSync(listing, later.replace(LATER, FIRST))
  })

  // 0x10: somebody else's mark on a packet that stays in the VPC, whose connection has none
  const inside = {src: POD, dst: '10.0.40.23', proto: 'tcp', sport: 40000, dport: 8080, mark: 0x10}
  const outside = {...inside, dst: '203.0.113.1'}

  it.each([
    ['1.23.0', copy, inside, 'mark 0x10 → 0x0', 0],
    ['1.23.0', copy, outside, 'mark 0x10 → 0x80', 0x80],
    ['1.23.1', FIXTURE, inside, null, 0x10],
    ['1.23.1', FIXTURE, outside, 'mark 0x10 → 0x80', 0x80],
  ])('of %s clears all other bits of the mark that it sets (%#)', async (_, folder, flow, effect, mark) => {
    const [outcome] = explainWords(await loadNode(folder), flow).explanation.outcomes
    const rule = outcome?.steps?.find(({chain, target}) => chain === 'nat-prerouting' && target === 'MARK')
    expect(outcome?.packet.mark).toBe(mark)
    expect(rule?.effect ?? null).toBe(effect)
  })
})
