import {eksNode} from './eksNode.js'
import {randomNode, type RandomNode} from './randomNode.js'

/** What `--kind` takes. `random…`: without sense; `eks…`: as kube-proxy and the VPC CNI write them. */
export const KINDS: Readonly<Record<string, (seed: number, flowCount: number) => RandomNode>> = {
  random4: (seed, flowCount) => randomNode(4, seed, flowCount),
  random6: (seed, flowCount) => randomNode(6, seed, flowCount),
  eks4: (seed, flowCount) => eksNode(4, seed, flowCount),
  eks6: (seed, flowCount) => eksNode(6, seed, flowCount),
}
