import {execFileSync, spawnSync} from 'node:child_process'
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {build} from 'esbuild'
import {captureScript, collectSsh} from '../../src/capture/index.js'
import type {JsonOutcome, JsonStep, NodeState} from '../../src/model/index.js'
import {loadNode, nodeOf} from '../../src/node/index.js'
import {startSshd, SSHD} from '../capture/support/sshd.js'
import {explainWords} from '../support/explainFlow.js'
import {type BuiltNode, buildNode} from './lab/buildNode.js'
import {labObstacle} from './lab/labRequirements.js'
import {KINDS} from './random/kinds.js'

const obstacle = captureObstacle()
if (obstacle !== null && process.env['CI'] === 'true') throw new Error(obstacle)
const given = obstacle === null ? describe : describe.skip

/** Why a node cannot be captured in all ways here; null where it can. */
function captureObstacle(): string | null {
  const missing = ['busybox', 'dash', 'sos', 'unshare'].filter(
    tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0,
  )
  if (SSHD === null) missing.push('sshd')
  return labObstacle() ?? (missing.length > 0 ? `they need ${missing.join(', ')}` : null)
}

/** One node, captured in every way there is: the answers must not tell which. */
given(`a node that is captured in different ways${obstacle === null ? '' : `: ${obstacle}`}`, () => {
  // a node without ipsets: sos collects none
  const {spec, flows} = KINDS['eks4']?.(3, 25) ?? {}
  if (spec === undefined || flows === undefined) throw new Error('no kind eks4')
  let built: BuiltNode
  let folder: string
  let local: NodeState

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'ekspath-captures-'))
    built = buildNode(spec, 'nft')
    built.node.ip(['link set lo up'])
    local = await captureLocally(folder, built.node.name)
  })
  afterAll(() => {
    built.delete()
    rmSync(folder, {recursive: true, force: true})
  })

  it('is captured whole by ekspath on it', () => {
    expect(local.routing[4].rules?.length).toBe(3 + spec.rules.length)
    const [nft] = local.iptables.filter(({family, backend}) => family === 4 && backend === 'iptables-nft')
    expect(nft?.complete).toBe(true)
    expect([...(nft?.tables.keys() ?? [])]).toContain('nat')
    const codes = new Set(
      flows.flatMap(flow => explainWords(local, {...flow}).explanation.outcomes.map(o => o.disposition)),
    )
    expect([...codes]).toContain('forwarded')
    expect(local.missing.map(({code}) => code)).toEqual(['IPAMD']) // no aws-node runs here
  })

  const expectSame = (node: NodeState): void => {
    for (const flow of flows) {
      const answer = (of: NodeState): unknown => explainWords(of, {...flow}).explanation.outcomes.map(comparable)
      expect({flow, answer: answer(node)}).toEqual({flow, answer: answer(local)})
    }
  }

  it('explains the same over SSH', async () => {
    const sshd = await startSshd(built.node.name)
    try {
      expectSame(nodeOf(await collectSsh('node', {configFile: sshd.config})))
    } finally {
      sshd.stop()
    }
  })

  it.each([['dash'], ['busybox', 'ash']])(
    'explains the same from the script in %s %s',
    async (...shell: readonly string[]) => {
      const file = path.join(folder, `${shell[0]}.txt`)
      writeFileSync(file, built.node.run(shell[0] ?? '', [...shell.slice(1), '-s'], captureScript()))
      expectSame(await loadNode(file))
    },
  )

  it('explains the same from a sos report', async () => {
    const archive = sosReport(path.join(folder, 'sos'), built.node.name)
    expectSame(await loadNode(archive))
  })
})

/** Everything but where it was read: collectors number their lines differently, and -s adds to the lines of neighbours. */
function comparable({steps, reply, ...rest}: JsonOutcome): unknown {
  return {...rest, steps: steps?.map(comparableStep), reply: reply == null ? reply : comparable(reply)}
}

function comparableStep({source: _source, text, kind, ...rest}: JsonStep): unknown {
  return {...rest, kind, text: kind === 'neighbour' ? '' : text.trim()}
}

/** Runs collectLocal in a process of its own, inside of the namespace. */
async function captureLocally(folder: string, namespace: string): Promise<NodeState> {
  const program = path.resolve(`node_modules/.cache/capture-${process.pid}.mjs`)
  const file = path.join(folder, 'local.tar.gz')
  await build({
    stdin: {
      contents: `import {collectLocal, writeCapture} from './src/capture/index.js'; await writeCapture(await collectLocal(), process.argv[2], '0')`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile: program,
  })
  try {
    execFileSync('ip', ['netns', 'exec', namespace, process.execPath, program, file])
    return await loadNode(file)
  } finally {
    rmSync(program, {force: true})
  }
}

/** `sos report` in the namespace, which it meets as a named one again; others on this machine it does not see. @returns the archive */
function sosReport(folder: string, namespace: string): string {
  const script = `set -e
    mount -t tmpfs tmpfs /run/netns
    touch /run/netns/node
    mount --bind /proc/self/ns/net /run/netns/node
    mkdir -p ${folder}
    exec sos report --batch --quiet --tmp-dir ${folder} --only-plugins networking,kernel --no-report -z gzip --allow-system-changes`
  execFileSync('ip', ['netns', 'exec', namespace, 'unshare', '--mount', 'sh', '-c', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const archive = readdirSync(folder).find(name => name.endsWith('.tar.gz'))
  return path.join(folder, archive ?? '')
}
