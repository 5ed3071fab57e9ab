import {eksNode} from './eksNode.js'
import {nftNode} from './nft/nftNode.js'
import {randomNode, type RandomNode} from './randomNode.js'

/** What `--kind` takes. `random…`: without sense; `eks…`: as kube-proxy and the VPC CNI write them; `nft…`: native nftables. */
export const KINDS: Readonly<Record<string, (seed: number, flowCount: number) => RandomNode>> = {
  random4: (seed, flowCount) => randomNode(4, seed, flowCount),
  random6: (seed, flowCount) => randomNode(6, seed, flowCount),
  eks4: (seed, flowCount) => eksNode(4, seed, flowCount),
  eks6: (seed, flowCount) => eksNode(6, seed, flowCount),
  nft4: (seed, flowCount) => nftNode(4, seed, flowCount),
  nft6: (seed, flowCount) => nftNode(6, seed, flowCount),
}
