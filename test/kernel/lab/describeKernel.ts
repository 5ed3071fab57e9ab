import {AgentProcess} from './agentProcess.js'
import {labObstacle} from './labRequirements.js'

/**
 * A `describe` whose tests have an agent. Where the lab cannot be built they are skipped and the title says why; with CI=true they fail.
 * @param body gets the agent by a function, which only tests may call
 */
export function describeKernel(name: string, body: (agent: () => AgentProcess) => void): void {
  const obstacle = labObstacle()
  if (obstacle !== null) {
    const title = `${name} (not run: ${obstacle})`
    if (process.env['CI'] !== 'true') {
      describe.skip(title, () => body(unavailable))
      return
    }
    it(title, () => {
      throw new Error(obstacle)
    })
    return
  }
  describe(name, () => {
    let agent: AgentProcess | null = null
    beforeAll(() => {
      // one processor each for test files that run side by side
      agent = new AgentProcess(Number(process.env['JEST_WORKER_ID'] ?? 1) - 1)
    })
    afterAll(async () => {
      await agent?.end()
    })
    body(() => agent ?? unavailable())
  })
}

function unavailable(): never {
  throw new Error('no agent')
}
