import {appendFileSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {audit} from '../../../src/audit/index.js'
import {applyEdits, EditError} from '../../../src/edit/index.js'
import {identify} from '../../../src/eks/index.js'
import type {JsonFate, JsonFinding, JsonFlow} from '../../../src/model/index.js'
import {loadNode} from '../../../src/node/index.js'
import {ipamdEnis} from '../../support/ipamdEnis.js'
import type {AgentProcess} from '../lab/agentProcess.js'
import {captureNode} from '../lab/captureNode.js'
import {Lab} from '../lab/lab.js'
import {measureFlow} from '../lab/measureFlow.js'
import type {KernelFlow, NodeSpec} from '../lab/nodeSpec.js'
import type {MeasuredOutcome} from '../lab/outcome.js'
import type {KernelFault, OffNode} from './fault.js'
import {ENIS, HEALTHY, SETTINGS} from './healthyEks.js'

/** Builds the healthy node, breaks it, captures and audits; sends the packet that shall show the fault, repairs, sends it again, audits again. */
export async function tryFault(agent: AgentProcess, fault: KernelFault): Promise<void> {
  const spec: NodeSpec = {...HEALTHY, ...fault.node, afterwards: fault.breaks}
  const lab = await Lab.open(agent, spec, 'nft', [])
  try {
    expect(lab.built.refused).toEqual([])
    lab.connections = fault.connections ?? []
    lab.remember()
    const findings = await auditFolder(lab, lab.folder, fault)
    expect(findings.map(({code, text}) => [code, text])).toEqual([[fault.code, expect.any(String)]])
    const [finding] = findings
    if (finding === undefined) throw new Error('no finding')
    const flow = finding.flow === null ? null : kernelFlow(finding.flow)
    if (flow !== null) await expectFates(lab, flow, finding.proof?.now ?? [])
    if (typeof fault.repair === 'object') {
      await ('off' in fault.repair ? expectAdvice(lab, finding, fault.repair) : tryOnCopy(lab, finding))
      return
    }
    lab.remember()
    for (const command of finding.repair) lab.built.node.run('sh', ['-e', '-c', command])
    expect((await captureAgain(lab, spec, fault)).map(({code}) => code)).toEqual([])
    if (fault.repair === 'gone') return
    if (flow === null) throw new Error('a finding without a flow')
    lab.connections = []
    await expectFates(lab, flow, finding.proof?.repaired ?? [])
    expect(finding.proof?.repaired).not.toEqual(finding.proof?.now)
    expect(await fatesOf(lab, flow)).toEqual(await healthyFates(agent, flow, fault))
  } finally {
    rmSync(lab.folder, {recursive: true, force: true})
    await lab.close().catch(() => undefined)
  }
}

/** No command of the finding edits the node: it says what to do elsewhere. */
async function expectAdvice({folder}: Lab, {repair, remedy}: JsonFinding, {says}: OffNode): Promise<void> {
  expect([remedy, ...repair].join('\n')).toMatch(says)
  const node = await loadNode(folder)
  for (const command of repair) expect(() => applyEdits(node, [command])).toThrow(EditError)
}

async function tryOnCopy({folder}: Lab, {code, repair}: JsonFinding): Promise<void> {
  expect(repair).not.toEqual([])
  const {state} = applyEdits(await loadNode(folder), repair)
  expect(audit(identify(state)).map(finding => finding.code)).not.toContain(code)
}

/** What the tables say of the node, with what ipamd says beside them. */
async function auditFolder(lab: Lab, folder: string, fault: KernelFault): Promise<JsonFinding[]> {
  const {enis = ENIS, settings = SETTINGS, captures = {}, documents = {}} = fault
  for (const [name, command] of Object.entries(captures))
    appendFileSync(path.join(folder, name), lab.built.node.run('sh', ['-e', '-c', command]))
  for (const [name, text] of Object.entries(documents)) writeFileSync(path.join(folder, name), text)
  writeFileSync(path.join(folder, 'ipamd-enis.json'), ipamdEnis(enis))
  writeFileSync(path.join(folder, 'ipamd-networkutils-env.json'), JSON.stringify(settings))
  return audit(identify(await loadNode(folder)))
}

async function captureAgain(lab: Lab, spec: NodeSpec, fault: KernelFault): Promise<JsonFinding[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ekspath-repaired-'))
  captureNode(lab.built.node, folder, 'nft', {bothBackends: spec.legacySave !== '', nft: spec.nft !== undefined})
  const findings = await auditFolder(lab, folder, fault)
  rmSync(folder, {recursive: true})
  return findings
}

/** The same flow on a node that nobody broke. The agent looks at one node at a time. */
async function healthyFates(agent: AgentProcess, flow: KernelFlow, {node}: KernelFault): Promise<string[]> {
  await agent.ask('detach')
  const healthy = await Lab.open(agent, {...HEALTHY, ...node}, 'nft', [])
  try {
    return await fatesOf(healthy, flow)
  } finally {
    rmSync(healthy.folder, {recursive: true, force: true})
    await healthy.close()
  }
}

async function expectFates(lab: Lab, flow: KernelFlow, predicted: readonly JsonFate[]): Promise<void> {
  const known = predicted.map(({disposition, interface: device, src, reply}) =>
    words(disposition, device, src, reply && [reply.disposition, reply.interface]),
  )
  for (const seen of await fatesOf(lab, flow)) expect(known).toContain(seen)
}

/** Every fate that the kernel showed: `forwarded eth1 10.20.0.109, forwarded enia4fc3c48bd8`, the second of the answer. */
async function fatesOf(lab: Lab, flow: KernelFlow): Promise<string[]> {
  const {outcomes} = await measureFlow(lab, flow)
  return [...new Set(outcomes.map(fate))].sort()
}

function fate({dispositions, egress, packet, reply}: MeasuredOutcome): string {
  const answer = reply === null ? null : ([reply.dispositions[0] ?? '?', reply.egress] as const)
  return words(dispositions[0] ?? '?', egress, packet?.source ?? '?', answer)
}

function words(
  disposition: string,
  device: string | null,
  source: string,
  reply: readonly [string, string | null] | null,
): string {
  const by = (how: string, name: string | null): string => `${how} ${how === 'forwarded' ? (name ?? '-') : '-'}`
  return `${by(disposition, device)} ${source}${reply === null ? '' : `, ${by(...reply)}`}`
}

function kernelFlow({src, dst, proto, sport, dport, iif, icmpType, icmpCode}: JsonFlow): KernelFlow {
  return {
    src,
    dst,
    proto,
    ...(dport === null ? {} : {dport, sport: sport ?? 40_000}),
    ...(iif === null ? {} : {iif}),
    ...(icmpType === undefined ? {} : {icmpType}),
    ...(icmpCode === undefined ? {} : {icmpCode}),
  }
}

/** Findings on the node that nobody broke. */
export async function auditHealthy(agent: AgentProcess): Promise<JsonFinding[]> {
  const lab = await Lab.open(agent, HEALTHY, 'nft', [])
  try {
    return await auditFolder(lab, lab.folder, {code: '', what: '', breaks: [], repair: 'gone'})
  } finally {
    rmSync(lab.folder, {recursive: true, force: true})
    await lab.close()
  }
}
