import {tryNode} from '../compare/tryNode.js'
import {describeKernel} from '../lab/describeKernel.js'
import {NATIVE} from './scenarios.js'

describeKernel('native nftables', agent => {
  it.each(NATIVE)('$name: $fact', async ({name, fact, node, cases: trials}) => {
    await tryNode(agent(), {name, fact, node, backend: 'nft', trials, handMade: true})
  })
})
