import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {audit} from '../../../src/audit/index.js'
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
import type {KernelFault} from './fault.js'
import {ENIS, HEALTHY, SETTINGS} from './healthyEks.js'

/** Builds the healthy node, breaks it, captures and audits; sends the packet that shall show the fault, repairs, sends it again, audits again. */
export async function tryFault(agent: AgentProcess, fault: KernelFault): Promise<void> {
  const spec: NodeSpec = {...HEALTHY, ...fault.node, afterwards: fault.breaks}
  const lab = await Lab.open(agent, spec, 'nft', [])
  try {
    expect(lab.built.refused).toEqual([])
    const findings = await auditFolder(lab.folder, fault)
    expect(findings.map(({code, text}) => [code, text])).toEqual([[fault.code, expect.any(String)]])
    const [finding] = findings
    if (finding === undefined) throw new Error('no finding')
    const flow = finding.flow === null ? null : kernelFlow(finding.flow)
    if (flow !== null) await expectFates(lab, flow, finding.proof?.now ?? [])
    if (fault.repair === null) return
    for (const command of finding.repair) lab.built.node.run('sh', ['-e', '-c', command])
    if (fault.repair === 'arrives') {
      if (flow === null) throw new Error('a finding without a flow')
      await expectFates(lab, flow, finding.proof?.repaired ?? [])
      expect(await fatesOf(lab, flow)).toEqual(await healthyFates(agent, flow, fault))
    }
    expect((await captureAgain(lab, spec, fault)).map(({code}) => code)).toEqual([])
  } finally {
    rmSync(lab.folder, {recursive: true, force: true})
    await lab.close().catch(() => undefined)
  }
}

/** What the tables say of the node, with what ipamd says beside them. */
async function auditFolder(folder: string, {enis = ENIS, settings = SETTINGS}: KernelFault): Promise<JsonFinding[]> {
  writeFileSync(path.join(folder, 'ipamd-enis.json'), ipamdEnis(enis))
  writeFileSync(path.join(folder, 'ipamd-networkutils-env.json'), JSON.stringify(settings))
  return audit(identify(await loadNode(folder)))
}

async function captureAgain(lab: Lab, spec: NodeSpec, fault: KernelFault): Promise<JsonFinding[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ekspath-repaired-'))
  captureNode(lab.built.node, folder, 'nft', {bothBackends: spec.legacySave !== '', nft: false})
  const findings = await auditFolder(folder, fault)
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
  const known = new Set(
    predicted.map(({disposition, interface: device, src}) => `${disposition} ${device ?? '-'} ${src}`),
  )
  for (const seen of await fatesOf(lab, flow)) expect([...known]).toContain(seen)
}

/** Every fate that the kernel showed: `forwarded eth1 10.20.0.109`. */
async function fatesOf(lab: Lab, flow: KernelFlow): Promise<string[]> {
  const {outcomes} = await measureFlow(lab, flow)
  return [...new Set(outcomes.map(fate))].sort()
}

function fate({dispositions, egress, packet}: MeasuredOutcome): string {
  const [disposition] = dispositions
  return `${disposition ?? '?'} ${disposition === 'forwarded' ? (egress ?? '-') : '-'} ${packet?.source ?? '?'}`
}

function kernelFlow({src, dst, proto, dport, iif, icmpType, icmpCode}: JsonFlow): KernelFlow {
  return {
    src,
    dst,
    proto,
    ...(dport === null ? {} : {dport, sport: 40_000}),
    ...(iif === null ? {} : {iif}),
    ...(icmpType === undefined ? {} : {icmpType}),
    ...(icmpCode === undefined ? {} : {icmpCode}),
  }
}

/** Findings on the node that nobody broke. */
export async function auditHealthy(agent: AgentProcess): Promise<JsonFinding[]> {
  const lab = await Lab.open(agent, HEALTHY, 'nft', [])
  try {
    return await auditFolder(lab.folder, {code: '', what: '', breaks: [], repair: null})
  } finally {
    rmSync(lab.folder, {recursive: true, force: true})
    await lab.close()
  }
}
